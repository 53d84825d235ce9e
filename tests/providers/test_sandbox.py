"""SANDBOX: golden records, checked by hand for units and zones."""

import json
import math
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from terra.types.activity import Activity as TerraActivity
from terra.types.daily import Daily as TerraDaily
from terra.types.sleep import Sleep as TerraSleep

from wearable_gateway.providers.sandbox import PROVIDER
from wearable_gateway.unified.records import DataType

DAY = {
    "date": "2026-11-21",
    "utc_offset": "+01:00",
    "revision": 0,
    "steps": 8123,
    "floors": 4,
    "distance_km": 6.2184,
    "active_energy_kj": 2092.0,
    "resting_energy_kj": 6694.4,
    "resting_heart_rate": 54,
    "average_heart_rate": 71,
    "max_heart_rate": 148,
    "heart_rate_series": [{"at": "2026-11-21T00:30:00+01:00", "bpm": 52}],
}
WORKOUT = {
    "id": "wo_1",
    "sport": "run",
    "title": "Morning run",
    "started_at": "2026-11-21T07:12:00+01:00",
    "ended_at": "2026-11-21T07:54:30+01:00",
    "distance_km": 8.2504,
    "energy_kj": 2150.6,
    "average_heart_rate": 146,
    "max_heart_rate": 171,
    "steps": 7011,
    "manual": False,
}
SERIES: list[dict[str, Any]] = [
    {"second": 0, "heart_rate": 92, "kmh": 9.0, "lat": -32.5, "lng": -20.25},
    {"second": 15, "heart_rate": 101},
    {"second": 90, "heart_rate": 118, "kmh": 12.6, "lat": -32.501, "lng": -20.251},
]
SLEEP: dict[str, Any] = {
    "id": "sl_1",
    "started_at": "2026-11-20T23:40:00+01:00",
    "ended_at": "2026-11-21T06:40:00+01:00",
    "nap": False,
    "stages": [
        {"stage": "light", "started_at": "2026-11-20T23:40:00+01:00", "minutes": 200},
        {"stage": "deep", "started_at": "2026-11-21T03:00:00+01:00", "minutes": 100},
        {"stage": "rem", "started_at": "2026-11-21T04:40:00+01:00", "minutes": 90},
        {"stage": "awake", "started_at": "2026-11-21T06:10:00+01:00", "minutes": 30},
    ],
    "average_heart_rate": 55.5,
    "lowest_heart_rate": 47,
    "hrv_rmssd_ms": 61.2,
    "breaths_per_minute": 14.2,
    "efficiency_percent": 92.9,
    "score": 84,
}


def stated(group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if value is not None}


def test_a_day_in_terras_units_and_the_users_own_time() -> None:
    record = PROVIDER.normalise(DataType.DAILY, DAY)
    assert record is not None
    assert (record.key, record.day) == ("2026-11-21", date(2026, 11, 21))
    body = record.body
    assert body["metadata"]["start_time"] == "2026-11-21T00:00:00.000000+01:00"
    assert body["metadata"]["end_time"] == "2026-11-22T00:00:00.000000+01:00"
    assert stated(body["distance_data"]) == {"distance_meters": 6218, "steps": 8123, "floors_climbed": 4}
    assert stated(body["calories_data"]) == {
        "BMR_calories": 1600,
        "net_activity_calories": 500,
        "total_burned_calories": 2100,
    }
    assert body["heart_rate_data"]["summary"]["resting_hr_bpm"] == 54
    [sample] = body["heart_rate_data"]["detailed"]["hr_samples"]
    assert stated(sample) == {"timestamp": "2026-11-21T00:30:00.000000+01:00", "bpm": 52}


def test_a_workout_in_terras_units() -> None:
    record = PROVIDER.normalise(DataType.ACTIVITY, WORKOUT)
    assert record is not None
    assert (record.key, record.day) == ("wo_1", date(2026, 11, 21))
    assert record.body["metadata"]["type"] == 8
    assert record.body["active_durations_data"]["activity_seconds"] == 2550
    assert stated(record.body["distance_data"]["summary"]) == {"distance_meters": 8250, "steps": 7011}
    assert record.body["calories_data"]["total_burned_calories"] == 514


def test_a_workouts_series_become_samples_with_times() -> None:
    record = PROVIDER.normalise(DataType.ACTIVITY, WORKOUT | {"series": SERIES})
    assert record is not None
    assert [stated(sample) for sample in record.body["heart_rate_data"]["detailed"]["hr_samples"]] == [
        {"timestamp": "2026-11-21T07:12:00.000000+01:00", "bpm": 92, "timer_duration_seconds": 0},
        {"timestamp": "2026-11-21T07:12:15.000000+01:00", "bpm": 101, "timer_duration_seconds": 15},
        {"timestamp": "2026-11-21T07:13:30.000000+01:00", "bpm": 118, "timer_duration_seconds": 90},
    ]
    speeds = record.body["movement_data"]["speed_samples"]
    assert [sample["speed_meters_per_second"] for sample in speeds] == [2.5, 3.5]
    positions = record.body["position_data"]
    assert positions["start_pos_lat_lng_deg"] == [-32.5, -20.25]
    assert positions["end_pos_lat_lng_deg"] == [-32.501, -20.251]
    assert len(positions["position_samples"]) == 2


