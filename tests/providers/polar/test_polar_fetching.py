"""POLAR: what is asked of the vendor, and how far back."""

from datetime import date, timedelta
from typing import Any

import pytest

from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers._base.reaching import Access, Ask
from wearable_gateway.providers.polar import PROVIDER
from wearable_gateway.unified.records import DataType, Record

from .vendor import Vendor

ONE = timedelta(days=1)


async def fetched(
    access: Access, kind: DataType, first: date, last: date, *, samples: bool = True
) -> list[Record]:
    documents = await PROVIDER.fetch(access, Ask(kind, first, last, samples=samples))
    records = [PROVIDER.normalise(kind, document) for document in documents]
    return [record for record in records if record is not None]


async def told(access: Access, kind: DataType, event: str, day: date | None, **hints: Any) -> list[Record]:
    notice = Notice(
        "key", NoticeKind.DATA_CHANGED, access.account_id, data_types=(kind,), start=day, end=day,
        hints={"event": event, "id": None, **hints},
    )  # fmt: skip
    documents = await PROVIDER.fetch_noticed(access, notice, [kind])
    records = [PROVIDER.normalise(kind, document) for document in documents[kind]]
    return [record for record in records if record is not None]


async def test_every_type_that_is_delivered_is_there_today(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    for kind in PROVIDER.data_scopes:
        assert await fetched(access, kind, today, today), kind


async def test_a_days_activity_and_its_heart_rate_are_about_one_day(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    records = await fetched(access, DataType.DAILY, today, today)
    assert [record.key for record in records] == [today.isoformat()] * 2
    series = records[0].body["distance_data"]["detailed"]["step_samples"]
    assert series[-1]["steps"] <= records[0].body["distance_data"]["steps"]


async def test_without_samples_no_series_is_asked_for(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    (day,) = await fetched(access, DataType.DAILY, today, today, samples=False)
    assert day.body["distance_data"]["detailed"] is None
    (workout,) = await fetched(access, DataType.ACTIVITY, today, today, samples=False)
    assert workout.body["position_data"] is None
    assert vendor.calls("GET /v3/users/continuous-heart-rate") == {}


async def test_days_are_asked_for_by_ranges_the_vendor_takes(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    records = await fetched(access, DataType.DAILY, today - 60 * ONE, today, samples=False)
    assert len(records) == 61
    assert vendor.calls("GET /v3/users/activities") == {"GET /v3/users/activities": 3}


async def test_days_the_vendor_would_refuse_are_not_asked_for(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    records = await fetched(access, DataType.DAILY, today - 400 * ONE, today - 360 * ONE, samples=False)
    assert [record.day for record in records] == [today - number * ONE for number in range(364, 359, -1)]
    assert await fetched(access, DataType.DAILY, today - 800 * ONE, today - 700 * ONE) == []
    assert await fetched(access, DataType.DAILY, today + ONE, today + ONE) == []


async def test_few_nights_are_asked_for_one_by_one_and_many_by_the_list(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    assert len(await fetched(access, DataType.SLEEP, today - ONE, today)) == 2
    assert vendor.calls("GET /v3/users/sleep") == {"GET /v3/users/sleep/{id}": 2}
    assert len(await fetched(access, DataType.SLEEP, today - 9 * ONE, today)) == 10
    assert vendor.calls("GET /v3/users/sleep")["GET /v3/users/sleep"] == 1


async def test_nights_older_than_four_weeks_are_not_to_be_had(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    assert await fetched(access, DataType.SLEEP, today - 60 * ONE, today - 40 * ONE) == []
    assert len(await fetched(access, DataType.SLEEP, today - 60 * ONE, today)) == 29


@pytest.mark.parametrize("days", [0, 5])
async def test_a_night_comes_with_its_recharge_and_its_skin_temperature(vendor: Vendor, days: int) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    records = await fetched(access, DataType.SLEEP, today - days * ONE, today)
    assert len(records) == days + 1
    for record in records:
        assert record.body["readiness_data"]["recovery_level"] == 5
        assert record.body["temperature_data"]["delta"] == -0.3
        assert record.body["heart_rate_data"]["detailed"]["hrv_samples_rmssd"]


async def test_a_workout_older_than_thirty_days_is_gone(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    assert await fetched(access, DataType.ACTIVITY, today - 90 * ONE, today - 40 * ONE) == []
    assert await told(access, DataType.ACTIVITY, "EXERCISE", None, id="GONE") == []


async def test_a_workout_that_is_told_of_comes_with_everything(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    (listed,) = await PROVIDER.fetch(access, Ask(DataType.ACTIVITY, today, today, samples=False))
    (record,) = await told(access, DataType.ACTIVITY, "EXERCISE", None, id=listed["id"])
    assert record.key == listed["id"]
    assert record.body["heart_rate_data"]["detailed"]["hr_samples"]
    assert record.body["position_data"]["position_samples"]
    assert record.body["heart_rate_data"]["summary"]["hr_zone_data"]


async def test_a_day_that_is_told_of_is_asked_for_alone(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    (summary,) = await told(access, DataType.DAILY, "ACTIVITY_SUMMARY", today)
    (heart,) = await told(access, DataType.DAILY, "CONTINUOUS_HEART_RATE", today)
    (night,) = await told(access, DataType.SLEEP, "SLEEP", today)
    assert summary.body["distance_data"]["steps"] is not None
    assert heart.body["heart_rate_data"]["detailed"]["hr_samples"]
    assert night.body["readiness_data"]["recovery_level"] == 5
    assert set(vendor.calls("GET /v3/users")) == {
        "GET /v3/users/activities/{id}",
        "GET /v3/users/continuous-heart-rate/{id}",
        "GET /v3/users/sleep/{id}",
        "GET /v3/users/nightly-recharge/{id}",
        "GET /v3/users/biosensing/skintemperature",
    }


async def test_a_notice_about_what_nobody_may_have_costs_no_call(vendor: Vendor) -> None:
    access = await vendor.connect("ann")
    before = dict(vendor.calls("GET"))
    notice = Notice("key", NoticeKind.DATA_CHANGED, access.account_id, data_types=(DataType.SLEEP,))
    assert await PROVIDER.fetch_noticed(access, notice, [DataType.BODY]) == {}
    assert vendor.calls("GET") == before


async def test_a_body_is_told_on_the_day_it_became_known(vendor: Vendor) -> None:
    access, today = await vendor.connect("ann"), vendor.simulator.today()
    records = await fetched(access, DataType.BODY, today - 2 * ONE, today)
    assert [record.day for record in records] == [today - 2 * ONE, today - ONE, today]
    weights = [record.body["measurements_data"] for record in records]
    assert weights[:2] == [None, None]
    assert weights[2]["measurements"][0]["weight_kg"] == 66
    assert all(record.body["oxygen_data"]["saturation_samples"] for record in records)
