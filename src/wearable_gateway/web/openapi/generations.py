"""Fields that the two generations of Terra's API type differently: both forms, as `unified.generations` makes them."""

from collections.abc import Mapping
from typing import Any

_CURRENT: Mapping[str, dict[str, Any]] = {
    "estimated_fitness_age": {"type": "integer"},
    "cycle_length_days": {"type": "integer"},
    "drink_unit": {"type": "integer"},
    "is_predicted_cycle": {"type": "boolean"},
    "current_phase": {"type": "integer", "minimum": 0, "maximum": 9},
}
_CONTRIBUTORS = {
    "type": "object",
    "additionalProperties": {"type": "number"},
    "description": "Name to score.",
}
_SAYS = "The first form is the classic one, the last before null that of `api_version` current."


def tell_both_forms(schemas: Mapping[str, dict[str, Any]]) -> None:
    """Add the current form to the schemas of models, which are in the classic one."""
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            current = _CONTRIBUTORS if name.endswith("_contributors") else _CURRENT.get(name)
            if current is not None and "anyOf" in field:
                field["anyOf"].insert(-1, current)
                field["description"] = _SAYS
