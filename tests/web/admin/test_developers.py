"""Developers as operators' programs see and make them."""

from typing import Any

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.admin_tokens import AdminToken

PATH = "/admin/v1/developers"


async def test_a_developer_is_made_with_a_key_that_works(
    admin: httpx.AsyncClient, callers: Callers, issued: tuple[AdminToken, str]
) -> None:
    wanted = {"name": "Acme", "dev_id": "acme-testing", "environment": "testing", "account": "acme"}
    answer = await admin.post(PATH, json=wanted)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert set(made) == {*wanted, "key_id", "api_key"}
    assert {name: made[name] for name in wanted} == wanted
    async with callers.http(**{"dev-id": "acme-testing", "x-api-key": made["api_key"]}) as http:
        assert (await http.get("/v2/subscriptions")).status_code == 200
    assert (await admin.get(f"{PATH}/acme-testing")).json() == wanted
    (entry,) = await audit.history(callers.db.autocommit, "acme-testing", "developer:acme-testing")
    assert (entry.actor, entry.action) == (f"admin-token:{issued[0].id}", "developer.created")
    assert made["api_key"] not in str(entry)


async def test_a_name_is_enough(admin: httpx.AsyncClient) -> None:
    made = (await admin.post(PATH, json={"name": "Someone"})).json()
    assert made["account"] == made["dev_id"]
    assert made["environment"] == "production"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "invalid name"),
        ({"name": " "}, "invalid name"),
        ({"name": "x" * 201}, "invalid name"),
        ({"name": "A", "dev_id": "no spaces"}, "invalid dev-id"),
        ({"name": "A", "dev_id": "company-a"}, "company-a exists already"),
        ({"name": "A", "account": "company-a"}, "the production of account company-a is company-a"),
        ({"name": "A", "account": "no spaces"}, "invalid account"),
        ({"name": "A", "environment": "moon"}, "'testing', 'staging' or 'production'"),
        ({"name": "A", "colour": "blue"}, "colour"),
        ([], "invalid body"),
    ],
)
async def test_what_cannot_be_made_is_refused_by_name(
    a: Caller, admin: httpx.AsyncClient, callers: Callers, body: Any, says: str
) -> None:
    refused(await admin.post(PATH, json=body), 400, says)
    assert [one.dev_id for one in await keys.list_developers(callers.db.autocommit)] == [a.dev_id]


async def test_developers_are_listed_page_by_page(
    a: Caller, b: Caller, admin: httpx.AsyncClient, callers: Callers
) -> None:
    await callers.company("Company C")
    first = (await admin.get(PATH, params={"limit": 2})).json()
    assert [one["dev_id"] for one in first["developers"]] == [a.dev_id, b.dev_id]
    assert set(first["developers"][0]) == {"dev_id", "name", "account", "environment", "created_at"}
    last = (await admin.get(PATH, params={"limit": 2, "after": first["next"]})).json()
    assert [one["dev_id"] for one in last["developers"]] == ["company-c"]
    assert last["next"] is None
    assert len((await admin.get(PATH)).json()["developers"]) == 3
    for limit in (0, 501, "x"):
        refused(await admin.get(PATH, params={"limit": limit}), 400, "limit")


async def test_a_developer_is_renamed_and_nothing_else(
    a: Caller, admin: httpx.AsyncClient, callers: Callers
) -> None:
    before = (await admin.get(f"{PATH}/{a.dev_id}")).json()
    answer = await admin.patch(f"{PATH}/{a.dev_id}", json={"name": "Acme Health"})
    assert answer.json() == {**before, "name": "Acme Health"}
    (entry,) = await audit.history(callers.db.autocommit, a.dev_id, f"developer:{a.dev_id}")
    assert (entry.action, entry.before, entry.after) == (
        "developer.renamed", {"name": "Company A"}, {"name": "Acme Health"},
    )  # fmt: skip
    for body, says in (
        ({"name": " "}, "invalid name"),
        ({"name": "A", "dev_id": "b"}, "dev_id"),
        ({}, "name"),
    ):
        refused(await admin.patch(f"{PATH}/{a.dev_id}", json=body), 400, says)
    refused(await admin.patch(f"{PATH}/nobody", json={"name": "A"}), 404, "developer not found")


@pytest.mark.parametrize("dev_id", ["nobody", "a%00b", "%F0%9F%98%80", "a b"])
async def test_a_developer_nobody_made_is_not_found(admin: httpx.AsyncClient, dev_id: str) -> None:
    refused(await admin.get(f"{PATH}/{dev_id}"), 404, "developer not found")
    refused(await admin.get(f"{PATH}/{dev_id}/settings"), 404, "developer not found")
    refused(await admin.patch(f"{PATH}/{dev_id}/settings", json={}), 404, "developer not found")
