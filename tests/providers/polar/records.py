"""A document of the vendor's as a record, the way the connector reads it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.polar.document import SLUG, with_one_spelling
from wearable_gateway.providers.polar.records import reader_of
from wearable_gateway.unified.records import DataType, Record

HERE = Path(__file__).parent


def normalised(kind: DataType, document: Mapping[str, Any]) -> Record:
    model, unify = reader_of(kind, document)
    return unify(read_document(SLUG, model, with_one_spelling(document)))


def fixture(kind: DataType, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((HERE / "fixtures" / kind.value / f"{name}.json").read_text())
    return read


def stated(group: Any) -> Any:
    """`group` without what is null or empty, however deep."""
    if isinstance(group, dict):
        kept = {name: stated(value) for name, value in group.items()}
        return {name: value for name, value in kept.items() if value not in (None, {}, [])}
    return [stated(item) for item in group] if isinstance(group, list) else group
