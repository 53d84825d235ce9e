"""What is asked of Google, and what becomes of its answers."""

import json
from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest

from tests.providers.google_health.vendor import answering, civil
from wearable_gateway.errors import (
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.reaching import Ask, Tokens
from wearable_gateway.providers.google_health import PROVIDER, scopes
from wearable_gateway.unified.records import DataType

DAY = date(2026, 11, 20)


def ask(kind: DataType, *, samples: bool = False, start: date = DAY) -> Ask:
    return Ask(kind, start, DAY, samples=samples)


def data_type(request: httpx.Request) -> str:
    return request.url.path.split("/")[5]


async def test_days_are_asked_for_by_civil_time_and_up_to_the_next_midnight() -> None:
    asked: dict[str, Any] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        told = json.loads(request.content) if request.content else request.url.params["filter"]
        asked[f"{request.method} {data_type(request)}"] = told
        return httpx.Response(200, json={})

    async with answering(answer) as access:
        assert await PROVIDER.fetch(access, ask(DataType.DAILY, samples=True)) == []

    assert asked["POST total-calories"] == {
        "range": {"start": civil(2026, 11, 20), "end": civil(2026, 11, 21)},
        "windowSizeDays": 1,
    }
    assert asked["GET daily-resting-heart-rate"] == (
        'daily_resting_heart_rate.date >= "2026-11-20" AND daily_resting_heart_rate.date < "2026-11-21"'
    )
    assert asked["GET heart-rate"] == (
        'heart_rate.sample_time.civil_time >= "2026-11-20"'
        ' AND heart_rate.sample_time.civil_time < "2026-11-21"'
    )
    assert asked["GET steps"] == (
        'steps.interval.civil_start_time >= "2026-11-20" AND steps.interval.civil_start_time < "2026-11-21"'
    )


async def test_nights_are_asked_for_by_their_end_and_cardiograms_by_their_start_alone() -> None:
    asked: dict[str, str] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        asked[data_type(request)] = request.url.params["filter"]
        return httpx.Response(200, json={})

    async with answering(answer) as access:
        await PROVIDER.fetch(access, ask(DataType.SLEEP))
        await PROVIDER.fetch(access, ask(DataType.BODY))

    assert asked["sleep"] == (
        'sleep.interval.civil_end_time >= "2026-11-20" AND sleep.interval.civil_end_time < "2026-11-21"'
    )
    assert asked["electrocardiogram"] == 'electrocardiogram.interval.start_time >= "2026-11-19T00:00:00Z"'


async def test_no_roll_up_is_longer_than_the_vendor_takes() -> None:
    ranges: list[tuple[int, int]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and data_type(request) == "heart-rate":
            asked = json.loads(request.content)["range"]
            ranges.append((asked["start"]["date"]["day"], asked["end"]["date"]["day"]))
        return httpx.Response(200, json={})

    async with answering(answer) as access:
        await PROVIDER.fetch(access, ask(DataType.DAILY, start=date(2026, 11, 1)))

    assert ranges == [(1, 15), (15, 21)]


async def test_pages_are_followed_to_their_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if data_type(request) != "weight":
            return httpx.Response(200, json={})
        assert request.url.params["pageSize"] == "10000"
        number = int(request.url.params.get("pageToken", "0"))
        time = {"physicalTime": f"2026-11-20T0{number}:00:00Z", "utcOffset": "0s"}
        point = {"weight": {"weightGrams": 70_000.0, "sampleTime": time}}
        following = {"nextPageToken": str(number + 1)} if number < 2 else {}
        return httpx.Response(200, json={"dataPoints": [point], **following})

    async with answering(answer) as access:
        (day,) = await PROVIDER.fetch(access, ask(DataType.BODY))

    assert len(day["dataPoints"]) == 3


async def test_pages_that_do_not_end_are_given_up() -> None:
    async with answering(lambda _: httpx.Response(200, json={"nextPageToken": "again"})) as access:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.fetch(access, ask(DataType.ACTIVITY))


async def test_sessions_are_asked_for_in_pages_of_25_with_their_heart_rate() -> None:
    interval = {
        "startTime": "2026-11-20T16:00:00Z",
        "startUtcOffset": "-28800s",
        "endTime": "2026-11-20T17:00:00Z",
        "endUtcOffset": "-28800s",
    }
    workout = {"name": "users/me/dataTypes/exercise/dataPoints/e", "exercise": {"interval": interval}}

    def answer(request: httpx.Request) -> httpx.Response:
        if data_type(request) == "exercise":
            assert request.url.params["pageSize"] == "25"
            return httpx.Response(200, json={"dataPoints": [workout]})
        assert request.url.params["filter"] == (
            'heart_rate.sample_time.physical_time >= "2026-11-20T16:00:00Z"'
            ' AND heart_rate.sample_time.physical_time < "2026-11-20T17:00:00Z"'
        )
        return httpx.Response(200, json={"dataPoints": [{"heartRate": {}}]})

    async with answering(answer) as access:
        assert await PROVIDER.fetch(access, ask(DataType.ACTIVITY, samples=True)) == [
            {**workout, "dataPoints": [{"heartRate": {}}]}
        ]


async def test_what_belongs_to_a_day_goes_to_the_main_sleep_that_ends_on_it() -> None:
    def rest(name: str, end: str, *, main: bool) -> dict[str, Any]:
        interval = {"startTime": "2026-11-20T04:00:00Z", "endTime": end, "endUtcOffset": "-28800s"}
        return {"name": f"a/{name}", "sleep": {"interval": interval, "metadata": {"mainSleep": main}}}

    rests = [
        rest("night", "2026-11-20T14:00:00Z", main=True),
        rest("nap", "2026-11-20T23:00:00Z", main=False),
    ]
    breaths = {"dailyRespiratoryRate": {"date": civil(2026, 11, 20)["date"], "breathsPerMinute": 14.0}}
    found = {"sleep": rests, "daily-respiratory-rate": [breaths]}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"dataPoints": found.get(data_type(request), [])})

    async with answering(answer) as access:
        night, nap = await PROVIDER.fetch(access, ask(DataType.SLEEP))

    assert night["dataPoints"] == [breaths]
    assert nap["dataPoints"] == []


