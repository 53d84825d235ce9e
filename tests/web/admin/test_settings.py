"""Settings as operators' programs read and change them."""

from typing import Any

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.developers import audit
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.settings_repository import NAMES

PATH = "/admin/v1/developers/company-a/settings"


def _by_name(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"dev_id", "settings"}
    return {setting["name"]: setting for setting in body["settings"]}


async def test_every_setting_says_what_it_is(a: Caller, admin: httpx.AsyncClient) -> None:
    del a
    found = _by_name(await admin.get(PATH))
    assert tuple(found) == NAMES
    assert found["history_days"] == {
        "name": "history_days",
        "value": 90,
        "default": 90,
        "description": found["history_days"]["description"],
        "is_chosen": False,
    }
    assert all(setting["description"] for setting in found.values())


async def test_settings_are_chosen_and_reset(
    a: Caller, admin: httpx.AsyncClient, callers: Callers, issued: tuple[AdminToken, str]
) -> None:
    changed = _by_name(await admin.patch(PATH, json={"set": {"history_days": None, "user_limit": 5}}))
    assert (changed["history_days"]["value"], changed["history_days"]["is_chosen"]) == (None, True)
    changed = _by_name(await admin.patch(PATH, json={"set": {"user_limit": 6}, "reset": ["history_days"]}))
    assert (changed["history_days"]["value"], changed["history_days"]["is_chosen"]) == (90, False)
    assert changed["user_limit"]["value"] == 6
    assert _by_name(await admin.get(PATH)) == changed
    latest, _ = await audit.history(callers.db.autocommit, a.dev_id, f"developer:{a.dev_id}")
    assert latest.actor == f"admin-token:{issued[0].id}"
    assert (latest.before, latest.after) == ({"history_days": None, "user_limit": 5}, {"user_limit": 6})


async def test_an_empty_change_changes_nothing(a: Caller, admin: httpx.AsyncClient, callers: Callers) -> None:
    before = _by_name(await admin.get(PATH))
    assert _by_name(await admin.patch(PATH, json={})) == before
    assert await audit.history(callers.db.autocommit, a.dev_id, f"developer:{a.dev_id}") == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"set": {"colour": 1}}', "one of duplicate_policy"),
        (b'{"reset": ["colour"]}', "one of duplicate_policy"),
        (b'{"set": {"history_days": "long"}}', "invalid history_days"),
        (b'{"set": {"history_days": NaN}}', "invalid history_days"),
        (b'{"set": {"providers": ["COFFEE"]}}', "invalid providers"),
        (b'{"set": {"redirect_urls": ["\\ud800"]}}', "invalid redirect_urls"),
        (b'{"set": {"redirect_urls": ["https://a@b"]}}', "invalid redirect_urls"),
        (b'{"set": {"history_days": 1}, "reset": ["history_days"]}', "not both"),
        (b'{"set": [], "reset": []}', "invalid set"),
        (b'{"reset": "history_days"}', "invalid reset"),
        (b'{"settings": {"history_days": 1}}', "invalid settings"),
        (b"[]", "invalid body"),
        (b"{", "not JSON"),
        (b"", "invalid body"),
    ],
)
async def test_one_bad_setting_changes_none(
    a: Caller, admin: httpx.AsyncClient, body: bytes, says: str
) -> None:
    del a
    before = _by_name(await admin.get(PATH))
    answer = await admin.patch(PATH, content=body, headers={"content-type": "application/json"})
    refused(answer, 400, says)
    assert _by_name(await admin.get(PATH)) == before


async def test_one_developers_settings_are_not_anothers(
    a: Caller, b: Caller, admin: httpx.AsyncClient
) -> None:
    del a
    await admin.patch(PATH, json={"set": {"history_days": 1}})
    other = _by_name(await admin.get(f"/admin/v1/developers/{b.dev_id}/settings"))
    assert other["history_days"]["value"] == 90
