"""What was typed into the settings form: what of it is a change, and what cannot be one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wearable_gateway.developers import developer_changes
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.developers.settings_repository import Setting, check_changes
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit import json
from wearable_gateway.web.dashboard.settings.controls import CONTROLS, Control, Kind

_MOST_DIGITS = 12
NAME = "developer_name"
RESET = "reset"
NONE = "none."
WAS = "was."
"""Prefixes of fields: that no value is chosen, and what the page showed when it was opened."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A setting's field as it stands on the page. `none`: no value is chosen, whatever stands in the field."""

    text: str
    none: bool = False
    problem: str | None = None


@dataclass(slots=True)
class Submitted:
    name: str = ""
    name_problem: str | None = None
    chosen: dict[str, Any] = field(default_factory=dict)
    reset: list[str] = field(default_factory=list)
    typed: dict[str, Typed] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)

    @property
    def is_fine(self) -> bool:
        return self.name_problem is None and all(one.problem is None for one in self.typed.values())


def shown(settings: Sequence[Setting]) -> dict[str, Typed]:
    """The fields as they are stored."""
    return {
        setting.name: Typed(_text(CONTROLS[setting.name], setting.value), none=setting.value is None)
        for setting in settings
        if setting.name in CONTROLS
    }


def was(settings: Sequence[Setting]) -> dict[str, str]:
    return {setting.name: json.dump(setting.value).decode() for setting in settings}


def read(form: Mapping[str, str], *, limits_too: bool) -> Submitted:
    """Only what somebody changed on the page becomes a choice: what another changed meanwhile stays.

    Without `limits_too` the settings that belong to the gateway alone are left as they are, whatever was sent.
    """
    read = Submitted(name=form.get(NAME, ""))
    try:
        developer_changes.check_name(read.name)
    except InvalidInputError as error:
        read.name_problem = error.expected
    for control in CONTROLS.values():
        if control.for_the_gateway_alone and not limits_too:
            continue
        if form.get(RESET) == control.name:
            read.reset.append(control.name)
        else:
            _read_one(read, control, form)
    return read


def _read_one(read: Submitted, control: Control, form: Mapping[str, str]) -> None:
    text, none = form.get(control.name, ""), bool(form.get(NONE + control.name))
    problem = None
    read.was[control.name] = form.get(WAS + control.name, "")
    try:
        value = None if none and control.none else _value(control, text)
        if json.dump(value).decode() != read.was[control.name]:
            read.chosen |= check_changes({control.name: value}, [])
    except InvalidInputError as error:
        problem = error.expected.removesuffix(f" ({_description(control.name)})")
    read.typed[control.name] = Typed(text, none, problem)


def _value(control: Control, text: str) -> Any:
    match control.kind:
        case Kind.SWITCH:
            return bool(text)
        case Kind.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case Kind.NUMBER:
            plain = text.strip()
            if not (plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS):
                instead = f", or “{control.none}”" if control.none else ""
                raise InvalidInputError(control.name, f"a whole number{instead}")
            return int(plain)
        case Kind.CHOICE:
            return text


def _text(control: Control, value: Any) -> str:
    if value is None:
        return ""
    if control.kind is Kind.LINES:
        return "\n".join(value)
    if control.kind is Kind.SWITCH:
        return "on" if value else ""
    return str(value)


def _description(name: str) -> str:
    return DeveloperSettings.model_fields[name].description or ""
