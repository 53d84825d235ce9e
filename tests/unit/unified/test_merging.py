"""A later payload is a superset of the earlier ones."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wearable_gateway.unified.merging import merge

_VALUES = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=3)
_BODIES = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), _VALUES, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner | _VALUES, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": None}, {"a": 1}),
        ({"a": 1}, {}, {"a": 1}),
        ({}, {"a": None}, {"a": None}),
        ({"a": 1}, {"a": 0}, {"a": 0}),
        ({"a": True}, {"a": False}, {"a": False}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [1, 2]}, {"a": []}, {"a": []}),
        ({"samples": [1, 2]}, {"samples": []}, {"samples": [1, 2]}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": None}}, {"a": {"b": 3, "c": 2}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": {"b": 1}}),
        ({"data_enrichment": {"b": 1}}, {"data_enrichment": None}, {"data_enrichment": None}),
        ({"data_enrichment": {"b": 1}}, {}, {}),
    ],
)
def test_what_was_known_stays_unless_it_is_overruled(
    old: dict[str, Any], new: dict[str, Any], merged: dict[str, Any]
) -> None:
    assert merge(old, new) == merged


def _places(body: dict[str, Any], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = set()
    for name, value in body.items():
        if value is not None:
            found.add((*above, name))
        if isinstance(value, dict):
            found |= _places(value, (*above, name))
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_BODIES, _BODIES)
def test_no_field_that_had_a_value_loses_it(old: dict[str, Any], new: dict[str, Any]) -> None:
    tops = {place[0] for place in _places(merge(old, new))}
    assert {place[0] for place in _places(old) | _places(new)} <= tops
    assert merge(old, old) == old
    once = merge(old, new)
    assert merge(once, new) == once
