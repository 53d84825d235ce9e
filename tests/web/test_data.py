"""Data asked for: the same as what is sent unasked, for the days asked for, and only what was agreed to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving
from tests.web.callers import Caller, Callers, refused

KINDS = ("daily", "activity", "sleep")
DAY = "2026-11-20"


async def _get(company: Company | Caller, kind: str, user_id: str, **params: Any) -> httpx.Response:
    wanted = {
        "user_id": user_id,
        "start_date": DAY,
        "end_date": DAY,
        "to_webhook": "false",
        "with_samples": "true",
    }
    return await company.http.get(f"/v2/{kind}", params={**wanted, **params})


async def test_data_asked_for_is_what_an_event_carried(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann", "a-ann")
        month = await _get(a, "activity", user_id, start_date="2026-10-01", end_date="2026-10-31")
        day = month.json()["data"][0]["metadata"]["start_time"][:10]
        await gateway.control("push", account="ann", date=day)
        for kind in KINDS:
            (event,) = await at_a.wait_for(kind)
            answer = await _get(a, kind, user_id, start_date=day, end_date=day)
            assert answer.status_code == 200, answer.text
            body = answer.json()
            assert set(body) == {"user", "type", "version", "data"}
            assert body["type"] == kind
            assert body["version"] == event["version"]
            assert body["data"] == event["data"] != []
            changing = {"last_webhook_update": None}
            assert {**body["user"], **changing} == {**event["user"], **changing}
        assert at_a.count() == {"auth": 1, "daily": 1, "activity": 1, "sleep": 1}


async def test_data_sent_to_destinations_carries_the_reference_of_the_answer(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann", "a-ann")
        for kind in KINDS:
            inline = (await _get(a, kind, user_id)).json()
            days = {"user_id": user_id, "start_date": DAY, "end_date": DAY, "with_samples": "true"}
            for number, params in enumerate(({**days, "to_webhook": "true"}, days), start=1):
                body = (await a.http.get(f"/v2/{kind}", params=params)).json()
                assert set(body) == {"status", "type", "reference", "trace_id", "message", "user"}
                assert (body["status"], body["type"]) == ("success", "webhook")
                assert body["reference"] == body["trace_id"]
                events = await at_a.wait_for(kind, number)
                assert events[-1]["data"] == inline["data"]
                sent = [one for one in at_a.got if one.event["type"] == kind]
                assert sent[-1].headers["terra-reference"] == body["reference"]


async def test_asking_never_swallows_an_event(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann", "a-ann")
        await gateway.control("push", account="ann", date=DAY)
        asked = (await _get(a, "daily", user_id)).json()
        (event,) = await at_a.wait_for("daily")
        assert event["data"] == asked["data"]


async def test_both_forms_of_dates_name_the_same_days(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    user_id = await gateway.connected(a, "ann")

    def seconds(day: str, clock: str) -> str:
        return str(int(datetime.fromisoformat(f"{day}T{clock}+00:00").timestamp()))

    by_day = (await _get(a, "daily", user_id, start_date="2026-11-18", end_date="2026-11-20")).json()["data"]
    starts = [one["metadata"]["start_time"][:10] for one in by_day]
    assert starts == ["2026-11-18", "2026-11-19", "2026-11-20"]
    for start, end in (
        (seconds("2026-11-18", "00:00:00"), seconds("2026-11-20", "00:00:00")),
        (seconds("2026-11-18", "23:59:59"), seconds("2026-11-20", "23:59:59")),
        ("2026-11-18", seconds("2026-11-20", "12:00:00")),
    ):
        answer = await _get(a, "daily", user_id, start_date=start, end_date=end)
        assert answer.json()["data"] == by_day
    today = datetime.now(UTC).date()
    yesterday = (today - timedelta(days=1)).isoformat()
    params = {"user_id": user_id, "start_date": yesterday, "to_webhook": "false"}
    open_end = (await a.http.get("/v2/daily", params=params)).json()["data"]
    assert [one["metadata"]["start_time"][:10] for one in open_end][:2] == [yesterday, today.isoformat()]
    longest = await _get(a, "daily", user_id, start_date="2026-10-01", end_date="2026-10-31")
    assert len(longest.json()["data"]) == 31


BAD_DATES = [
    "",
    " ",
    "yesterday",
    "2026-13-01",
    "2026-02-30",
    "2026-00-10",
    "0000-01-01",
    "0001-01-01",
    "1969-12-31",
    "2101-01-01",
    "9999-12-31",
    "9999999999",
    "2026-1-1",
    "20261101",
    "2026-W10-1",
    "01-11-2026",
    "2026/11/01",
    "2026-11-01T00:00:00",
    "2026-11-01 ",
    "2026-11-01\n",
    "\uff12026-11-01",
    "-2026-11-01",
    "123456789",
    "12345678901",
    "1763600000000",
    "1.76360000",
    "-176360000",
    "null",
    "2026-11-01\x00",
    "x" * 5000,
]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_date_that_is_none_is_refused_by_name(a: Caller, callers: Callers, kind: str) -> None:
    user_id = await callers.connected(a, "acc-ann")
    for text in BAD_DATES:
        refused(await _get(a, kind, user_id, start_date=text), 400, "invalid start_date")
        if text:
            refused(await _get(a, kind, user_id, end_date=text), 400, "invalid end_date")
    refused(await a.http.get(f"/v2/{kind}", params={"user_id": user_id}), 400, "start_date")
    refused(await a.http.get(f"/v2/{kind}", params={"start_date": DAY}), 400, "user_id")
    refused(await _get(a, kind, user_id, to_webhook="maybe"), 400, "to_webhook")


async def test_a_range_that_runs_backwards_or_too_long_is_refused(a: Caller, callers: Callers) -> None:
    user_id = await callers.connected(a, "acc-ann")
    for start, end, expected in (
        ("2026-11-02", "2026-11-01", "not before start_date"),
        ("2026-11-02", "1761955200", "not before start_date"),
        ("2100-12-31", "1970-01-01", "not before start_date"),
    ):
        answer = await _get(a, "daily", user_id, start_date=start, end_date=end)
        refused(answer, 400, f"invalid end_date: {expected}")


async def test_more_than_five_years_are_refused_as_a_limit(a: Caller, callers: Callers) -> None:
    user_id = await callers.connected(a, "acc-ann")
    for start, end, status in (
        ("2020-01-01", "2024-12-31", 429),  # 1,826 days
        ("2020-01-01", "2024-12-30", 200),
        ("1970-01-01", "2100-12-31", 429),
        ("1970-01-01", "", 429),
        ("0000000000", "4000000000", 429),
    ):
        answer = await _get(a, "daily", user_id, start_date=start, end_date=end)
        assert answer.status_code == status, answer.text
        if status == 429:
            refused(answer, 429, "rate limit exceeded")
            assert answer.headers["x-terra-ratelimit-rule"] == "r1"
            assert "retry-after" not in answer.headers


async def test_a_range_that_begins_in_the_future_is_refused(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    user_id = await gateway.connected(a, "ann")
    today = datetime.now(UTC).date()
    for day in ("2100-12-31", (today + timedelta(days=2)).isoformat()):
        answer = await _get(a, "daily", user_id, start_date=day, end_date=day)
        refused(answer, 400, "invalid start_date: not in the future")
    answer = await _get(a, "daily", user_id, start_date=today.isoformat(), end_date="2100-12-31")
    assert len(answer.json()["data"]) == 2  # today, and tomorrow, which it is already in the east


async def test_days_before_a_vendors_first_are_its_refusal(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    user_id = await gateway.connected(a, "ann")
    for day, status in (("2000-01-01", 200), ("1970-01-01", 502)):
        answer = await _get(a, "daily", user_id, start_date=day, end_date=day)
        assert answer.status_code == status, answer.text


async def test_data_the_end_user_did_not_agree_to_is_refused(gateway: Gateway) -> None:
    a, b = await gateway.company("Company A"), await gateway.company("Company B")
    narrow = await gateway.connected(a, "ann", scopes=["daily"])
    for kind, status in (("daily", 200), ("activity", 403), ("sleep", 403)):
        answer = await _get(a, kind, narrow)
        if status == 403:
            refused(answer, status, "no permissions")
        assert answer.status_code == status
    await gateway.connected(b, "ann")
    refused(await _get(a, "sleep", narrow), 403, "no permissions")


async def test_a_revoked_user_has_no_data_any_more(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann", "a-ann")
        await gateway.control("revoke", account="ann")
        for kind in KINDS:
            refused(await _get(a, kind, user_id), 403, "authorisation has expired")
        await at_a.wait_for("access_revoked")
        refused(await _get(a, "daily", user_id), 403, "authorisation has expired")
        assert [user["active"] for user in await a.users("a-ann")] == [False]
        assert at_a.count()["access_revoked"] == 1


async def test_a_deauthenticated_user_is_not_found(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    user_id = await gateway.connected(a, "ann")
    await a.deauthenticate(user_id)
    refused(await _get(a, "daily", user_id), 404, "user not found")


async def test_a_pending_user_has_no_data(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    begun = await a.auth_url()
    refused(await _get(a, "daily", begun["user_id"]), 404, "user not found")


@pytest.mark.parametrize(
    ("status", "expected"), [(500, 503), (503, 503), (404, 502), (422, 502), (403, 502), (412, 502)]
)
async def test_a_failing_vendor_is_told_apart_from_a_failing_gateway(
    gateway: Gateway, status: int, expected: int
) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann")
        await gateway.control("fail", endpoint="data", status=status, times=1)
        body = refused(await _get(a, "daily", user_id), expected, "SANDBOX")
        assert str(status) in body["detail"]
        assert (await _get(a, "daily", user_id)).status_code == 200
        if status in {403, 412}:
            await at_a.wait_for("connection_error")
        assert at_a.count()["connection_error"] == (1 if status in {403, 412} else 0)
        assert at_a.count()["daily"] == 0


async def test_a_vendor_at_its_limit_or_at_work_says_when_to_ask_again(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    user_id = await gateway.connected(a, "ann")
    for status, kind in ((429, "rate_limit"), (202, "processing")):
        await gateway.control("fail", endpoint="data", status=status, times=1, retry_after=17)
        answer = await _get(a, "daily", user_id)
        assert answer.status_code == 200
        body = answer.json()
        assert set(body) == {"status", "type", "message", "user", "retry_after_seconds"}
        assert (body["type"], body["retry_after_seconds"]) == (kind, 17)
        assert "SANDBOX" in body["message"]
        assert answer.headers["retry-after"] == "17"
        assert (await _get(a, "daily", user_id)).json()["data"] != []


async def test_an_access_token_that_is_refused_is_renewed_unseen(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    user_id = await gateway.connected(a, "ann")
    await gateway.control("fail", endpoint="data", status=401, times=1, error="invalid_token")
    assert (await _get(a, "daily", user_id)).status_code == 200
    assert (await gateway.counters())["calls"]["token.refresh_token"] == 1
