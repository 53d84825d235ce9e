"""Data written to the end user's account: item by item, for the one user that is named, with their permission."""

from typing import Any

import httpx
import pytest

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving
from tests.providers.test_sandbox_writing import ACTIVITY, BODY, NUTRITION, PLAN
from tests.web.callers import NOBODY, Caller, Callers, refused

ITEMS = {"activity": ACTIVITY, "body": BODY, "nutrition": NUTRITION, "plannedWorkout": PLAN}
REMOVABLE = ("body", "nutrition", "plannedWorkout")
SCOPES = ["daily", "activity", "body", "nutrition", "planned_workout", "write"]
EVERY = pytest.mark.parametrize("kind", ITEMS)
DAY = "2026-11-21"
NO_TIME: dict[str, Any] = {"metadata": {"start_time": "noon", "end_time": "later"}}


async def _add(company: Company | Caller, kind: str, items: Any, **params: str) -> httpx.Response:
    return await company.http.post(f"/v2/{kind}", params=params, json={"data": items})


async def _remove(company: Company | Caller, kind: str, user_id: str, **body: Any) -> httpx.Response:
    return await company.http.request("DELETE", f"/v2/{kind}", params={"user_id": user_id}, json=body)


async def _read(company: Company, kind: str, user_id: str) -> Any:
    days = {"user_id": user_id, "start_date": DAY, "end_date": DAY, "to_webhook": "false"}
    answer = await company.http.get(f"/v2/{kind}", params=days)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def _connected(gateway: Gateway, scopes: list[str] = SCOPES) -> tuple[Company, str]:
    company = await gateway.company("Company A")
    return company, await gateway.connected(company, "ann", "a-ann", scopes=scopes)


@EVERY
async def test_what_is_written_can_be_read_and_its_ids_come_in_order(gateway: Gateway, kind: str) -> None:
    company, user_id = await _connected(gateway)
    before = await _read(company, kind, user_id)
    answer = await _add(company, kind, [ITEMS[kind], ITEMS[kind]], user_id=user_id)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert set(body) == {"status", "message", "user", "log_ids", "processed_data"}
    assert (body["status"], body["user"]["user_id"]) == ("success", user_id)
    assert len(set(body["log_ids"])) == 2
    assert body["processed_data"] == [{"id": one, "response_code": 201} for one in body["log_ids"]]
    assert await _read(company, kind, user_id) != before


