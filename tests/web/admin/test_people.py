"""Operators and invitations, the gateway's and each developer's own, as operators' programs see them."""

from typing import Any

import httpx
import pytest

from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.developers import audit
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.operators import create_operator, operators_at
from wearable_gateway.developers.roles import Role

OURS = "/admin/v1"


def of(caller: Caller) -> str:
    return f"/admin/v1/developers/{caller.dev_id}"


async def test_an_operator_is_made_changed_listed_and_removed(
    admin: httpx.AsyncClient, a: Caller, callers: Callers, issued: tuple[AdminToken, str]
) -> None:
    for base, dev_id in ((of(a), a.dev_id), (OURS, None)):
        answer = await admin.post(f"{base}/operators", json={"email": "Bob@Example.org", "role": "member"})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert set(made) == {"operator_id", "email", "role", "sign_in_link"}
        assert made["sign_in_link"].startswith("http://gateway.test/dashboard/link/")
        async with callers.http() as browser:
            assert (await browser.get(made["sign_in_link"])).status_code == 200
        path = f"{base}/operators/{made['operator_id']}"
        changed = await admin.patch(path, json={"role": "read_only"})
        assert changed.json() == {
            "operator_id": made["operator_id"],
            "email": "bob@example.org",
            "role": "read_only",
        }
        (listed,) = (await admin.get(f"{base}/operators")).json()["operators"]
        assert set(listed) == {"operator_id", "email", "role", "created_at", "last_seen_at"}
        assert (listed["role"], listed["last_seen_at"]) == ("read_only", None)
        rehearsed = await admin.delete(path, params={"dry_run": "true"})
        assert (rehearsed.status_code, rehearsed.headers["dry-run"]) == (204, "true")
        assert (await admin.delete(path)).status_code == 204
        refused(await admin.delete(path), 404, "operator not found")
        entries = await audit.history(
            callers.db.autocommit, dev_id or audit.GATEWAY, "operator:bob@example.org"
        )
        assert [entry.action for entry in entries] == [
            "operator.removed", "operator.role_changed", "operator.created",
        ]  # fmt: skip
        assert {entry.actor for entry in entries} == {f"admin-token:{issued[0].id}"}


async def test_an_invitation_is_made_listed_replaced_and_withdrawn(
    admin: httpx.AsyncClient, a: Caller, callers: Callers
) -> None:
    for base, joins in ((of(a), "Join Company A"), (OURS, "Join this gateway")):
        body = {"email": "bob@example.org", "role": "owner"}
        first = (await admin.post(f"{base}/invitations", json=body)).json()
        assert set(first) == {"invitation_id", "email", "role", "created_at", "expires_at", "invitation_link"}
        second = (await admin.post(f"{base}/invitations", json=body)).json()
        assert second["invitation_id"] == first["invitation_id"]
        async with callers.http() as browser:
            assert (await browser.get(first["invitation_link"])).status_code == 403
            assert joins in (await browser.get(second["invitation_link"])).text
        (listed,) = (await admin.get(f"{base}/invitations")).json()["invitations"]
        assert listed == {name: value for name, value in second.items() if name != "invitation_link"}
        assert (await admin.delete(f"{base}/invitations/{first['invitation_id']}")).status_code == 204
        refused(
            await admin.delete(f"{base}/invitations/{first['invitation_id']}"), 404, "invitation not found"
        )
        assert (await admin.get(f"{base}/invitations")).json() == {"invitations": []}


async def test_one_developers_people_are_not_anothers_nor_the_gateways(
    admin: httpx.AsyncClient, a: Caller, b: Caller, callers: Callers
) -> None:
    bob = await create_operator(callers.db.autocommit, "bob@example.org", None, a.dev_id, Role.MEMBER)
    invited = (await admin.post(f"{of(a)}/invitations", json={"email": "x@y.z", "role": "owner"})).json()
    for base in (of(b), OURS):
        assert (await admin.get(f"{base}/operators")).json() == {"operators": [], "next": None}
        refused(await admin.patch(f"{base}/operators/{bob.id}", json={"role": "owner"}), 404)
        refused(await admin.delete(f"{base}/operators/{bob.id}"), 404)
        refused(await admin.delete(f"{base}/invitations/{invited['invitation_id']}"), 404)
        # Elsewhere the same address is nobody's, and the answer tells nothing.
        answer = await admin.post(f"{base}/operators", json={"email": "bob@example.org", "role": "member"})
        assert answer.status_code == 201
    assert await operators_at(callers.db.autocommit, a.dev_id) == [bob]


async def test_the_last_owner_stays(admin: httpx.AsyncClient, a: Caller) -> None:
    for base in (of(a), OURS):
        made = (await admin.post(f"{base}/operators", json={"email": "a@b.c", "role": "owner"})).json()
        path = f"{base}/operators/{made['operator_id']}"
        refused(await admin.delete(path), 403, "last owner")
        refused(await admin.patch(path, json={"role": "member"}), 403, "last owner")
    # Now the gateway has an owner, who helps developers.
    (owner,) = (await admin.get(f"{of(a)}/operators")).json()["operators"]
    assert (await admin.delete(f"{of(a)}/operators/{owner['operator_id']}")).status_code == 204


async def test_operators_are_listed_page_by_page(admin: httpx.AsyncClient, a: Caller) -> None:
    for name in ("c", "a", "b"):
        await admin.post(f"{of(a)}/operators", json={"email": f"{name}@example.org", "role": "member"})
    first = (await admin.get(f"{of(a)}/operators", params={"limit": 2})).json()
    assert [one["email"][0] for one in first["operators"]] == ["a", "b"]
    last = (await admin.get(f"{of(a)}/operators", params={"after": first["next"]})).json()
    assert [one["email"][0] for one in last["operators"]] == ["c"]
    assert last["next"] is None


@pytest.mark.parametrize("what", ["operators", "invitations"])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "invalid email"),
        ({"email": "bob@example.org"}, "invalid role"),
        ({"email": "bob", "role": "owner"}, "invalid email"),
        ({"email": "bob@example.org", "role": "king"}, "invalid role"),
        ({"email": "bob@example.org", "role": "owner", "dev_id": "b"}, "dev_id"),
        ({"email": "here@example.org", "role": "owner"}, "is an operator already"),
    ],
)
async def test_what_cannot_be_made_is_refused_by_name(  # noqa: PLR0917 - fixtures and a row of the table
    admin: httpx.AsyncClient, a: Caller, callers: Callers, what: str, body: dict[str, Any], says: str
) -> None:
    await create_operator(callers.db.autocommit, "here@example.org", None, a.dev_id)
    refused(await admin.post(f"{of(a)}/{what}", json=body), 400, says)


async def test_only_admins_and_only_developers_there_are(admin: httpx.AsyncClient, a: Caller) -> None:
    for method, path in (
        ("GET", "operators"), ("POST", "operators"), ("PATCH", f"operators/{NOBODY}"),
        ("DELETE", f"operators/{NOBODY}"), ("GET", "invitations"), ("POST", "invitations"),
        ("DELETE", f"invitations/{NOBODY}"),
    ):  # fmt: skip
        body = {"email": "a@b.c", "role": "owner"} if method == "POST" else {"role": "owner"}
        for base in (OURS, of(a)):
            refused(await a.http.request(method, f"{base}/{path}", json=body), 401)
        refused(
            await admin.request(method, f"/admin/v1/developers/nobody/{path}", json=body),
            404,
            "developer not found",
        )