def test_without_series_there_are_no_samples_and_the_sums_stay() -> None:
    for kind, document, series in (
        (DataType.DAILY, DAY, "heart_rate_series"),
        (DataType.ACTIVITY, WORKOUT | {"series": SERIES}, "series"),
        (DataType.SLEEP, SLEEP | {"heart_rate_series": DAY["heart_rate_series"]}, "heart_rate_series"),
    ):
        full = PROVIDER.normalise(kind, document)
        short = PROVIDER.normalise(kind, {name: value for name, value in document.items() if name != series})
        assert full is not None
        assert short is not None
        assert full.body["heart_rate_data"]["detailed"] is not None
        assert short.body["heart_rate_data"]["detailed"] is None
        assert short.body["heart_rate_data"]["summary"] == full.body["heart_rate_data"]["summary"]


def test_a_night_is_found_under_the_day_it_ends_on() -> None:
    record = PROVIDER.normalise(DataType.SLEEP, SLEEP)
    assert record is not None
    assert record.day == date(2026, 11, 21)
    durations = record.body["sleep_durations_data"]
    assert durations["asleep"]["duration_asleep_state_seconds"] == 390 * 60
    assert durations["asleep"]["duration_deep_sleep_state_seconds"] == 6000
    assert stated(durations["awake"]) == {"duration_awake_state_seconds": 1800, "num_wakeup_events": 1}
    assert durations["other"]["duration_in_bed_seconds"] == 7 * 3600
    assert [sample["level"] for sample in durations["hypnogram_samples"]] == [4, 5, 6, 1]
    assert record.body["metadata"]["upload_type"] == 2


@pytest.mark.parametrize(
    ("kind", "document", "model"),
    [
        (DataType.DAILY, DAY, TerraDaily),
        (DataType.ACTIVITY, WORKOUT | {"series": SERIES}, TerraActivity),
        (DataType.SLEEP, SLEEP, TerraSleep),
    ],
)
def test_terras_own_types_accept_the_record(kind: DataType, document: dict[str, object], model: type) -> None:
    record = PROVIDER.normalise(kind, document)
    assert record is not None
    model.model_validate(record.body)  # type: ignore[attr-defined]


@pytest.mark.parametrize("missing", sorted(set(DAY) - {"date", "utc_offset"}))
def test_a_missing_value_is_null_and_never_zero(missing: str) -> None:
    whole = PROVIDER.normalise(DataType.DAILY, DAY)
    record = PROVIDER.normalise(
        DataType.DAILY, {name: value for name, value in DAY.items() if name != missing}
    )
    assert whole is not None
    assert record is not None
    assert 0 not in record.body["distance_data"].values()
    assert 0 not in record.body["calories_data"].values()
    if missing not in {"revision", "heart_rate_series"}:
        assert record.body != whole.body


def test_a_document_without_its_identity_is_refused() -> None:
    with pytest.raises(ValidationError):
        PROVIDER.normalise(DataType.ACTIVITY, {"sport": "run"})


@pytest.mark.parametrize("bad", ["n/a", math.nan, math.inf, [], {"value": 71}])
def test_a_value_that_cannot_be_read_costs_itself_and_nothing_else(bad: object) -> None:
    record = PROVIDER.normalise(DataType.DAILY, DAY | {"average_heart_rate": bad})
    without = PROVIDER.normalise(DataType.DAILY, DAY | {"average_heart_rate": None})
    assert record is not None
    assert record == without


@pytest.mark.parametrize("bad", [{"heart_rate": "fast"}, {"lat": math.nan}, {"second": None}, 7])
def test_an_unreadable_row_costs_itself_and_no_other(bad: Any) -> None:
    rows = [*SERIES, SERIES[0] | bad if isinstance(bad, dict) else bad]
    record = PROVIDER.normalise(DataType.ACTIVITY, WORKOUT | {"series": rows})
    whole = PROVIDER.normalise(DataType.ACTIVITY, WORKOUT | {"series": SERIES})
    assert record is not None
    assert whole is not None
    samples = record.body["heart_rate_data"]["detailed"]["hr_samples"]
    assert samples[:3] == whole.body["heart_rate_data"]["detailed"]["hr_samples"]
    assert len(record.body["position_data"]["position_samples"]) in {2, 3}


@pytest.mark.parametrize("bad", ["+25:00", "CET", "", 60])
def test_a_day_without_a_readable_offset_is_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        PROVIDER.normalise(DataType.DAILY, DAY | {"utc_offset": bad})


@pytest.mark.parametrize("bad", [{"minutes": "long"}, {"stage": 7}, {"minutes": math.nan}])
def test_a_night_with_an_unreadable_stage_states_no_sums(bad: dict[str, object]) -> None:
    first, *others = SLEEP["stages"]
    record = PROVIDER.normalise(DataType.SLEEP, SLEEP | {"stages": [first | bad, *others]})
    assert record is not None
    durations = record.body["sleep_durations_data"]
    assert stated(durations["asleep"]) == {}
    assert stated(durations["awake"]) == {}
    assert len(durations["hypnogram_samples"]) == 4


def test_a_night_without_stages_states_no_sums() -> None:
    record = PROVIDER.normalise(DataType.SLEEP, SLEEP | {"stages": []})
    assert record is not None
    assert stated(record.body["sleep_durations_data"]["asleep"]) == {}


def test_a_notice_names_kinds_and_unknown_ones_are_ignored() -> None:
    kinds = ["body", "mood", "athlete", "write", "planned_workout"]
    body = {
        "id": "ntc_1",
        "type": "data.updated",
        "account_id": "acc_1",
        "kinds": kinds,
        "date": "2026-11-21",
    }
    (notice,) = PROVIDER.notices(json.dumps(body).encode())
    assert notice.data_types == (DataType.BODY, DataType.ATHLETE, DataType.PLANNED_WORKOUT)
    assert (notice.start, notice.end) == (date(2026, 11, 21), date(2026, 11, 21))
