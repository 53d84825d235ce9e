"""The vendor's documents, and what they are in Terra's words: golden records, checked by hand for units and zones."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.withings.bodies import body
from wearable_gateway.providers.withings.days import DaySummary, daily
from wearable_gateway.providers.withings.measures import MeasuredDay
from wearable_gateway.providers.withings.profile import Profile, athlete
from wearable_gateway.providers.withings.sleeps import Night, sleep
from wearable_gateway.providers.withings.workouts import Workout, activity
from wearable_gateway.unified.records import Record

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").glob("*/*.json"))
READERS: dict[str, tuple[type[Any], Callable[[Any], Record | None]]] = {
    "activity": (Workout, activity),
    "athlete": (Profile, athlete),
    "body": (MeasuredDay, body),
    "daily": (DaySummary, daily),
    "sleep": (Night, sleep),
}


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_becomes_its_golden_record(path: Path) -> None:
    model, unify = READERS[path.parent.name]
    record = unify(read_document("WITHINGS", model, json.loads(path.read_text())))
    assert record is not None
    golden = json.loads((HERE / "golden" / path.parent.name / path.name).read_text())
    assert {"key": record.key, "day": record.day.isoformat(), "body": stated(record.body)} == golden
