"""WHOOP: which calls bring what, against the simulated vendor."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from wearable_gateway.errors import (
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.reaching import Access, Ask, Tokens
from wearable_gateway.providers.whoop import PROVIDER
from wearable_gateway.unified.records import ALWAYS, DataType

from .accounts import APP, EVERYTHING, TODAY, Account, connected

DAYS = [TODAY - timedelta(days=number) for number in range(29, -1, -1)]


def tokens(*scopes: str) -> Tokens:
    return Tokens("access", "refresh", None, scopes)


@pytest.mark.parametrize("kind", [DataType.DAILY, DataType.SLEEP, DataType.ACTIVITY])
async def test_thirty_days_come_page_by_page_oldest_first_and_no_day_beside_them(
    account: Account, kind: DataType
) -> None:
    records = await account.read(kind, DAYS[0], DAYS[-1])
    assert [record.day for record in records] == DAYS


async def test_a_day_is_its_cycle_with_the_recovery_it_began_with(account: Account) -> None:
    (day,) = await account.read(DataType.DAILY, date(2026, 11, 20), date(2026, 11, 20))
    assert day.body["metadata"]["start_time"] == "2026-11-20T00:00:00.000000-05:00"
    assert day.body["strain_data"]["strain_level"] > 0
    assert day.body["scores"]["recovery"] > 0
    assert day.body["heart_rate_data"]["summary"]["resting_hr_bpm"] > 0
    assert day.body["heart_rate_data"]["summary"]["max_hr_bpm"] > 0


async def test_a_night_knows_how_well_its_person_recovered(account: Account) -> None:
    (night,) = await account.read(DataType.SLEEP)
    assert night.body["readiness_data"]["readiness"] > 0
    assert night.body["metadata"]["start_time"].startswith("2026-11-20T22:45:00")


async def test_the_body_is_todays_measurement_and_the_skin_of_each_night() -> None:
    async with connected(now=datetime.now(UTC)) as account:
        today = datetime.now(UTC).date()
        records = await account.read(DataType.BODY, today - timedelta(days=2), today)
        measured = [record for record in records if record.body["measurements_data"]]
        skin = [record for record in records if record.body["temperature_data"]]
        assert [record.body["measurements_data"]["day_avg_height_cm"] for record in measured] == [182.88]
        assert len(skin) == 3
        zones = {record.body["metadata"]["start_time"][-6:] for record in records}
        assert zones == {"-05:00"}


async def test_what_the_account_says_of_the_body_is_not_said_of_days_gone_by(account: Account) -> None:
    records = await account.read(DataType.BODY, DAYS[0], DAYS[3])
    assert len(records) == 4
    assert all(record.body["measurements_data"] is None for record in records)


async def test_a_body_that_nobody_measured_is_none() -> None:
    async with connected(now=datetime.now(UTC)) as account:
        await account.order("fail", path="/developer/v2/user/measurement", status=404)
        today = datetime.now(UTC).date()
        assert await account.with_scopes("read:body_measurement").read(DataType.BODY, today, today) == []


async def test_the_athlete_is_whom_the_account_names(account: Account) -> None:
    (athlete,) = await account.read(DataType.ATHLETE)
    assert (athlete.key, athlete.day) == ("athlete", ALWAYS)
    assert athlete.body["provider_user_id"] == account.access.account_id
    assert athlete.body["email"] == "ada@wearers.example"


async def test_what_may_not_be_read_is_not_asked_for(account: Account) -> None:
    await account.with_scopes("read:cycles").read(DataType.DAILY)
    await account.with_scopes("read:sleep").read(DataType.SLEEP)
    await account.with_scopes("read:recovery").read(DataType.BODY)
    assert Counter(await account.calls()) == {
        "GET /developer/v2/cycle": 1,
        "GET /developer/v2/activity/sleep": 1,
    }


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ProviderRejectedError),
        (401, ProviderRefusedError),
        (403, ProviderRefusedError),
        (429, ProviderLimitError),
        (500, ProviderUnavailableError),
        (503, ProviderUnavailableError),
    ],
)
async def test_an_answer_that_is_not_the_data_says_what_to_do(
    account: Account, status: int, error: type[Exception]
) -> None:
    for kind in (DataType.DAILY, DataType.SLEEP, DataType.ACTIVITY, DataType.ATHLETE):
        await account.order("fail", path="/developer", status=status)
        with pytest.raises(error):
            await account.read(kind)


@pytest.mark.parametrize("answer", [[], {}, {"records": None}, {"records": {}}, None, "later"])
async def test_an_answer_without_records_is_none(answer: Any) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with httpx.AsyncClient(transport=transport, base_url="http://vendor.test") as client:
        access = Access(client, APP, "1", frozenset(EVERYTHING))
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.fetch(access, Ask(DataType.ACTIVITY, TODAY, TODAY, samples=True))


async def test_pages_that_go_round_in_circles_end_and_are_not_taken_for_all() -> None:
    page = {"records": ["no document"], "next_token": "again"}
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("nextToken"))
        return httpx.Response(200, json=page)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://v.test") as client:
        access = Access(client, APP, "1", frozenset(EVERYTHING))
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.fetch(access, Ask(DataType.ACTIVITY, TODAY, TODAY, samples=True))
    assert asked == [None, "again"]


async def test_the_vendor_is_asked_in_its_own_words() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json={"records": []})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://v.test") as client:
        access = Access(client, APP, "1", frozenset(EVERYTHING))
        await PROVIDER.fetch(access, Ask(DataType.ACTIVITY, TODAY, TODAY, samples=True))
    assert asked == [{"limit": "25", "start": "2026-11-19T00:00:00.000Z", "end": "2026-11-23T00:00:00.000Z"}]


@pytest.mark.parametrize(
    "scope", ["read:profile", "read:cycles", "read:recovery", "read:sleep", "read:workout"]
)
async def test_the_account_is_named_by_whatever_may_be_read(scope: str) -> None:
    async with connected(scopes=("offline", scope)) as account:
        named = await PROVIDER.account(account.http, APP, tokens("offline", scope))
        assert named.id == account.access.account_id
        await PROVIDER.probe(account.access)


async def test_an_account_that_nothing_names_is_asked_for_again() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"records": []}))
    async with httpx.AsyncClient(transport=transport, base_url="http://vendor.test") as client:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.account(client, APP, tokens("read:sleep"))


async def test_a_grant_is_given_back_by_the_vendors_own_call(account: Account) -> None:
    await PROVIDER.revoke(account.access, tokens())
    with pytest.raises(ProviderRefusedError) as refused:
        await PROVIDER.probe(account.access)
    assert refused.value.status == 401
    await account.order("push", account="ada", kind="sleep", date=TODAY.isoformat())
    assert account.told() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"records": {}},
        {"records": 7},
        {"records": []},
        {"records": [7]},
        {"records": [{"user_id": True}]},
        [],
        None,
    ],
)
async def test_an_account_in_an_answer_of_another_shape_is_asked_for_again(answer: Any) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with httpx.AsyncClient(transport=transport, base_url="http://v.test") as client:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.account(client, APP, tokens("read:cycles"))
