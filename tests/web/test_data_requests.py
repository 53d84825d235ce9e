"""Data that is asked for and sent: durable, in windows and chunks, each payload once, to be looked up meanwhile."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import Delivery, Receiver, receiving
from tests.fakes.waiting import eventually
from tests.web.callers import Caller, Callers, refused
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database
from wearable_gateway.providers.sandbox import Sandbox
from wearable_gateway.unified.records import DataType

DAY = "2026-11-20"


async def _ask(company: Company, user_id: str, kind: str = "daily", **params: Any) -> dict[str, Any]:
    wanted = {"user_id": user_id, "start_date": DAY, "end_date": DAY}
    answer = await company.http.get(f"/v2/{kind}", params={**wanted, **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["x-terra-ratelimit-limit"] == "6000"
    return body


async def _look(company: Company, reference: str) -> dict[str, Any]:
    answer = await company.http.get(f"/v2/dataRequests/{reference}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def _ended(company: Company, reference: str, state: str = "completed") -> dict[str, Any]:
    async def ended() -> dict[str, Any] | None:
        found = await _look(company, reference)
        return found if found["state"] in {"completed", "failed"} else None

    found = await eventually(ended, within=30)
    assert found is not None
    assert found["state"] == state, found
    return found


def _of(receiver: Receiver, reference: str) -> list[Delivery]:
    return [one for one in receiver.got if one.headers["terra-reference"] == reference]


async def test_a_month_is_sent_in_one_payload_and_can_be_looked_up(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann", "a-ann")
        begun = await _ask(a, user_id, start_date="2026-10-01", end_date="2026-10-31")
        found = await _ended(a, begun["reference"])
        (window,) = found["windows"]
        assert (window["state"], window["records"], window["attempts"]) == ("done", 31, 1)
        assert (found["expected_payloads"], found["deliveries_due"], found["reason"]) == (1, 0, None)
        (sent,) = _of(at_a, begun["reference"])
        assert len(sent.event["data"]) == 31
        assert ":chunk:" not in sent.headers["x-terra-trace-id"]
        assert at_a.count() == {"auth": 1, "daily": 1}


async def test_more_than_a_month_comes_in_chunks_that_add_up(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann", "a-ann")
        begun = await _ask(a, user_id, start_date="2026-08-01", end_date="2026-10-31", with_samples="true")
        assert (begun["type"], begun["status"]) == ("large_request_processing", "processing")
        found = await _ended(a, begun["reference"])
        sent = _of(at_a, begun["reference"])
        kinds = [one.event["type"] for one in sent]
        assert kinds[0] == "large_request_processing"
        (sending,) = [one.event for one in sent if one.event["type"] == "large_request_sending"]
        chunks = [one for one in sent if one.event["type"] == "daily"]
        assert len(chunks) == sending["expected_payloads"] == found["expected_payloads"]
        assert all(1 <= len(one.event["data"]) <= 10 for one in chunks)
        days = [record["metadata"]["start_time"][:10] for one in chunks for record in one.event["data"]]
        wanted = [(date(2026, 8, 1) + timedelta(days=n)).isoformat() for n in range(92)]
        assert sorted(days) == wanted
        traces = [one.headers["x-terra-trace-id"] for one in chunks]
        assert {int(trace.rpartition(":chunk:")[2]) for trace in traces} == set(range(1, len(chunks) + 1))
        assert len({one.headers["webhook-id"] for one in chunks}) == len(chunks)
        series = [
            record["heart_rate_data"]["detailed"]["hr_samples"]
            for one in chunks
            for record in one.event["data"]
        ]
        assert all(series)
        # What was told is not news when a notice brings it again.
        told = at_a.count()
        await gateway.control("push", account="ann", date="2026-11-20", kinds=["sleep"])
        await at_a.wait_for("sleep")
        assert at_a.count() == {**told, "sleep": 1}


async def test_completion_is_told_to_who_asked_for_it(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    await gateway.db.autocommit.execute(
        "UPDATE developers SET settings = $2 WHERE dev_id = $1", a.dev_id, {"large_request_completed": True}
    )
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann")
        begun = await _ask(a, user_id, "sleep", start_date="2026-09-01", end_date="2026-10-31")
        (done,) = await at_a.wait_for("large_request_completed", within=30)
        assert done["reference"] == begun["reference"]
        assert done["expected_payloads"] == at_a.count()["sleep"]
        assert (done["status"], done["undelivered_payloads"], done["failed_windows"]) == ("success", 0, 0)
        assert at_a.got[-1].event["type"] == "large_request_completed"


async def test_a_vendors_limit_puts_a_window_off_and_is_told(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann")
        await gateway.control("fail", endpoint="data", status=429, times=1, retry_after=1)
        begun = await _ask(a, user_id)
        (hit,) = await at_a.wait_for("rate_limit_hit")
        assert (hit["start_date"], hit["end_date"]) == (DAY, DAY)
        assert datetime.fromisoformat(hit["retrying_at"]) > datetime.now(UTC) - timedelta(minutes=1)
        found = await _ended(a, begun["reference"])
        assert found["windows"][0]["attempts"] == 2
        assert at_a.count()["daily"] == 1


async def test_a_vendor_that_prepares_its_answer_is_asked_again(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann")
        await gateway.control("fail", endpoint="data", status=202, times=2, retry_after=1)
        begun = await _ask(a, user_id)
        await _ended(a, begun["reference"])
        assert at_a.count() == {"auth": 1, "daily": 1}


async def test_a_window_the_vendor_rejects_is_given_up_and_the_others_are_sent(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        user_id = await gateway.connected(a, "ann")
        await gateway.control("fail", endpoint="data", status=422, times=1)
        begun = await _ask(a, user_id, start_date="2026-08-01", end_date="2026-10-31")
        found = await _ended(a, begun["reference"])
        states = [window["state"] for window in found["windows"]]
        assert (states[0], set(states[1:])) == ("failed", {"done"})
        assert "422" in found["windows"][0]["reason"]
        assert "422" in found["reason"]
        (sending,) = at_a.events("large_request_sending")
        assert sending["expected_payloads"] == at_a.count()["daily"]


async def test_a_request_ends_with_the_authorisation(gateway: Gateway) -> None:
    a = await gateway.company("Company A")
    async with receiving() as at_a:
        await gateway.destination(a, at_a.url)
        for account in ("ann", "ben"):
            user_id = await gateway.connected(a, account)
            await gateway.control("fail", endpoint="data", status=202, times=1, retry_after=1)
            begun = await _ask(a, user_id)

            async def tried(reference: str = begun["reference"]) -> bool:
                return bool((await _look(a, reference))["windows"][0]["attempts"])

            await eventually(tried)
            if account == "ann":
                await gateway.control("revoke", account="ann")
            else:
                await a.deauthenticate(user_id)
            found = await _ended(a, begun["reference"], "failed")
            assert found["reason"].startswith("authorisation" if account == "ann" else "the user")
        assert at_a.count()["daily"] == 0


async def test_nothing_of_a_request_is_another_developers(gateway: Gateway) -> None:
    a, b = await gateway.company("Company A"), await gateway.company("Company B")
    user_id = await gateway.connected(a, "ann")
    begun = await _ask(a, user_id)
    assert begun["message"]
    for reference in (begun["reference"], "01a20425-b71b-77e5-9bd9-d8a42cd85b62", "nonsense", "%00"):
        refused(await b.http.get(f"/v2/dataRequests/{reference}"), 404, "data request not found")


async def test_a_connections_hour_of_days_is_limited(a: Caller, callers: Callers) -> None:
    user_id, other = await callers.connected(a, "acc-ann"), await callers.connected(a, "acc-ben")
    years = {"user_id": user_id, "start_date": "2020-01-01", "end_date": "2024-12-30"}
    for remaining in (4175, 2350, 525):
        answer = await a.http.get("/v2/daily", params=years)
        assert answer.headers["x-terra-ratelimit-remaining"] == str(remaining)
        assert 0 < int(answer.headers["x-terra-ratelimit-reset-after"]) <= 3600
    answer = await a.http.get("/v2/sleep", params=years)
    refused(answer, 429, "rate limit exceeded")
    assert answer.headers["x-terra-ratelimit-rule"] == "r2"
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert (await a.http.get("/v2/daily", params={**years, "user_id": other})).status_code == 200
    one = {"user_id": user_id, "start_date": DAY, "end_date": DAY}
    assert (await a.http.get("/v2/daily", params=one)).headers["x-terra-ratelimit-remaining"] == "524"


async def test_a_type_the_provider_has_not_is_answered_as_no_data(
    a: Caller, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes = {kind: scope for kind, scope in Sandbox.data_scopes.items() if kind is not DataType.SLEEP}
    monkeypatch.setattr(Sandbox, "data_scopes", scopes)
    user_id = await callers.connected(a, "acc-ann")
    for to_webhook in ("true", "false"):
        days = {"user_id": user_id, "start_date": DAY, "end_date": DAY, "to_webhook": to_webhook}
        body = (await a.http.get("/v2/sleep", params=days)).json()
        assert set(body) == {"status", "type", "message", "user"}
        assert (body["status"], body["type"]) == ("success", "no_data")
        assert body["message"] == "SANDBOX has no sleep data"


async def test_a_request_that_meets_a_deauthentication_finds_no_user(
    a: Caller, callers: Callers, db: Database
) -> None:
    user_id = await callers.connected(a, "acc-ann")
    days = {"user_id": user_id, "start_date": DAY, "end_date": DAY}
    async with db.transaction() as session:
        await ConnectionRepository(session, a.dev_id).remove(UUID(user_id))
        asking = asyncio.create_task(a.http.get("/v2/daily", params=days))

        async def waits() -> bool:
            found = await db.autocommit.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR KEY SHARE%'"
            )
            return bool(found)

        await eventually(waits)
    refused(await asking, 404, "user not found")
