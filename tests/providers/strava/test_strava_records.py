"""STRAVA's documents as unified records: golden ones, checked by hand, and what becomes of odd values."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.strava import PROVIDER
from wearable_gateway.providers.strava.activities import DetailedActivity, activity
from wearable_gateway.providers.strava.profile import Profile, athlete
from wearable_gateway.providers.strava.sports import sport_of
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.records import DataType, Record

HERE = Path(__file__).parent
FIXTURES = sorted(path.relative_to(HERE / "fixtures") for path in HERE.glob("fixtures/*/*.json"))
START = {"id": 1, "start_date": "2026-07-11T16:05:30Z", "utc_offset": -25200.0}


def normalised(kind: DataType, document: dict[str, Any]) -> Record:
    if kind is DataType.ATHLETE:
        return athlete(read_document("STRAVA", Profile, document))
    return activity(read_document("STRAVA", DetailedActivity, document))


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


@pytest.mark.parametrize("fixture", FIXTURES, ids=str)
def test_a_document_is_the_record_worked_out_by_hand(fixture: Path) -> None:
    record = normalised(DataType(fixture.parent.name), json.loads((HERE / "fixtures" / fixture).read_text()))
    expected = json.loads((HERE / "golden" / fixture).read_text())
    assert {"key": record.key, "day": record.day.isoformat(), "body": stated(record.body)} == expected


def test_a_bad_value_in_a_series_moves_no_other_value_to_an_earlier_time() -> None:
    streams = {"time": {"data": [0, 1, "x", 3]}, "heartrate": {"data": [True, {}, 91, 92]}}
    body = stated(normalised(DataType.ACTIVITY, START | {"streams": streams}).body)
    assert body["heart_rate_data"]["detailed"]["hr_samples"] == [
        {"timestamp": "2026-07-11T09:05:33.000000-07:00", "bpm": 92}
    ]


def test_a_series_of_another_length_than_its_times_is_left_out() -> None:
    streams = {"time": {"data": [0, 1]}, "heartrate": {"data": [90]}, "latlng": {"data": [[1, 2]]}}
    body = normalised(DataType.ACTIVITY, START | {"streams": streams}).body
    assert (body["heart_rate_data"], body["position_data"]) == (None, None)


@pytest.mark.parametrize(
    "place", [[1.0], [91.0, 0.0], [0.0, 181.0], ["north", "east"], "north", [True, False], [1, 2, 3]]
)
def test_half_a_position_is_none(place: Any) -> None:
    streams = {"time": {"data": [0]}, "latlng": {"data": [place]}}
    body = normalised(DataType.ACTIVITY, START | {"start_latlng": place, "streams": streams}).body
    assert (body["position_data"] or {}).get("position_samples") is None


@pytest.mark.parametrize(
    ("times", "start"),
    [
        ({"utc_offset": 3600.0}, "2026-07-11T17:05:30.000000+01:00"),
        ({"utc_offset": 1e9, "start_date_local": "2026-07-11T18:05:30Z"}, "2026-07-11T18:05:30.000000+02:00"),
        ({"start_date_local": "2026-07-11T18:05:30+02:00"}, "2026-07-11T18:05:30.000000+02:00"),
        ({"start_date_local": "2026-07-14T18:05:30Z"}, "2026-07-11T16:05:30.000000+00:00"),
        ({"start_date_local": "2026-07-11T18:05:31Z"}, "2026-07-11T16:05:30.000000+00:00"),
        ({}, "2026-07-11T16:05:30.000000+00:00"),
    ],
)
def test_the_offset_is_the_stated_one_or_the_difference_of_the_two_times(
    times: dict[str, Any], start: str
) -> None:
    record = normalised(DataType.ACTIVITY, {"id": 1, "start_date": "2026-07-11T16:05:30Z"} | times)
    assert record.body["metadata"]["start_time"] == start


def test_numbers_that_cannot_be_cost_their_field_alone() -> None:
    impossible = {
        "distance": 1e300,
        "calories": -5,
        "elapsed_time": 1e12,
        "moving_time": 60,
        "kilojoules": None,
    }
    body = stated(normalised(DataType.ACTIVITY, START | impossible).body)
    assert set(body) == {"metadata", "active_durations_data"}
    assert body["active_durations_data"] == {"activity_seconds": 60}
    assert body["metadata"]["end_time"] == "2026-07-11T09:06:30.000000-07:00"


def test_an_activity_that_cannot_be_named_is_refused() -> None:
    with pytest.raises(ValidationError):
        normalised(DataType.ACTIVITY, {"start_date": "2026-07-11T16:05:30Z"})


@pytest.mark.parametrize(
    ("told", "needs"),
    [
        ({}, ()),
        ({"private": False, "visibility": "everyone"}, ()),
        ({"visibility": "followers_only"}, ()),
        ({"private": True}, ("activity:read_all",)),
        ({"visibility": "only_me"}, ("activity:read_all",)),
        ({"private": False, "visibility": "only_me"}, ("activity:read_all",)),
    ],
)
def test_what_the_athlete_shows_to_nobody_needs_the_scope_that_reaches_it(
    told: dict[str, Any], needs: tuple[str, ...]
) -> None:
    record = normalised(DataType.ACTIVITY, START | told)
    assert record.needs == needs
    assert PROVIDER.limited_to(record, {"activity:read_all"}) == record
    assert (PROVIDER.limited_to(record, {"activity:read"}) is None) is bool(needs)


def test_the_newer_word_for_a_sport_goes_before_the_older() -> None:
    assert sport_of("TrailRun", "Run") is ActivityType.TRAIL_RUNNING
    assert sport_of("Moonwalk", "Walk") is ActivityType.WALKING
    assert sport_of(None, None) is ActivityType.UNKNOWN
