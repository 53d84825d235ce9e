"""A record without its series of measurements, for those who did not ask for them."""

from collections.abc import Mapping
from typing import Any

_SERIES = frozenset({"samples", "raw_signal"})
# What was eaten, drunk or planned is the record itself.
_KEPT = frozenset({"drink_samples", "TSS_samples"})


def is_series(name: str) -> bool:
    """Whether the field called `name` holds one entry a moment, and may be left out."""
    return name in _SERIES or (name not in _KEPT and ("_samples_" in name or name.endswith("_samples")))


def without_samples(body: Mapping[str, Any]) -> dict[str, Any]:
    """`body` with null in place of every series (Terra's `with_samples=false`, its default)."""
    return {name: None if is_series(name) else _without(value) for name, value in body.items()}


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_samples(value)
    if isinstance(value, list):
        return [_without(item) for item in value]
    return value
