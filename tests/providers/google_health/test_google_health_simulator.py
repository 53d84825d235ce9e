"""The simulated vendor does what Google says of itself, also where that is awkward."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from tests.providers.google_health.vendor import BACK, Simulated, civil, simulated
from wearable_gateway.providers._base.reaching import Ask
from wearable_gateway.providers.google_health import PROVIDER, scopes
from wearable_gateway.unified.records import DataType

POINTS = "/v4/users/me/dataTypes/{}/dataPoints"


@pytest.fixture
async def vendor() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


def range_of(start: dict[str, Any], end: dict[str, Any]) -> dict[str, Any]:
    return {"range": {"start": start, "end": end}, "windowSizeDays": 1}


async def test_a_refresh_answers_without_a_refresh_token_and_the_old_one_stays_good(
    vendor: Simulated,
) -> None:
    code = await vendor.consent("ann")
    first = (await vendor.token(grant_type="authorization_code", code=code, redirect_uri=BACK)).json()

    for _ in range(2):
        again = await vendor.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
        assert again.status_code == 200
        assert "refresh_token" not in again.json()
        assert again.json()["access_token"] != first["access_token"]


async def test_the_oldest_of_more_than_a_hundred_refresh_tokens_dies(vendor: Simulated) -> None:
    found = []
    for _ in range(101):
        code = await vendor.consent("ann")
        answer = await vendor.token(grant_type="authorization_code", code=code, redirect_uri=BACK)
        found.append(answer.json()["refresh_token"])

    oldest, second = [
        await vendor.token(grant_type="refresh_token", refresh_token=token) for token in found[:2]
    ]

    assert (oldest.status_code, oldest.json()["error"]) == (400, "invalid_grant")
    assert second.status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_revoking_either_token_ends_the_whole_grant(vendor: Simulated, which: str) -> None:
    others = await vendor.signed_in("ann")
    code = await vendor.consent("ann")
    tokens = (await vendor.token(grant_type="authorization_code", code=code, redirect_uri=BACK)).json()

    assert (await vendor.http.post("/revoke", data={"token": tokens[which]})).status_code == 200

    assert (await others.client.get("/v4/users/me/identity")).status_code == 401
    refused = await vendor.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"
    assert (await vendor.http.post("/revoke", data={"token": tokens[which]})).status_code == 400


async def test_fitbits_own_api_is_gone(vendor: Simulated) -> None:
    assert (await vendor.http.get("/1/user/-/profile.json")).status_code == 410
    assert (await vendor.http.post("/oauth2/token")).status_code == 410


@pytest.mark.parametrize(
    "query",
    [
        'weight.sample_time.civil_time >= "2026-11-20" OR weight.sample_time.civil_time < "2026-11-21"',
        'weight.sample_time.civil_time > "2026-11-20"',
        'weight.interval.civil_start_time >= "2026-11-20"',
        'height.sample_time.civil_time >= "2026-11-20"',
        'weight.sample_time.physical_time >= "2026-11-20T00:00:00"',
        'weight.sample_time.civil_time >= "2026-11-20T00:00:00Z"',
        'weight.sample_time.civil_time >= "today"',
    ],
)
async def test_a_filter_of_another_form_is_refused(vendor: Simulated, query: str) -> None:
    access = await vendor.signed_in("ann")

    answer = await access.client.get(POINTS.format("weight"), params={"filter": query})

    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


async def test_sessions_come_newest_first_and_25_at_most(vendor: Simulated) -> None:
    access = await vendor.signed_in("ann")

    page = (await access.client.get(POINTS.format("exercise"), params={"pageSize": "1000"})).json()

    starts = [point["exercise"]["interval"]["startTime"] for point in page["dataPoints"]]
    assert len(starts) == 25
    assert starts == sorted(starts, reverse=True)
    assert page["nextPageToken"]


@pytest.mark.parametrize(
    ("data_type", "days", "status"),
    [("heart-rate", 14, 200), ("heart-rate", 15, 400), ("steps", 15, 200), ("daily-vo2-max", 1, 400)],
)
async def test_a_roll_up_has_its_longest_range(
    vendor: Simulated, data_type: str, days: int, status: int
) -> None:
    access = await vendor.signed_in("ann")

    answer = await access.client.post(
        POINTS.format(data_type) + ":dailyRollUp", json=range_of(civil(2026, 6, 1), civil(2026, 6, 1 + days))
    )

    assert answer.status_code == status


@pytest.mark.parametrize("data_type", ["floors", "total-calories", "levitation"])
async def test_what_has_no_list_is_not_listed(vendor: Simulated, data_type: str) -> None:
    access = await vendor.signed_in("ann")

    assert (await access.client.get(POINTS.format(data_type))).status_code == 400


async def test_what_was_not_consented_to_is_denied(vendor: Simulated) -> None:
    access = await vendor.signed_in("ann", [scopes.SLEEP])

    assert (await access.client.get("/v4/users/me/identity")).status_code == 200
    assert (await access.client.get(POINTS.format("sleep"))).status_code == 200
    for path in (POINTS.format("weight"), "/v4/users/me/profile", "/v4/users/me/pairedDevices"):
        answer = await access.client.get(path)
        assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


async def test_nobody_reads_of_another(vendor: Simulated) -> None:
    access = await vendor.signed_in("ann")
    bob = vendor.simulator.person("bob")

    assert (await access.client.get(f"/v4/users/{access.account_id}/identity")).status_code == 200
    assert (await access.client.get(f"/v4/users/{bob.id}/identity")).status_code == 403


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
async def test_every_document_of_a_week_becomes_a_record_of_its_day(
    vendor: Simulated, kind: DataType
) -> None:
    access = await vendor.signed_in("ann")
    start, end = date(2026, 11, 10), date(2026, 11, 16)

    documents = await PROVIDER.fetch(access, Ask(kind, start, end, samples=True))
    records = [PROVIDER.normalise(kind, document) for document in documents]

    assert all(records)
    if kind is not DataType.ATHLETE:
        days = sorted(record.day for record in records if record)
        assert days == [date(2026, 11, day) for day in range(10, 17)]


async def test_a_whole_night_is_read_with_what_was_measured_in_it(vendor: Simulated) -> None:
    access = await vendor.signed_in("ann")
    day = date(2026, 11, 10)

    (document,) = await PROVIDER.fetch(access, Ask(DataType.SLEEP, day, day, samples=True))
    record = PROVIDER.normalise(DataType.SLEEP, document)

    assert record is not None
    assert record.body["metadata"]["end_time"] == "2026-11-10T06:30:00.000000-08:00"
    assert len(record.body["heart_rate_data"]["detailed"]["hr_samples"]) == 3
    assert record.body["respiration_data"]["breaths_data"]["avg_breaths_per_min"]
    assert record.body["temperature_data"]["delta"] is not None


async def test_without_a_token_there_is_googles_own_refusal(vendor: Simulated) -> None:
    answer = await vendor.http.get("/v4/users/me/identity")

    assert isinstance(answer, httpx.Response)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
