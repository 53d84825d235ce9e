"""How the vendor names and measures what is in a meal, and how Terra does."""

from collections.abc import Mapping
from typing import TypeVar

from wearable_gateway.providers.sandbox.units import scaled
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.nutrition import NutritionMacros, NutritionMicros

Nutrients = TypeVar("Nutrients", bound=Group)

_MG_SODIUM_PER_G_SALT = 400
"""Salt is declared as sodium times 2.5: Regulation (EU) 1169/2011, annex I."""

_MACROS = {
    "energy_kj": ("calories", 1 / 4.184),
    "sugars_g": ("sugar_g", 1),
    "fibre_g": ("fiber_g", 1),
    "saturates_g": ("saturated_fat_g", 1),
    "salt_g": ("sodium_mg", _MG_SODIUM_PER_G_SALT),
}
_MICROS = {"vitamin_b12_ug": ("vitamin_B12_mg", 0.001), "folate_ug": ("folate_mg", 0.001)}


def _table(model: type[Group], others: Mapping[str, tuple[str, float]]) -> dict[str, tuple[str, float]]:
    """The vendor's names to Terra's, each with its factor; those not in `others` have the same name and unit."""
    renamed = {name for name, _ in others.values()}
    same = {name.lower(): (name, 1.0) for name in model.model_fields if name not in renamed}
    return same | dict(others)


_TABLES: dict[type[Group], dict[str, tuple[str, float]]] = {
    NutritionMacros: _table(NutritionMacros, _MACROS),
    NutritionMicros: _table(NutritionMicros, _MICROS),
}


def read_nutrients(model: type[Nutrients], found: Mapping[str, float | None]) -> Nutrients:
    return model.model_validate(
        {name: scaled(found.get(theirs), factor) for theirs, (name, factor) in _TABLES[model].items()}
    )


def nutrients_to_write(group: Group) -> dict[str, float]:
    table = _TABLES[type(group)]
    return {
        theirs: scaled(value, 1 / factor) or 0.0
        for theirs, (name, factor) in table.items()
        if (value := getattr(group, name)) is not None
    }
