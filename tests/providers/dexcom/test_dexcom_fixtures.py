"""Documents in the vendor's shape beside what they become, checked by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from wearable_gateway.providers.dexcom import PROVIDER
from wearable_gateway.unified.records import DataType

HERE = Path(__file__).parent
FIXTURES = sorted(HERE.glob("fixtures/*/*.json"))


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_becomes_its_golden_record(path: Path) -> None:
    record = PROVIDER.normalise(DataType(path.parent.name), json.loads(path.read_text()))
    assert record is not None
    golden = json.loads((HERE / "golden" / path.parent.name / path.name).read_text())
    assert {"key": record.key, "day": record.day.isoformat(), "body": stated(record.body)} == golden
