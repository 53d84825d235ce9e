"""What did a person eat and drink on a day: as noted in the vendor's diary, or written by a client?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from wearable_gateway.sandbox.data.profile import NOTHING, Profile, draws, identify, local_iso, offset_text

_OCCASIONS = (
    ("breakfast", 450, ("Porridge with berries", "Bread and cheese", "Yoghurt and nuts"), (1300, 2300)),
    ("lunch", 760, ("Lentil soup", "Rice and vegetables", "Bean salad"), (2000, 3300)),
    ("snack", 960, ("Apple", "Banana", "Nut bar"), (300, 800)),
    ("dinner", 1140, ("Pasta with tomato sauce", "Potatoes and fish", "Vegetable curry"), (2200, 3700)),
)
_DRINKS = (("Water", 480, (200, 500)), ("Coffee", 560, (150, 250)), ("Water", 900, (250, 600)))
_ENERGY_KJ_A_G = {"carbohydrates_g": 17, "fat_g": 37, "protein_g": 17}


def diary_of(
    profile: Profile, day: date, revision: int, added: Mapping[str, Mapping[str, Any]] = NOTHING
) -> dict[str, Any]:
    meals = [*_eaten(profile, day, revision), *_added(added, "meals")]
    drinks = [*_drunk(profile, day), *_added(added, "drinks")]
    return {
        "date": day.isoformat(),
        "utc_offset": offset_text(profile),
        "revision": revision,
        "meals": meals,
        "drinks": drinks,
        "totals": {
            "nutrients": _total(meal.get("nutrients") or {} for meal in meals),
            "water_ml": sum(drink["ml"] for drink in drinks if _is_water(drink)),
            "other_drinks_ml": sum(drink["ml"] for drink in drinks if not _is_water(drink)),
        },
    }


def _added(added: Mapping[str, Mapping[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    for item_id, content in added.items():
        for number, entry in enumerate(content.get(name, []), 1):
            yield {**entry, "id": f"{item_id}-{number}"}


def _is_water(drink: Mapping[str, Any]) -> bool:
    return str(drink.get("name", "water")).lower() == "water"


def _total(meals: Iterable[Mapping[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for nutrients in meals:
        for name, amount in nutrients.items():
            sums[name] = round(sums.get(name, 0) + amount, 4)
    return sums


def _eaten(profile: Profile, day: date, revision: int) -> Iterator[dict[str, Any]]:
    draw = draws(profile.account_id, day, "meals")
    for occasion, minute, names, energies in _OCCASIONS:
        energy_kj = draw.randint(*energies) + 4 * revision
        shares = {"carbohydrates_g": draw.uniform(0.44, 0.54), "fat_g": draw.uniform(0.26, 0.34)}
        shares["protein_g"] = 1 - sum(shares.values())
        main = {name: energy_kj * share / _ENERGY_KJ_A_G[name] for name, share in shares.items()}
        yield {
            "id": identify("mea", profile.account_id, day, occasion),
            "occasion": occasion,
            "name": draw.choice(names),
            "at": local_iso(profile.at(day, minute + draw.randint(-25, 25))),
            "amount": draw.randint(120, 450),
            "unit": "g",
            "nutrients": {"energy_kj": float(energy_kj)}
            | {name: round(amount, 1) for name, amount in main.items()}
            | {
                "sugars_g": round(main["carbohydrates_g"] * 0.31, 1),
                "fibre_g": round(main["carbohydrates_g"] * 0.12, 1),
                "saturates_g": round(main["fat_g"] * 0.33, 1),
                "salt_g": round(draw.uniform(0.1, 2.2), 2),
                "cholesterol_mg": round(draw.uniform(0, 90), 1),
                "vitamin_c_mg": round(draw.uniform(2, 45), 1),
                "calcium_mg": round(draw.uniform(40, 320), 1),
                "iron_mg": round(draw.uniform(0.6, 5.5), 2),
                "potassium_mg": round(draw.uniform(200, 900), 1),
                "vitamin_b12_ug": round(draw.uniform(0, 1.6), 2),
                "folate_ug": round(draw.uniform(15, 120), 1),
            },
        }


def _drunk(profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    draw = draws(profile.account_id, day, "drinks")
    for number, (name, minute, amounts) in enumerate(_DRINKS):
        yield {
            "id": identify("drk", profile.account_id, day, number),
            "name": name,
            "at": local_iso(profile.at(day, minute + draw.randint(-30, 30))),
            "ml": draw.randint(*amounts),
        }
