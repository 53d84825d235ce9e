"""How does one bad value of a vendor's not cost the record it stands in?"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)

_Place = tuple[str | int, ...]

_DEEPEST = 40
"""Nothing in a model stands deeper; what a document has below is dropped as one."""


class _Numbered(list[Any]):
    """A list whose items keep the numbers they had before some were dropped."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.numbers = list(range(len(self)))


def build(model: type[Model], data: Mapping[str, Any]) -> tuple[Model, list[str]]:
    """`model` from `data` without what cannot be read, and the dotted places of what was left out.

    The smallest thing goes: the field, or, when a model cannot do without it, the group or the item of a list around it.
    A field that only some of a union's members know needs the union to be discriminated. Raises ValidationError, of
    `data` as it came, when what the model itself requires is missing or bad.
    """
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        first = error
    tree = _copy(dict(data))
    dropped: list[_Place] = []
    faults = _errors(first)
    while True:
        places = _faulty(tree, faults)
        if () in places:
            raise first
        dropped.extend(_drop(tree, place) for place in sorted(places, key=_order, reverse=True))
        try:
            built = model.model_validate(tree)
        except ValidationError as error:
            faults = _errors(error)
        else:
            return built, [".".join(map(str, place)) for place in _outermost(dropped)]


def _errors(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def _copy(node: Any, depth: int = 0) -> Any:
    if depth == _DEEPEST:
        return node
    if isinstance(node, Mapping):
        return {key: _copy(value, depth + 1) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return _Numbered(_copy(item, depth + 1) for item in node)
    return node


def _faulty(tree: Any, faults: Iterable[ErrorDetails]) -> set[_Place]:
    """What to drop next: the bad values, or else the groups that miss something."""
    values: set[_Place] = set()
    groups: set[_Place] = set()
    for fault in faults:
        place, is_value = _find(tree, fault["loc"])
        (values if is_value else groups).add(place)
    return values or groups


def _find(tree: Any, loc: _Place) -> tuple[_Place, bool]:
    """Where in `tree` a fault is, and whether a value is bad there; if not, the group there misses something.

    Pydantic's location also names what stands in no document: the member of a union, a field that is missing.
    """
    place: _Place = ()
    node: Any = tree
    is_value = False
    for part in loc:
        holds = _holds(node, part)
        if holds is None or len(place) == _DEEPEST:
            return place, True
        is_value = holds
        if holds:
            place = (*place, part)
            node = node[part]
    return place, is_value


def _holds(node: Any, part: str | int) -> bool | None:
    """Whether `node` has a `part`; None when it is no group and no list."""
    if isinstance(node, dict):
        return part in node
    if isinstance(node, _Numbered):
        return isinstance(part, int) and part < len(node)
    return None


def _drop(tree: Any, place: _Place) -> _Place:
    """Take out what is at `place`, and return the place it had before anything was taken out."""
    *parents, last = place
    node: Any = tree
    original: list[str | int] = []
    for part in parents:
        original.append(_number(node, part))
        node = node[part]
    original.append(_number(node, last))
    del node[last]
    if isinstance(node, _Numbered) and isinstance(last, int):
        del node.numbers[last]
    return tuple(original)


def _number(node: Any, part: str | int) -> str | int:
    return node.numbers[part] if isinstance(node, _Numbered) and isinstance(part, int) else part


def _order(place: _Place) -> list[tuple[bool, int, str]]:
    return [
        (isinstance(part, str), 0, part) if isinstance(part, str) else (False, part, "") for part in place
    ]


def _outermost(places: Iterable[_Place]) -> list[_Place]:
    kept: list[_Place] = []
    for place in sorted(places, key=_order):
        if not kept or place[: len(kept[-1])] != kept[-1]:
            kept.append(place)
    return kept
