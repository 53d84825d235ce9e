"""Documents of the vendor's as the connector reads them, and the fixtures that hold some."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wearable_gateway.providers.polar import PROVIDER
from wearable_gateway.unified.records import DataType, Record

HERE = Path(__file__).parent


def normalised(kind: DataType, document: Mapping[str, Any]) -> Record:
    record = PROVIDER.normalise(kind, document)
    assert record is not None
    assert record.type is kind
    return record


def fixture(kind: DataType, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((HERE / "fixtures" / kind.value / f"{name}.json").read_text())
    return read


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group
