"""WHOOP: what its documents are in Terra's words, beyond what the golden records say."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers.whoop import PROVIDER
from wearable_gateway.providers.whoop.sports import sport_of
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.records import DataType, Record

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").rglob("*.json"))


def normalised(kind: str, document: dict[str, Any]) -> Record | None:
    return PROVIDER.normalise(DataType(kind), document)


def of(kind: str, document: dict[str, Any]) -> Record:
    record = normalised(kind, document)
    assert record is not None
    return record


def fixture(kind: str, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((HERE / "fixtures" / kind / f"{name}.json").read_text())
    return document


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in FIXTURES]
)
def test_a_document_becomes_its_golden_record(path: Path) -> None:
    record = normalised(path.parent.name, json.loads(path.read_text()))
    golden = json.loads((HERE / "golden" / path.parent.name / path.name).read_text())
    if record is None:
        assert golden is None
        return
    assert record.type is DataType(path.parent.name)
    assert {"key": record.key, "day": record.day.isoformat(), "body": stated(record.body)} == golden


@pytest.mark.parametrize("state", ["PENDING_SCORE", "UNSCORABLE"])
def test_a_score_that_its_state_denies_is_not_believed(state: str) -> None:
    day, night = fixture("daily", "full_day"), fixture("sleep", "night_with_recovery")
    run = fixture("activity", "run")
    for part in (day["cycle"], day["recovery"], night["sleep"], night["recovery"], run):
        part["score_state"] = state
    assert stated(of("daily", day).body)["scores"] == {}
    assert stated(of("daily", day).body)["strain_data"] == {}
    assert stated(of("sleep", night).body)["sleep_durations_data"]["asleep"] == {}
    assert stated(of("activity", run).body)["strain_data"] == {}


def test_a_score_of_an_unknown_state_is_read() -> None:
    run = fixture("activity", "run") | {"score_state": "RESCORED"}
    assert of("activity", run).body["strain_data"] == {"strain_level": 11.9384}


@pytest.mark.parametrize(
    ("start", "offset", "day"),
    [
        ("2026-11-21T02:30:00.000Z", "-05:00", "2026-11-21"),  # 21:30 the evening before
        ("2026-11-21T09:59:00.000Z", "-05:00", "2026-11-21"),  # 04:59
        ("2026-11-21T16:59:00.000Z", "-05:00", "2026-11-21"),  # 11:59, off a night shift
        ("2026-11-21T17:01:00.000Z", "-05:00", "2026-11-22"),  # 12:01
        ("2026-11-20T10:00:00.000Z", "+14:00", "2026-11-21"),  # midnight on the other side of the date line
    ],
)
def test_a_cycle_is_the_day_its_twelfth_hour_falls_on_however_long_it_runs(
    start: str, offset: str, day: str
) -> None:
    for end in (None, "2026-11-23T12:00:00.000Z"):
        record = of("daily", {"cycle": {"start": start, "end": end, "timezone_offset": offset}})
        assert (record.key, record.day) == (day, date.fromisoformat(day))


@pytest.mark.parametrize("offset", ["", "local", "+25:00", "-15:00", "+14:30", "0500", 5, None])
def test_an_offset_that_no_clock_shows_leaves_the_times_in_utc(offset: Any) -> None:
    run = of("activity", fixture("activity", "run") | {"timezone_offset": offset})
    assert run.body["metadata"]["start_time"] == "2026-11-21T22:45:10.500000+00:00"
    assert run.body["metadata"]["timestamp_localization"] == 0


@pytest.mark.parametrize(("offset", "start"), [("+0545", "2026-11-22T04:30:10.500000+05:45")])
def test_an_offset_without_a_colon_is_read(offset: str, start: str) -> None:
    run = of("activity", fixture("activity", "run") | {"timezone_offset": offset})
    assert run.body["metadata"]["start_time"] == start
    assert run.day == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("strain", 21.5),
        ("strain", -1),
        ("kilojoule", -4.184),
        ("kilojoule", "much"),
        ("average_heart_rate", 0),
        ("distance_meter", -3),
        ("zone_durations", "long"),
    ],
)
def test_an_impossible_value_costs_its_field_alone(field: str, bad: Any) -> None:
    run = fixture("activity", "run")
    without = of("activity", run | {"score": {k: v for k, v in run["score"].items() if k != field}})
    assert of("activity", run | {"score": run["score"] | {field: bad}}) == without


def test_a_night_with_one_stage_unknown_has_no_sum_of_its_stages() -> None:
    night = fixture("sleep", "night_with_recovery")
    night["sleep"]["score"]["stage_summary"]["total_rem_sleep_time_milli"] = -1
    asleep = of("sleep", night).body["sleep_durations_data"]["asleep"]
    assert asleep["duration_asleep_state_seconds"] is None
    assert asleep["duration_light_sleep_state_seconds"] == 13_500


@pytest.mark.parametrize("missing", ["id", "start", "end"])
def test_a_sleep_or_workout_that_cannot_be_named_or_placed_is_refused(missing: str) -> None:
    night, run = fixture("sleep", "night_with_recovery"), fixture("activity", "run")
    del night["sleep"][missing], run[missing]
    with pytest.raises(ValidationError):
        normalised("sleep", night)
    with pytest.raises(ValidationError):
        normalised("activity", run)


def test_a_number_for_an_id_is_a_document_of_the_first_version_and_refused() -> None:
    with pytest.raises(ValidationError):
        normalised("activity", fixture("activity", "run") | {"id": 1043})


def test_a_night_without_the_warmth_of_the_skin_says_nothing_about_the_body() -> None:
    document = fixture("body", "skin_temperature")
    del document["recovery"]["score"]["skin_temp_celsius"]
    assert normalised("body", document) is None
    assert normalised("body", document | {"recovery": None}) is None


def test_the_body_says_no_height_and_no_weight_that_nobody_has() -> None:
    document = fixture("body", "measurement")
    document["measurement"] |= {"height_meter": 18.0, "weight_kilogram": 0}
    assert of("body", document).body["measurements_data"] is None


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("running", ActivityType.RUNNING),
        ("Running", ActivityType.RUNNING),
        ("hiking-rucking", ActivityType.HIKING),
        ("Hiking/Rucking", ActivityType.HIKING),
        ("weightlifting_msk", ActivityType.STRENGTH_TRAINING),
        ("soccer", ActivityType.ENGLISH_FOOTBALL),
        ("football", ActivityType.AMERICAN_FOOTBALL),
        ("Track & Field", ActivityType.OTHER),
        ("sauna", ActivityType.OTHER),
        ("activity", ActivityType.OTHER),
        ("quidditch", ActivityType.UNKNOWN),
        ("", ActivityType.UNKNOWN),
        (None, ActivityType.UNKNOWN),
    ],
)
def test_a_sport_is_known_by_its_word_however_it_is_written(word: str | None, sport: ActivityType) -> None:
    assert sport_of(word) is sport
