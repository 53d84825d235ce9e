"""Which calls are made for some days, and what is made of their answers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.providers.withings.accounts import TODAY, Vendor, answering, read

from wearable_gateway.errors import ProviderRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.reaching import Ask
from wearable_gateway.providers.withings import PROVIDER, fields
from wearable_gateway.unified.records import ALWAYS, DataType

FIRST = TODAY - timedelta(days=6)
BY_DAY = [DataType.DAILY, DataType.ACTIVITY, DataType.SLEEP, DataType.BODY]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize("kind", BY_DAY)
async def test_days_beyond_one_page_are_all_there_once(kind: DataType) -> None:
    records = await read(Vendor().access(), kind, FIRST, TODAY)
    assert [record.day for record in records] == [FIRST + timedelta(days=n) for n in range(7)]
    assert len({record.key for record in records}) == 7


@pytest.mark.parametrize("kind", [DataType.DAILY, DataType.ACTIVITY, DataType.SLEEP])
async def test_series_cost_calls_only_where_somebody_looks_at_them(kind: DataType) -> None:
    vendor = Vendor()
    access = vendor.access()
    await PROVIDER.fetch(access, Ask(kind, TODAY, TODAY, samples=False))
    summary = vendor.budget.taken
    await PROVIDER.fetch(access, Ask(kind, TODAY, TODAY, samples=True))
    assert vendor.budget.taken > 2 * summary


async def test_a_night_comes_with_its_stages_and_heart_rates() -> None:
    (night,) = await read(Vendor().access(), DataType.SLEEP, TODAY, TODAY)
    levels = [sample["level"] for sample in night.body["sleep_durations_data"]["hypnogram_samples"]]
    assert levels == [1, 4, 5, 5, 4, 6, 4, 6]
    assert night.body["heart_rate_data"]["detailed"]["hr_samples"]
    assert night.body["sleep_durations_data"]["sleep_efficiency"] == 91


async def test_a_day_comes_with_its_hours_and_no_others() -> None:
    (day,) = await read(Vendor().access(), DataType.DAILY, TODAY, TODAY)
    samples = day.body["distance_data"]["detailed"]["step_samples"]
    assert len(samples) == 24
    assert {sample["timestamp"][:10] for sample in samples} == {TODAY.isoformat()}


async def test_the_athlete_is_the_account_and_its_devices() -> None:
    access = Vendor().access()
    (athlete,) = await read(access, DataType.ATHLETE, FIRST, TODAY)
    assert (athlete.key, athlete.day) == ("athlete", ALWAYS)
    assert athlete.body["provider_user_id"] == access.account_id
    assert len(athlete.body["devices"]) == 4


async def test_a_heart_that_may_not_be_read_is_not_asked_for() -> None:
    vendor = Vendor()
    (body,) = await read(vendor.access(scopes=["user.metrics"]), DataType.BODY, TODAY, TODAY)
    assert body.body["heart_data"]["ecg_signal"] is None
    assert vendor.calls("/v2/heart") == 0
    (body,) = await read(vendor.access(), DataType.BODY, TODAY, TODAY)
    assert body.body["heart_data"]["ecg_signal"]


def measures_but(status: int) -> Any:
    group = {"date": at("2026-11-21T23:30:00"), "measures": [{"type": 1, "value": 70, "unit": 0}]}
    return lambda form: (
        {"status": 0, "body": {"timezone": "Asia/Tokyo", "measuregrps": [group]}}
        if form["action"] == "getmeas"
        else {"status": status, "body": {}}
    )


async def test_a_heart_that_is_refused_does_not_cost_the_measures() -> None:
    access, _ = answering(measures_but(277))
    assert len(await read(access, DataType.BODY, TODAY, TODAY)) == 1
    access, _ = answering(measures_but(401))
    with pytest.raises(ProviderRefusedError):
        await read(access, DataType.BODY, TODAY, TODAY)


async def test_a_measure_belongs_to_the_day_of_its_persons_clock() -> None:
    access, forms = answering(measures_but(0))
    assert [record.day for record in await read(access, DataType.BODY, TODAY, TODAY)] == [TODAY]
    assert await read(access, DataType.BODY, TODAY - timedelta(days=1), TODAY - timedelta(days=1)) == []
    asked = forms[0]
    assert asked["category"] == "1"
    # From where the day begins first, at UTC+14, to where it ends last, at UTC-12.
    assert int(asked["startdate"]) == at("2026-11-21T10:00:00")
    assert int(asked["enddate"]) == at("2026-11-23T11:59:59")


async def test_a_day_of_25_hours_takes_two_calls_and_keeps_to_itself() -> None:
    day = {"date": "2026-11-01", "timezone": "America/New_York"}
    starts, ends = at("2026-11-01T04:00:00"), at("2026-11-02T05:00:00")

    def answer(form: dict[str, str]) -> Any:
        if form["action"] == "getactivity":
            return {"status": 0, "body": {"activities": [day], "more": False, "offset": 0}}
        return {"status": 0, "body": {"series": {str(at): {"steps": 1} for at in (starts, ends - 1, ends)}}}

    access, forms = answering(answer)
    (record,) = await read(access, DataType.DAILY, date(2026, 11, 1), date(2026, 11, 1))
    windows = [(int(form["startdate"]), int(form["enddate"])) for form in forms[1:]]
    assert windows == [(starts, starts + 86_400), (starts + 86_400, ends)]
    assert len(record.body["distance_data"]["detailed"]["step_samples"]) == 2


async def test_pages_that_never_end_are_not_followed() -> None:
    rows = {"series": [], "more": True, "offset": 3}
    access, forms = answering({"status": 0, "body": rows})
    with pytest.raises(ProviderUnavailableError):
        await read(access, DataType.ACTIVITY, TODAY, TODAY)
    assert [form.get("offset") for form in forms] == [None, "3"]


@pytest.mark.parametrize("kind", [*BY_DAY, DataType.ATHLETE])
@pytest.mark.parametrize("body", [[], {}, None, {"series": []}, {"series": None, "activities": "none"}])
async def test_nothing_is_written_in_many_ways(kind: DataType, body: Any) -> None:
    access, _ = answering({"status": 0, "body": body})
    found = await PROVIDER.fetch(access, Ask(kind, TODAY, TODAY, samples=True))
    assert found == ([{"userid": "363", "devices": []}] if kind is DataType.ATHLETE else [])


async def test_a_row_that_cannot_be_read_is_left_to_be_reported() -> None:
    rows = {"activities": [{"date": "someday"}], "series": [{"id": None}, "no row"]}
    access, forms = answering({"status": 0, "body": rows})
    for kind in (DataType.DAILY, DataType.ACTIVITY):
        assert len(await PROVIDER.fetch(access, Ask(kind, TODAY, TODAY, samples=True))) == 1
    assert len(forms) == 2


def test_what_is_read_is_what_is_asked_for() -> None:
    assert fields.INTRADAY == "steps,distance,elevation,calories,heart_rate,spo2_auto,rmssd,sdnn1"
    assert fields.STAGE == "hr,rr,snoring,rmssd,sdnn_1"
    assert "totalcalories" in fields.DAY.split(",")
    assert "date" not in fields.DAY.split(",")
    assert {"total_sleep_time", "sleep_score"} <= set(fields.NIGHT.split(","))
    assert {"manual_distance", "hr_zone_3"} <= set(fields.WORKOUT.split(","))


async def test_a_workout_of_years_costs_calls_for_days() -> None:
    row = {"id": 1, "startdate": at("2000-01-01T00:00:00"), "enddate": at("2026-11-22T00:00:00")}
    access, forms = answering({"status": 0, "body": {"series": [row]}})
    await PROVIDER.fetch(access, Ask(DataType.ACTIVITY, TODAY, TODAY, samples=True))
    assert len(forms) == 4
