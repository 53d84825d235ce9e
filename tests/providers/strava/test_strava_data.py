"""STRAVA's data, fetched from its simulation by days and after a push."""

from datetime import date, timedelta

import pytest

from wearable_gateway.errors import (
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.facts import Usage
from wearable_gateway.providers._base.reaching import Ask
from wearable_gateway.providers.strava import PROVIDER
from wearable_gateway.providers.strava.fetching import list_activities
from wearable_gateway.unified.records import DataType, Record

from .talking import Talking

FIRST, LAST = date(2026, 11, 18), date(2026, 11, 20)


async def read(
    strava: Talking,
    start: date = FIRST,
    end: date = LAST,
    *,
    samples: bool = True,
    kind: DataType = DataType.ACTIVITY,
) -> list[Record]:
    async with strava.access(await strava.tokens()) as access:
        documents = await PROVIDER.fetch(access, Ask(kind, start, end, samples=samples))
    records = [PROVIDER.normalise(kind, document) for document in documents]
    return [record for record in records if record is not None]


async def test_activities_of_a_range_of_days_are_fetched_with_all_their_parts(strava: Talking) -> None:
    records = await read(strava)
    assert [record.day for record in records] == [FIRST, FIRST + timedelta(days=1), LAST]
    body = records[0].body
    assert body["metadata"]["start_time"] == "2026-11-18T07:30:00.000000-04:00"
    assert len(body["heart_rate_data"]["detailed"]["hr_samples"]) > 10
    assert len(body["heart_rate_data"]["summary"]["hr_zone_data"]) == 5
    assert len(body["lap_data"]["laps"]) == 1


async def test_series_that_nobody_wants_are_not_asked_for(strava: Talking) -> None:
    records = await read(strava, samples=False)
    assert records[0].body["heart_rate_data"]["detailed"] is None
    assert "GET /api/v3/activities/{id}/streams" not in await strava.calls()


async def test_a_long_list_is_read_to_its_empty_page(strava: Talking) -> None:
    async with strava.access(await strava.tokens()) as access:
        numbers = await list_activities(access.client, LAST - timedelta(days=249), LAST)
    assert len(set(numbers)) == 250
    assert (await strava.calls())["GET /api/v3/athlete/activities"] == 3


async def test_the_athlete_is_one_record(strava: Talking) -> None:
    [record] = await read(strava, kind=DataType.ATHLETE)
    assert (record.key, record.body["first_name"]) == ("athlete", "Ann")


async def test_an_activity_that_is_gone_is_left_out(strava: Talking) -> None:
    assert await strava.control("delete", account="ann", kind="activity", date=FIRST.isoformat()) == {
        "deleted": 1
    }
    assert [record.day for record in await read(strava)] == [FIRST + timedelta(days=1), LAST]


@pytest.mark.parametrize("status", [402, 403, 404])
async def test_zones_that_are_not_to_be_had_cost_only_the_zones(strava: Talking, status: int) -> None:
    [before] = await read(strava, LAST, LAST)
    await strava.control("fail", path=f"/api/v3/activities/{before.key}/zones", status=status)
    [record] = await read(strava, LAST, LAST)
    assert record.body["heart_rate_data"]["summary"]["hr_zone_data"] is None
    assert record.body["heart_rate_data"]["detailed"] == before.body["heart_rate_data"]["detailed"]


async def test_who_allowed_no_activities_has_none(strava: Talking) -> None:
    tokens = await strava.tokens("bob", ["read"])
    async with strava.access(tokens, scopes=["read"]) as access:
        await PROVIDER.probe(access)
        with pytest.raises(ProviderRefusedError):
            await PROVIDER.fetch(access, Ask(DataType.ACTIVITY, FIRST, LAST, samples=True))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, ProviderRefusedError),
        (429, ProviderLimitError),
        (500, ProviderUnavailableError),
        (503, ProviderUnavailableError),
    ],
)
async def test_what_a_refusal_of_the_api_comes_to(
    strava: Talking, status: int, error: type[ProviderError]
) -> None:
    async with strava.access(await strava.tokens()) as access:
        await strava.control("fail", path="/api/v3/athlete", status=status)
        with pytest.raises(error):
            await PROVIDER.probe(access)


async def test_the_limits_stand_on_answers_of_the_api_and_count_past_their_end(strava: Talking) -> None:
    async with strava.access(await strava.tokens()) as access:
        await PROVIDER.probe(access)
        assert strava.budget.learnt == [
            Usage(timedelta(minutes=15), 200, 1),
            Usage(timedelta(days=1), 2000, 1),
        ]
        for _ in range(199):
            strava.simulator._limits.count("GET")
        with pytest.raises(ProviderLimitError):
            await PROVIDER.probe(access)
        assert strava.budget.learnt[0] == Usage(timedelta(minutes=15), 200, 201)
        strava.clock.seconds += 900
        await PROVIDER.probe(access)
