"""Which fields can a provider fill? Found by mapping real documents (tests/providers/coverage.py), and kept beside this file."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from wearable_gateway.kit import json
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.unified.records import DataType

_FIELDS = Path(__file__).with_name("fields.json")


def fields_of(provider: Provider) -> Mapping[DataType, Sequence[str]]:
    """By type of data, as `docs/providers/coverage.md` writes them; empty where no documents of the vendor are known."""
    return {DataType(kind): names for kind, names in _all().get(provider.slug, {}).items()}


@cache
def _all() -> Mapping[str, Mapping[str, Sequence[str]]]:
    read: Mapping[str, Mapping[str, Sequence[str]]] = json.load(_FIELDS.read_bytes())
    return read
