"""What an admin token may do, and whom it reaches."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.contract.openapi.operations import OPERATIONS, PATHS
from tests.web.callers import Caller, Callers, refused
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.audit import GATEWAY, history
from wearable_gateway.developers.scopes import SCOPES, covers
from wearable_gateway.web.admin.scopes import needed_scope

Holder = Callable[..., Awaitable[httpx.AsyncClient]]
ADMIN = {name: PATHS[name] for name, one in OPERATIONS.items() if {"adminToken": []} in one["security"]}


@pytest.fixture
async def holder(callers: Callers) -> AsyncIterator[Holder]:
    """A client with a token of these scopes."""
    async with AsyncExitStack() as stack:

        async def make(*scopes: str, dev_id: str | None = None) -> httpx.AsyncClient:
            _, text = await issue_admin_token(
                callers.db.autocommit, callers.hasher, "tests", scopes, dev_id, actor="operator:tests"
            )
            return await stack.enter_async_context(callers.http(authorization=f"Bearer {text}"))

        yield make


def test_every_operation_needs_a_scope_that_there_is() -> None:
    assert len(ADMIN) > 20
    for name, (method, path) in ADMIN.items():
        assert needed_scope(method, path) in SCOPES, name
        assert OPERATIONS[name]["x-scope"] == needed_scope(method, path)


@pytest.mark.parametrize(
    ("held", "needed", "enough"),
    [
        (["*"], "tokens:write", True),
        (["users:write"], "users:write", True),
        (["users:write"], "users:read", True),
        (["users:read"], "users:read", True),
        (["users:read"], "users:write", False),
        (["users:read", "data:read"], "data:read", True),
        (["users:write"], "data:read", False),
        (["users:write"], "*", False),
    ],
)
def test_writing_includes_reading_and_nothing_else(held: list[str], needed: str, *, enough: bool) -> None:
    assert covers(held, needed) is enough


async def test_a_token_does_what_its_scopes_say_and_is_told_which_is_missing(
    a: Caller, holder: Holder
) -> None:
    reader = await holder("developers:read", "destinations:read")
    assert (await reader.get("/admin/v1/developers")).status_code == 200
    assert (await reader.get(f"/admin/v1/developers/{a.dev_id}/destinations")).status_code == 200
    refused(await reader.get(f"/admin/v1/developers/{a.dev_id}/settings"), 403, "settings:read")
    answer = await reader.post(
        f"/admin/v1/developers/{a.dev_id}/destinations", json={"url": "http://127.0.0.1:9/"}
    )
    refused(answer, 403, "destinations:write")
    refused(await reader.get("/admin/v1/provider-apps"), 403, "provider_apps:read")


async def test_a_token_of_one_developer_finds_nothing_elsewhere(a: Caller, b: Caller, holder: Holder) -> None:
    bound = await holder("*", dev_id=a.dev_id)
    assert (await bound.get(f"/admin/v1/developers/{a.dev_id}/settings")).status_code == 200
    for path in (
        f"developers/{b.dev_id}",
        f"developers/{b.dev_id}/settings",
        "developers/nobody/settings",
        "developers",
        "provider-apps",
        "tokens",
        f"developers/{a.dev_id.upper()}/settings",
    ):
        refused(await bound.get(f"/admin/v1/{path}"), 404, "developer not found")
    refused(await bound.post("/admin/v1/developers", json={"name": "New"}), 404)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
async def test_no_operation_is_open_to_a_token_that_lacks_its_scope(
    a: Caller, holder: Holder, method: str
) -> None:
    useless = await holder("audit:write")
    for name, (verb, pattern) in ADMIN.items():
        if verb != method or (needed_scope(verb, pattern) or "").startswith("audit:"):
            continue
        path = pattern.replace("{dev_id}", a.dev_id).replace("{", "").replace("}", "")
        answer = await useless.request(method, path, json={})
        assert answer.status_code == 403, name


async def test_a_token_makes_none_that_may_do_more(callers: Callers, a: Caller, holder: Holder) -> None:
    maker = await holder("tokens:write", "users:read")
    for scopes in (["*"], ["users:write"], ["users:read", "data:read"]):
        answer = await maker.post("/admin/v1/tokens", json={"name": "more", "scopes": scopes})
        refused(answer, 403, "it lacks")
    refused(await maker.post("/admin/v1/tokens", json={"name": "x", "scopes": ["users:eat"]}), 400, "one of")
    refused(
        await maker.post(
            "/admin/v1/tokens", json={"name": "x", "scopes": ["users:read"], "dev_id": "nobody"}
        ),
        404,
    )
    answer = await maker.post(
        "/admin/v1/tokens", json={"name": "less", "scopes": ["users:read"], "dev_id": a.dev_id}
    )
    made = answer.json()
    assert answer.status_code == 201
    assert (made["scopes"], made["dev_id"]) == (["users:read"], a.dev_id)
    entry = (await history(callers.db.autocommit, GATEWAY, f"admin-token:{made['id']}"))[0]
    assert entry.after == {"name": "less", "scopes": ["users:read"], "dev_id": a.dev_id}
    assert made["admin_token"] not in str(entry)


async def test_tokens_are_listed_in_pages_and_revoked(callers: Callers, a: Caller, holder: Holder) -> None:
    del a
    admin = await holder("*")
    made = [
        (await admin.post("/admin/v1/tokens", json={"name": f"n{number}", "scopes": ["users:read"]})).json()
        for number in range(2)
    ]
    first = (await admin.get("/admin/v1/tokens?limit=2")).json()
    rest = (await admin.get(f"/admin/v1/tokens?limit=2&after={first['next']}")).json()
    assert [token["name"] for token in first["tokens"] + rest["tokens"]] == ["tests", "n0", "n1"]
    assert rest["next"] is None
    assert "admin_token" not in str(first)
    refused(await admin.get("/admin/v1/tokens?after=nonsense"), 400, "after")

    path = f"/admin/v1/tokens/{made[0]['id']}"
    rehearsed = await admin.delete(f"{path}?dry_run=true")
    assert (rehearsed.status_code, rehearsed.headers["dry-run"]) == (204, "true")
    async with callers.http(authorization=f"Bearer {made[0]['admin_token']}") as http:
        refused(await http.get("/admin/v1/developers"), 403)
        for _ in range(2):
            assert (await admin.delete(path)).status_code == 204
        refused(await http.get("/admin/v1/developers"), 401)
    entries = await history(callers.db.autocommit, GATEWAY, f"admin-token:{made[0]['id']}")
    assert [entry.action for entry in entries] == ["admin_token.revoked", "admin_token.created"]
    refused(await admin.delete("/admin/v1/tokens/nonsense"), 404)
