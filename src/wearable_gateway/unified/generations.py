"""A record in the words of Terra's newer schemas.

Bodies are built and kept in the classic form, which is the one its SDKs can read; the two disagree in the types of a
few fields (https://github.com/tryterra/openapi against terra-python 1.1).
"""

from collections.abc import Callable, Mapping
from typing import Any

from wearable_gateway.unified.menstruation import MenstrualPhase, MenstruationInterval

_PHASES = {
    MenstrualPhase.MENSTRUAL.value: MenstruationInterval.PERIOD,
    MenstrualPhase.FERTILE.value: MenstruationInterval.FERTILE_WINDOW,
    **{
        phase.value: MenstruationInterval[phase.name]
        for phase in MenstrualPhase
        if phase.name in MenstruationInterval.__members__
    },
}
_CURRENT: Mapping[str, Callable[[Any], Any]] = {
    "estimated_fitness_age": int,
    "cycle_length_days": int,
    "drink_unit": int,
    "is_predicted_cycle": lambda text: text == "true",
    "current_phase": lambda phase: int(_PHASES[phase]),
}


def in_current_form(body: Mapping[str, Any]) -> dict[str, Any]:
    """`body`, as a unified model wrote it, in the newer form."""
    return {name: _converted(name, value) for name, value in body.items()}


def _converted(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_contributors"):
        return {one["contributor_name"]: one["contributor_score"] for one in value}
    if name in _CURRENT:
        return _CURRENT[name](value)
    if isinstance(value, Mapping):
        return in_current_form(value)
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [in_current_form(item) for item in value]
    return value
