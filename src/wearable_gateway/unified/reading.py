"""A record as people read it: the fields that are set, under plain names, with units and the words of enums."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from wearable_gateway.unified.documentation import BY_TYPE, hints, members
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.samples import is_series
from wearable_gateway.unified.units import unit_of, without_unit

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_OWN_SPELLING = {
    "hr": "HR", "hrv": "HRV", "rmssd": "RMSSD", "sdnn": "SDNN", "vo2": "VO₂", "vo2max": "VO₂max", "rem": "REM",
    "bmr": "BMR", "met": "MET", "tss": "TSS", "ecg": "ECG", "avg": "average", "num": "number of", "max": "highest",
    "min": "lowest", "id": "ID", "bmi": "BMI", "rbc": "RBC",
}  # fmt: skip
_SAYS_NOTHING = {"data", "summary", "detailed"}
_MINUTE, _HOUR = 60, 3600
_LISTED = 8


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is set. `path` leads to it in the body; `value` is as it stands there, `text` as it is read."""

    path: tuple[str, ...]
    group: str
    label: str
    unit: str
    value: Any
    text: str

    @property
    def title(self) -> str:
        return f"{self.group}: {self.label}" if self.group else self.label

    @property
    def is_figure(self) -> bool:
        """Whether it can be drawn: a number that stands for no word."""
        return isinstance(self.value, int | float) and self.text[:1] in "-0123456789"


def fields(kind: DataType, body: Mapping[str, Any]) -> Iterator[Field]:
    """In the order of the model; series and lists of groups as one field each, with their length for a text."""
    yield from _fields(BY_TYPE[kind], body, ())


def _fields(group: type[Group] | None, body: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Field]:
    known = _hints(group) if group else {}
    for name in [*(name for name in known if name in body), *(name for name in body if name not in known)]:
        value = body[name]
        if value is None or value in ({}, [], ""):
            continue
        kinds = list(members(known[name])) if name in known else []
        if isinstance(value, Mapping):
            yield from _fields(_group(kinds), value, (*path, name))
        else:
            yield _field((*path, name), value, kinds)


@cache
def _hints(group: type[Group]) -> Mapping[str, Any]:
    return hints(group)


def _group(kinds: list[Any]) -> type[Group] | None:
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, Group)), None)


def _field(path: tuple[str, ...], value: Any, kinds: list[Any]) -> Field:
    name = path[-1]
    unit = unit_of(name) if not isinstance(value, list) else ""
    is_time = unit == "s" and isinstance(value, int | float)
    return Field(
        path=path,
        group=group_title(path[:-1]),
        label=label_of(name),
        unit="" if is_time else unit,
        value=value,
        text=duration(value) if is_time else _text(value, kinds, name),
    )


def group_title(path: tuple[str, ...]) -> str:
    """The groups on the way to a field, in words: `Heart rate`."""
    parts = [" ".join(word for word in _words(name) if word not in _SAYS_NOTHING) for name in path]
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def label_of(name: str) -> str:
    """A field's own name, in words and without its unit: `average HR`."""
    return " ".join(_words(without_unit(name)))


def _words(name: str) -> list[str]:
    return [_OWN_SPELLING.get(word.lower(), word) for word in name.split("_") if word]


def _text(value: Any, kinds: list[Any], name: str) -> str:
    if isinstance(value, list):
        return _list_text(value, name)
    word = _word(value, kinds)
    if word is not None:
        return word
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return figure(value)
    return moment_text(value) if isinstance(value, str) else str(value)


def _list_text(value: list[Any], name: str) -> str:
    if any(isinstance(one, Mapping | list) for one in value):
        what = ("sample", "samples") if is_series(name) else ("entry", "entries")
        return f"{len(value):,} {what[len(value) != 1]}"
    shown = ", ".join(str(one) for one in value[:_LISTED])
    return shown if len(value) <= _LISTED else f"{shown} and {len(value) - _LISTED} more"


def _word(value: Any, kinds: list[Any]) -> str | None:
    """What an enum's value means; None where it is no enum's."""
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Enum):
            for member in kind:
                if member.value == value:
                    return member.name.lower().replace("_", " ")
    return None


def figure(value: float) -> str:
    """Three significant places behind the point at most, thousands apart."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def duration(seconds: float) -> str:
    """`45 s`, `12 min 5 s`, `7 h 30 min`."""
    sign, rest = "-" if seconds < 0 else "", round(abs(seconds))
    if rest < _MINUTE:
        return f"{sign}{figure(abs(seconds))} s"
    hours, minutes, left = rest // _HOUR, rest % _HOUR // _MINUTE, rest % _MINUTE
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes or not hours else []
    parts += [f"{left} s"] if left and not hours else []
    return sign + " ".join(parts)


def moment_text(text: str) -> str:
    """A time in the offset it was written with; any other text as it is."""
    if not _MOMENT.match(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    offset = f" {text[-6:]}" if moment.utcoffset() else " UTC" if moment.tzinfo else ""
    return f"{moment:%d %b %Y, %H:%M}".removeprefix("0") + offset
