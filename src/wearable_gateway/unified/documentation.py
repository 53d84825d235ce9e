"""`docs/models.md`, written from the models: python -m wearable_gateway.unified.documentation > docs/models.md"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin, get_type_hints

from wearable_gateway.unified.activity import Activity
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.body import Body
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.fields import FlagText, Group, MomentText, Position, Whole, WholeText
from wearable_gateway.unified.health_observation import HealthObservation
from wearable_gateway.unified.hormone import HormoneSample
from wearable_gateway.unified.menstruation import Menstruation
from wearable_gateway.unified.nutrition import DrinkUnit, Nutrition
from wearable_gateway.unified.planned_workout import ActivityName, PlannedWorkout
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.sleep import Sleep
from wearable_gateway.unified.units import unit_of

BY_TYPE: Mapping[DataType, type[Group]] = {
    DataType.ACTIVITY: Activity,
    DataType.ATHLETE: Athlete,
    DataType.BODY: Body,
    DataType.DAILY: Daily,
    DataType.SLEEP: Sleep,
    DataType.MENSTRUATION: Menstruation,
    DataType.NUTRITION: Nutrition,
    DataType.PLANNED_WORKOUT: PlannedWorkout,
    DataType.HORMONE: HormoneSample,
    DataType.HEALTH_OBSERVATION: HealthObservation,
}
MODELS: tuple[type[Group], ...] = tuple(BY_TYPE.values())

_SHORT = 15
"""An enum of no more values is told where it is used."""

_INTRODUCTION = """\
# Data models

Made from `src/wearable_gateway/unified` by `.venv/bin/python -m wearable_gateway.unified.documentation > docs/models.md`.

Names, units and enums are Terra's. A field marked * is always there; any other may be null, and null means that the
provider did not say. Times are ISO 8601 with six fractional digits and the person's own offset. A unit is the end of a
field's name. Where Terra's schemas and its Python SDK differ in a type, the SDK's is sent; where they differ in a name,
both names are sent with one value.

Series, which are the fields whose name ends in `samples` and `raw_signal`, are null in what was asked for without
`with_samples=true`; `drink_samples` and `TSS_samples` are no series. A later payload of a record contains what earlier ones
said, unless it says otherwise.

A developer whose `api_version` is `current` gets the types of Terra's newer schemas: `…_contributors` as an object of name
and score; `estimated_fitness_age`, `cycle_length_days` and `drink_unit` as numbers; `is_predicted_cycle` as a truth value;
`current_phase` as the number of a MenstruationInterval."""
_PLAIN: tuple[tuple[Any, str], ...] = (
    (Whole, "whole number"),
    (WholeText, "whole number as text"),
    (FlagText, "`true` or `false` as text"),
    (MomentText, "text: a time"),
    (Position, "[latitude, longitude]"),
    (DrinkUnit, "the number of a NutritionUnits, as text"),
    (ActivityName, "the name of an [ActivityType](#activitytype), such as `TRAIL_RUNNING`"),
    (float, "number"),
    (int, "whole number"),
    (str, "text"),
    (bool, "true or false"),
)


def models_page() -> str:
    """The page, as `docs/models.md` has to be."""
    reached = {model: list(_reached(model)) for model in MODELS}
    shared = {group for group in _all(reached.values()) if sum(group in own for own in reached.values()) > 1}
    every = _all(reached.values())
    parts = [_INTRODUCTION]
    for model, groups in reached.items():
        parts.append(_table(model, "##"))
        parts.extend(_table(group) for group in groups if group is not model and group not in shared)
    parts.append("## Groups of several models")
    parts.extend(_table(group) for group in every if group in shared)
    parts.append("## Long enums")
    enums = sorted(_enums(every), key=lambda enum: enum.__name__)
    parts.extend(f"### {enum.__name__}\n\n{_values(enum)}" for enum in enums if len(enum) > _SHORT)
    return "\n\n".join(parts) + "\n"


def members(hint: Any) -> Iterator[Any]:
    """The types in an annotation, without None, lists and the members' own annotations."""
    if get_origin(hint) in {Union, UnionType, list, tuple}:
        for part in get_args(hint):
            yield from members(part)
    elif get_origin(hint) is Annotated:
        yield from members(get_args(hint)[0])
    elif hint is not NoneType and hint is not Ellipsis:
        yield hint


def hints(group: type[Group]) -> dict[str, Any]:
    known = get_type_hints(group, include_extras=True)
    return {name: known[name] for name in group.model_fields}


def _reached(group: type[Group]) -> Iterator[type[Group]]:
    """`group` and all groups in it, each once, in the order of their fields."""
    found: dict[type[Group], None] = {}
    waiting = [group]
    while waiting:
        current = waiting.pop(0)
        if current in found:
            continue
        found[current] = None
        inner = [part for hint in hints(current).values() for part in members(hint)]
        waiting[:0] = [part for part in inner if isinstance(part, type) and issubclass(part, Group)]
    yield from found


def _all(lists: Iterable[list[type[Group]]]) -> list[type[Group]]:
    return list(dict.fromkeys(group for groups in lists for group in groups))


def _enums(groups: Iterable[type[Group]]) -> set[type[Enum]]:
    return {
        part for group in groups for hint in hints(group).values() for part in members(hint) if _is_enum(part)
    }


def _is_enum(part: Any) -> TypeGuard[type[Enum]]:
    return isinstance(part, type) and issubclass(part, Enum)


def _table(group: type[Group], heading: str = "###") -> str:
    lines = [f"{heading} {group.__name__}", ""]
    if group.__doc__ and "__doc__" in vars(group):
        lines += [" ".join(group.__doc__.split()), ""]
    lines += ["| Field | Type | Unit | Values |", "|---|---|---|---|"]
    for name, hint in hints(group).items():
        required = " *" if group.model_fields[name].is_required() else ""
        values = "; ".join(_values(enum) for enum in members(hint) if _is_enum(enum) and len(enum) <= _SHORT)
        lines.append(f"| `{name}`{required} | {_type(hint)} | {unit_of(name)} | {values} |")
    return "\n".join(lines)


def _type(hint: Any) -> str:
    words = next((words for known, words in _PLAIN if hint == known), None)
    if words is not None:
        return words
    origin, parts = get_origin(hint), get_args(hint)
    if origin is list:
        return f"list of {_type(parts[0])}"
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in parts)
    if origin is Annotated:
        return _type(parts[0])
    if origin in {Union, UnionType}:
        return " or ".join(_type(part) for part in parts if part is not NoneType)
    told_here = _is_enum(hint) and len(hint) <= _SHORT
    return str(hint.__name__) if told_here else f"[{hint.__name__}](#{hint.__name__.lower()})"


def _values(enum: type[Enum]) -> str:
    if issubclass(enum, StrEnum):
        return ", ".join(f"`{member.value}`" for member in enum)
    return ", ".join(f"{member.value} {member.name.lower().replace('_', ' ')}" for member in enum)


if __name__ == "__main__":
    sys.stdout.write(models_page())