@pytest.mark.parametrize(
    ("allowed", "asked"),
    [
        ((scopes.ECG,), {"electrocardiogram"}),
        ((scopes.METRICS,), {"weight", "height", "body-fat", "blood-glucose", "core-body-temperature"}),
        ((scopes.SLEEP,), set()),
    ],
)
async def test_what_was_not_consented_to_is_not_asked_for(allowed: tuple[str, ...], asked: set[str]) -> None:
    calls: Counter[str] = Counter()

    def answer(request: httpx.Request) -> httpx.Response:
        calls[data_type(request)] += 1
        return httpx.Response(200, json={})

    async with answering(answer, allowed) as access:
        assert await PROVIDER.fetch(access, ask(DataType.BODY)) == []

    assert set(calls) == asked


async def test_a_data_type_that_is_refused_does_not_cost_the_others() -> None:
    sums = {"civilStartTime": civil(2026, 11, 20), "steps": {"countSum": "9"}}

    def answer(request: httpx.Request) -> httpx.Response:
        if data_type(request) == "steps":
            return httpx.Response(200, json={"rollupDataPoints": [sums]})
        return httpx.Response(403, json={"error": {"status": "PERMISSION_DENIED"}})

    async with answering(answer) as access:
        assert await PROVIDER.fetch(access, ask(DataType.DAILY)) == [
            {"day": "2026-11-20", "rollUps": [sums], "dataPoints": []}
        ]


async def test_points_of_other_days_or_of_no_day_are_left_out() -> None:
    others = [
        {"weight": {"sampleTime": {"physicalTime": "2026-11-21T08:00:00Z", "utcOffset": "0s"}}},
        {"weight": {"sampleTime": "noon"}},
        {"weight": "heavy"},
        {},
        "nothing",
    ]

    async with answering(lambda _: httpx.Response(200, json={"dataPoints": others})) as access:
        assert await PROVIDER.fetch(access, ask(DataType.BODY)) == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, ProviderRefusedError),
        (403, ProviderRefusedError),
        (429, ProviderLimitError),
        (400, ProviderRejectedError),
        (410, ProviderRejectedError),
        (500, ProviderUnavailableError),
        (503, ProviderUnavailableError),
    ],
)
async def test_a_signal_has_its_outcome_whatever_is_read(status: int, error: type[ProviderError]) -> None:
    async with answering(lambda _: httpx.Response(status, json={"error": {"code": status}})) as access:
        for kind in PROVIDER.data_scopes:
            with pytest.raises(error):
                await PROVIDER.fetch(access, ask(kind))
        with pytest.raises(error):
            await PROVIDER.probe(access)


@pytest.mark.parametrize("answer", [[], "text", {"dataPoints": 3}, {"rollupDataPoints": {}}])
async def test_an_answer_of_another_shape_is_asked_for_again_later(answer: Any) -> None:
    async with answering(lambda _: httpx.Response(200, json=answer)) as access:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.fetch(access, ask(DataType.DAILY))


async def test_the_account_is_the_health_user_and_not_the_old_fitbit_id() -> None:
    identity = {"name": "users/me/identity", "healthUserId": "1111-2222", "legacyUserId": "ABC123"}
    tokens = Tokens("a", None, None, ())

    async with answering(lambda _: httpx.Response(200, json=identity)) as access:
        assert (await PROVIDER.account(access.client, access.app, tokens)).id == "1111-2222"


@pytest.mark.parametrize(
    "identity", [{}, [], {"healthUserId": ""}, {"healthUserId": 7}, {"legacyUserId": "A"}]
)
async def test_an_account_without_an_id_is_asked_for_again(identity: Any) -> None:
    tokens = Tokens("a", None, None, ())

    async with answering(lambda _: httpx.Response(200, json=identity)) as access:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.account(access.client, access.app, tokens)


def test_nothing_is_kept_of_a_token_answer_beyond_what_is_needed() -> None:
    answer = {"access_token": "a", "expires_in": 3599, "id_token": "who", "refresh_token_expires_in": 604799}

    assert PROVIDER.token_answer(200, answer) == {"access_token": "a", "expires_in": 3599}


async def test_pages_that_are_cut_off_by_a_refusal_are_not_taken_for_all() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "pageToken" in request.url.params:
            return httpx.Response(403, json={"error": {"status": "PERMISSION_DENIED"}})
        return httpx.Response(200, json={"dataPoints": [], "nextPageToken": "more"})

    async with answering(answer) as access:
        with pytest.raises(ProviderRefusedError):
            await PROVIDER.fetch(access, ask(DataType.ACTIVITY))
