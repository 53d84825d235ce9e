"""Any instance of a model, for property tests."""

from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from wearable_gateway.unified.documentation import hints
from wearable_gateway.unified.fields import FlagText, Group, MomentText, Position, Whole, WholeText
from wearable_gateway.unified.nutrition import DrinkUnit, NutritionUnits

_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_WHOLES = st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9, allow_nan=False)
_KNOWN: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (Whole, _WHOLES),
    (WholeText, _WHOLES),
    (FlagText, st.booleans()),
    (MomentText, st.datetimes(min_value=datetime(1900, 1, 1)).map(datetime.isoformat)),  # noqa: DTZ001 - as text
    (Position, st.tuples(_NUMBERS, _NUMBERS)),
    (DrinkUnit, st.sampled_from(NutritionUnits)),
    (float, _NUMBERS),
    (str, st.text(max_size=8)),
    (bool, st.booleans()),
]


@st.composite
def data_of(draw: st.DrawFn, model: type[Group], depth: int = 0) -> dict[str, Any]:
    """A mapping that `model` accepts: what it requires, and a few of its other fields."""
    known = hints(model)
    # A plain step has its `type` by default; within a list of steps it has to be said.
    required = [name for name in known if model.model_fields[name].is_required() or _is_word(known[name])]
    optional = [name for name in known if name not in required]
    most = 5 if depth < 4 else 1
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=most)) if optional else []
    return {name: draw(_value(known[name], depth)) for name in (*required, *chosen)}


def instance_of(model: type[Group]) -> st.SearchStrategy[Group]:
    return data_of(model).map(model.model_validate)


def _is_word(hint: Any) -> bool:
    return get_origin(hint) is Literal


def _value(hint: Any, depth: int) -> st.SearchStrategy[Any]:
    known = next((strategy for known, strategy in _KNOWN if hint == known), None)
    if known is not None:
        return known
    parts = get_args(hint)
    if parts:
        return _composed(get_origin(hint), parts, depth)
    if hint is NoneType:
        return st.none()
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return data_of(hint, depth + 1)


def _composed(origin: Any, parts: tuple[Any, ...], depth: int) -> st.SearchStrategy[Any]:
    if origin is list:
        return st.lists(_value(parts[0], depth), max_size=2)
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is Annotated:
        return _value(parts[0], depth)
    assert origin in {Union, UnionType}
    return st.one_of([_value(part, depth) for part in parts])
