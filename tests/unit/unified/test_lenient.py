"""A bad value costs the smallest thing that makes the record valid."""

import copy
import math
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from tests.unit.unified.instances import data_of
from wearable_gateway.unified.activity import PositionData
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.lenient import build
from wearable_gateway.unified.nutrition import Nutrition
from wearable_gateway.unified.planned_workout import PlannedWorkout
from wearable_gateway.unified.sleep import Sleep

METADATA = {"start_time": "2026-11-21", "end_time": "2026-11-22", "upload_type": 1}
TAG = {"timestamp": "t", "tag_name": "coffee", "notes": ""}
MEAL = {
    "id": "m", "timestamp": "t", "name": "soup", "type": 3,
    "quantity": {"unit": 1, "amount": 250}, "macros": {}, "micros": {},
}  # fmt: skip


def stated(value: Any) -> Any:
    """`value` without what is null in it."""
    if isinstance(value, dict):
        return {name: stated(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [stated(item) for item in value]
    return value


@pytest.mark.parametrize(
    ("given", "left", "dropped"),
    [
        pytest.param({}, {}, [], id="nothing is bad"),
        pytest.param(
            {"scores": {"sleep": "good", "recovery": 71}}, {"scores": {"recovery": 71}}, ["scores.sleep"],
            id="a field of the wrong type",
        ),
        pytest.param(
            {"scores": {"sleep": math.nan, "recovery": -math.inf}}, {"scores": {}},
            ["scores.recovery", "scores.sleep"], id="NaN and infinity",
        ),
        pytest.param({"distance_data": {"steps": 1e300}}, {"distance_data": {}}, ["distance_data.steps"], id="too long"),
        pytest.param(
            {"scores": {"mood": 3, "sleep": 84}}, {"scores": {"sleep": 84}}, ["scores.mood"], id="an unknown field"
        ),
        pytest.param({"scores": "none"}, {}, ["scores"], id="a group that is none"),
        pytest.param({"scores": []}, {}, ["scores"], id="a list for a group"),
        pytest.param(
            {"tag_data": {"tags": "coffee"}}, {"tag_data": {}}, ["tag_data.tags"], id="a text for a list"
        ),
        pytest.param(
            {"tag_data": {"tags": [TAG | {"notes": 5}, TAG, 7, None, TAG]}},
            {"tag_data": {"tags": [TAG, TAG]}},
            ["tag_data.tags.0", "tag_data.tags.2", "tag_data.tags.3"],
            id="items of a list that lack what they must have, or are none, by the numbers they came with",
        ),
        pytest.param(
            {"tag_data": {"tags": [7, TAG, {"notes": []}, TAG, {"tag_name": "x"}]}},
            {"tag_data": {"tags": [TAG, TAG]}},
            ["tag_data.tags.0", "tag_data.tags.2", "tag_data.tags.4"],
            id="items that fall in different rounds",
        ),
        pytest.param(
            {"heart_rate_data": {"detailed": {"hr_samples": [{"bpm": 52}, {"bpm": "x", "timestamp": "t"}]}}},
            {"heart_rate_data": {"detailed": {"hr_samples": [{"bpm": 52}, {"timestamp": "t"}]}}},
            ["heart_rate_data.detailed.hr_samples.1.bpm"],
            id="a field of an item that can do without it",
        ),
        pytest.param(
            {"device_data": {"data_provided": ["STEPS", "MOOD", "SPEED"]}},
            {"device_data": {"data_provided": ["STEPS", "SPEED"]}},
            ["device_data.data_provided.1"],
            id="an unknown word of an enum",
        ),
        pytest.param(
            {"metadata": METADATA | {"timestamp_localization": 9}}, {}, ["metadata.timestamp_localization"],
            id="metadata that is not required",
        ),
    ],
)  # fmt: skip
def test_the_smallest_thing_goes(given: dict[str, Any], left: dict[str, Any], dropped: list[str]) -> None:
    data = {"metadata": METADATA, **given}
    before = copy.deepcopy(data)
    record, places = build(Daily, data)
    assert stated(record.model_dump(mode="json")) == {"metadata": METADATA, **left}
    assert places == dropped
    assert repr(data) == repr(before)


def test_one_field_of_two_names_goes_once() -> None:
    sleep, dropped = build(
        Sleep, {"metadata": METADATA, "scores": {"sleep": "good"}, "readiness_data": {"readiness": 7}}
    )
    assert dropped == ["scores.sleep"]
    assert stated(sleep.model_dump()["readiness_data"]) == {"readiness": 7}


@pytest.mark.parametrize(
    ("meal", "kept"),
    [
        (MEAL, True),
        (MEAL | {"quantity": {"unit": 1, "amount": "much"}}, False),
        (MEAL | {"macros": {"fat_g": "much"}}, True),
        (MEAL | {"type": 99}, False),
    ],
)
def test_what_an_item_requires_deep_within_costs_the_item(meal: dict[str, Any], kept: bool) -> None:
    record, dropped = build(Nutrition, {"metadata": METADATA | {"upload_type": 1}, "meals": [MEAL, meal]})
    assert record.meals is not None
    assert len(record.meals) == 1 + kept
    assert "metadata.upload_type" in dropped
    assert ("meals.1" in dropped) is not kept


def test_half_a_position_is_none() -> None:
    data = {"start_pos_lat_lng_deg": [math.nan, 9.1], "end_pos_lat_lng_deg": [47.3, 9.1]}
    positions, dropped = build(PositionData, data)
    assert stated(positions.model_dump(mode="json")) == {"end_pos_lat_lng_deg": [47.3, 9.1]}
    assert dropped == ["start_pos_lat_lng_deg"]


def test_the_kind_of_a_step_does_not_hide_where_it_is_bad() -> None:
    steps = [
        {"type": "PlannedWorkoutStep", "order": "first", "name": "warm up"},
        {"type": "NapPlannedWorkoutStep"},
        {"name": "no kind"},
        {"type": "SwimmingPlannedWorkoutStep", "stroke_type": "DOGGY", "targets": [{"type": "x"}, 3]},
    ]
    plan, dropped = build(PlannedWorkout, {"steps": steps})
    assert stated(plan.model_dump(mode="json")) == {
        "steps": [
            {"type": "PlannedWorkoutStep", "name": "warm up"},
            {"type": "SwimmingPlannedWorkoutStep", "targets": []},
        ]
    }
    assert dropped == [
        "steps.0.order",
        "steps.1",
        "steps.2",
        "steps.3.stroke_type",
        "steps.3.targets.0",
        "steps.3.targets.1",
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        "x",
        {},
        METADATA | {"start_time": 5},
        {"start_time": "a", "end_time": "b"},
        METADATA | {"upload_type": 9},
    ],
)
def test_without_what_names_it_there_is_no_record(metadata: object) -> None:
    with pytest.raises(ValidationError):
        build(Daily, {"metadata": metadata, "scores": {"sleep": "bad"}})


def test_the_error_is_of_the_data_as_it_came() -> None:
    with pytest.raises(ValidationError) as raised:
        build(Daily, {"metadata": METADATA | {"start_time": 5}, "scores": {"sleep": "bad"}})
    assert {fault["loc"] for fault in raised.value.errors()} == {
        ("metadata", "start_time"),
        ("scores", "sleep"),
    }


def test_a_vendors_own_model_may_have_aliases_and_tuples() -> None:
    class Stage(BaseModel):
        kind: Literal["deep", "light"]
        minutes: float = Field(alias="min")

    class Night(BaseModel):
        id: str
        stages: tuple[Stage, ...] = ()

    night, dropped = build(
        Night, {"id": "n", "stages": ({"kind": "deep", "min": "x"}, {"kind": "light", "min": 5})}
    )
    assert [stage.minutes for stage in night.stages] == [5]
    assert dropped == ["stages.0"]


def test_a_document_as_deep_as_a_well_is_read_or_refused_and_crashes_nobody() -> None:
    steps: Any = "x"
    for _ in range(3000):
        steps = [{"steps": steps}]
    plan, dropped = build(PlannedWorkout, {"details": {"steps": steps}, "name": None})
    assert plan.details is not None
    assert dropped


def test_a_long_list_of_bad_items_is_dropped_in_no_time() -> None:
    daily, dropped = build(Daily, {"metadata": METADATA, "tag_data": {"tags": [{"notes": 5}, TAG] * 5000}})
    assert daily.tag_data is not None
    assert daily.tag_data.tags is not None
    assert (len(daily.tag_data.tags), len(dropped)) == (5000, 5000)
    assert dropped[-1] == "tag_data.tags.9998"


_JUNK = st.sampled_from([math.nan, math.inf, "junk", [], {}, [{}], {"a": 1}, -1, True, object()])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=data_of(Daily), draw=st.data())
def test_junk_anywhere_but_in_metadata_never_costs_the_record(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    groups = {name: value for name, value in data.items() if name != "metadata"}
    places = _places(groups)
    for holder, key in draw.draw(st.lists(st.sampled_from(places), max_size=4)) if places else []:
        holder[key] = draw.draw(_JUNK)
    record, dropped = build(Daily, {"metadata": METADATA, **groups})
    assert record.metadata.start_time == METADATA["start_time"]
    assert build(Daily, record.model_dump(mode="json")) == (record, [])
    assert not any(place.startswith("metadata") for place in dropped)


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every place within `node` that something stands at."""
    if isinstance(node, dict):
        items: Any = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    else:
        return []
    return [(node, key) for key, _ in items] + [place for _, value in items for place in _places(value)]
