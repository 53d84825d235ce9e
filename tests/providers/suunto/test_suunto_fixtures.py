"""Documents in the vendor's shape beside what they become, checked by hand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.suunto.days import DayOfSamples, daily
from wearable_gateway.providers.suunto.sleeps import SleepSample, sleep
from wearable_gateway.providers.suunto.workouts import Workout, activity
from wearable_gateway.unified.records import Record

HERE = Path(__file__).parent
FIXTURES = sorted(HERE.glob("fixtures/*/*.json"))
READERS: Mapping[str, tuple[type[BaseModel], Callable[[Any], Record | None]]] = {
    "activity": (Workout, activity),
    "daily": (DayOfSamples, daily),
    "sleep": (SleepSample, sleep),
}


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_becomes_its_golden_record(path: Path) -> None:
    model, unify = READERS[path.parent.name]
    record = unify(read_document("SUUNTO", model, json.loads(path.read_text())))
    assert record is not None
    golden = json.loads((HERE / "golden" / path.parent.name / path.name).read_text())
    assert {"key": record.key, "day": record.day.isoformat(), "body": stated(record.body)} == golden