@EVERY
async def test_the_user_may_be_named_in_three_places(gateway: Gateway, kind: str) -> None:
    company, user_id = await _connected(gateway)
    item, path = ITEMS[kind], f"/v2/{kind}"
    named = {**item, "user_id": user_id}
    for params, body in (
        ({"user_id": user_id}, {"data": [item]}),
        ({"user_id": user_id.upper()}, {"data": [item]}),
        ({}, {"user_id": user_id, "data": [item]}),
        ({}, {"data": [named, named]}),
        ({}, {"data": [named, item]}),
        ({"user_id": user_id}, {"user_id": user_id, "data": [named]}),
        ({"user_id": ""}, {"user_id": None, "data": [named]}),
    ):
        answer = await company.http.post(path, params=params, json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["user"]["user_id"] == user_id


@EVERY
async def test_nobody_or_several_named_is_refused_before_anything_is_written(
    a: Caller, callers: Callers, kind: str
) -> None:
    user_id = await callers.connected(a, "acc-ann", scopes=SCOPES)
    for params, body in (
        ({}, {"data": [{}]}),
        ({"user_id": ""}, {"user_id": "", "data": [{"user_id": ""}]}),
        ({"user_id": user_id}, {"data": [{"user_id": NOBODY}]}),
        ({"user_id": user_id}, {"user_id": NOBODY, "data": [{}]}),
        ({}, {"data": [{"user_id": user_id}, {"user_id": NOBODY}]}),
        ({}, {"data": [{"user_id": [user_id]}]}),
    ):
        answer = await a.http.post(f"/v2/{kind}", params=params, json=body)
        refused(answer, 400, "invalid user_id: the user_id of one connection")


@EVERY
async def test_one_bad_item_costs_only_itself(gateway: Gateway, kind: str) -> None:
    company, user_id = await _connected(gateway)
    good = ITEMS[kind]
    answer = await _add(company, kind, [good, NO_TIME, {}, good], user_id=user_id)
    assert answer.status_code == 207
    body = answer.json()
    assert body["status"] == "warning"
    assert [one is None for one in body["log_ids"]] == [False, True, True, False]
    assert [one["id"] for one in body["processed_data"]] == body["log_ids"]
    assert [one["response_code"] for one in body["processed_data"]] == [201, 422, 422, 201]
    assert ["message" in one for one in body["processed_data"]] == [False, True, True, False]
    nothing = await _add(company, kind, [{}], user_id=user_id)
    assert (nothing.status_code, nothing.json()["log_ids"]) == (207, [None])


@pytest.mark.parametrize("kind", REMOVABLE)
@pytest.mark.parametrize("name", ["log_ids", "data"])
async def test_what_was_written_is_removed_once(gateway: Gateway, kind: str, name: str) -> None:
    company, user_id = await _connected(gateway)
    before = await _read(company, kind, user_id)
    (log_id,) = (await _add(company, kind, [ITEMS[kind]], user_id=user_id)).json()["log_ids"]
    answer = await _remove(company, kind, user_id, **{name: [log_id]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"status", "user", "processed_data"}
    assert (body["status"], body["user"]["user_id"]) == ("success", user_id)
    assert body["processed_data"] == [{"id": log_id, "response_code": 200}]
    assert await _read(company, kind, user_id) == before
    again = await _remove(company, kind, user_id, **{name: [log_id, "nonsense\x00", log_id]})
    assert again.status_code == 207
    found = again.json()["processed_data"]
    assert [(one["id"], one["response_code"]) for one in found] == [
        (log_id, 404),
        ("nonsense\x00", 404),
        (log_id, 404),
    ]


async def test_an_activity_is_not_removed(gateway: Gateway) -> None:
    company, user_id = await _connected(gateway)
    answer = await _remove(company, "activity", user_id, log_ids=["wrk_1"])
    assert refused(answer, 405)
    assert answer.headers["allow"] == "GET, POST"


@EVERY
async def test_nothing_is_written_without_the_end_users_permission(gateway: Gateway, kind: str) -> None:
    company, user_id = await _connected(gateway, [scope for scope in SCOPES if scope != "write"])
    refused(await _add(company, kind, [ITEMS[kind]], user_id=user_id), 403, "no permissions")
    if kind in REMOVABLE:
        refused(await _remove(company, kind, user_id, log_ids=["msr_1"]), 403, "no permissions")
    other = await gateway.company("Company B")
    await gateway.connected(other, "ann", scopes=SCOPES)
    refused(await _add(company, kind, [ITEMS[kind]], user_id=user_id), 403, "no permissions")


@EVERY
async def test_an_unknown_user_is_not_found_and_a_revoked_one_has_to_connect_again(
    gateway: Gateway, kind: str
) -> None:
    company, user_id = await _connected(gateway)
    for nobody in (NOBODY, "nobody", "a\x00b"):
        refused(await _add(company, kind, [ITEMS[kind]], user_id=nobody), 404, "user not found")
    await gateway.control("revoke", account="ann")
    refused(await _add(company, kind, [ITEMS[kind]], user_id=user_id), 403, "authorisation has expired")
    refused(await _add(company, kind, [ITEMS[kind]], user_id=user_id), 403, "authorisation has expired")


@pytest.mark.parametrize(("status", "code"), [(429, 429), (500, 503), (503, 503), (422, 422), (404, 404)])
async def test_a_vendor_that_fails_once_fails_one_item(gateway: Gateway, status: int, code: int) -> None:
    company, user_id = await _connected(gateway)
    await gateway.control("fail", endpoint="write", status=status, times=1)
    answer = await _add(company, "activity", [ACTIVITY, ACTIVITY], user_id=user_id)
    assert answer.status_code == 207, answer.text
    codes = [one["response_code"] for one in answer.json()["processed_data"]]
    assert codes == [code, 201]


@pytest.mark.parametrize("status", [403, 412])
async def test_a_vendor_that_refuses_us_is_told_apart_from_a_bad_item(gateway: Gateway, status: int) -> None:
    company, user_id = await _connected(gateway)
    async with receiving() as at_company:
        await gateway.destination(company, at_company.url)
        await gateway.control("fail", endpoint="write", status=status, times=1)
        refused(await _add(company, "activity", [ACTIVITY, ACTIVITY], user_id=user_id), 502, "SANDBOX")
        await at_company.wait_for("connection_error")
    assert (await _add(company, "activity", [ACTIVITY], user_id=user_id)).status_code == 201


async def test_an_access_token_that_is_refused_is_renewed_unseen(gateway: Gateway) -> None:
    company, user_id = await _connected(gateway)
    await gateway.control("fail", endpoint="write", status=401, times=1, error="invalid_token")
    answer = await _add(company, "body", [BODY], user_id=user_id)
    assert answer.status_code == 201, answer.text
    assert (await gateway.counters())["calls"]["token.refresh_token"] == 1
