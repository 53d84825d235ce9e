"""What was measured on a person's body on a day: by scale, cuff, sensor and thermometer, or written by a client."""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from statistics import fmean
from typing import Any

from wearable_gateway.sandbox.data.people import person_of
from wearable_gateway.sandbox.data.profile import NOTHING, Profile, draws, identify, local_iso, offset_text

_WEIGHED_SHARE = 0.7
_CUFF_SHARE = 0.4
_GLUCOSE_EVERY_MINUTES = 15
_SKIN_EVERY_MINUTES = 120
_MEALTIMES = (450, 765, 1140)
_IN_RANGE = (3.9, 10.0)
_STEADY = 0.25
_LISTS = ("weigh_ins", "blood_pressures", "glucose_series", "temperature_series")


def body_of(
    profile: Profile, day: date, revision: int, added: Mapping[str, Mapping[str, Any]] = NOTHING
) -> dict[str, Any]:
    draw = draws(profile.account_id, day, "body")
    lists: dict[str, list[dict[str, Any]]] = {
        "weigh_ins": list(_weigh_ins(profile, day)),
        "blood_pressures": list(_blood_pressures(profile, day)),
        "glucose_series": list(_glucose(profile, day)),
        "temperature_series": list(_temperatures(profile, day)),
    }
    water_l = round(draw.uniform(1.1, 2.9) + 0.05 * revision, 2)
    for content in added.values():
        for name in _LISTS:
            lists[name] = lists[name] + content.get(name, [])
        water_l = round(water_l + content.get("water_l", 0), 3)
    return {
        "date": day.isoformat(),
        "utc_offset": offset_text(profile),
        "revision": revision,
        **lists,
        **_sums(lists),
        "water_l": water_l,
        "spo2_percent": round(draw.uniform(95, 99), 1),
        "vo2max_ml_per_kg_min": round(draws(profile.account_id, "vo2max").uniform(32, 52), 1),
    }


def _sums(lists: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    glucose = [reading["mmol_per_l"] for reading in lists["glucose_series"]]
    by_place: dict[str, list[float]] = {"mouth": [], "skin": []}
    for reading in lists["temperature_series"]:
        by_place[reading["place"]].append(reading["fahrenheit"])
    lowest, highest = _IN_RANGE
    return {
        "glucose_average_mmol_per_l": round(fmean(glucose), 2),
        "glucose_in_range_share": round(
            sum(lowest <= value <= highest for value in glucose) / len(glucose), 3
        ),
        "mouth_average_fahrenheit": round(fmean(by_place["mouth"]), 2) if by_place["mouth"] else None,
        "skin_average_fahrenheit": round(fmean(by_place["skin"]), 2),
    }


def _weigh_ins(profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    draw, person = draws(profile.account_id, day, "scale"), person_of(profile)
    if draw.random() > _WEIGHED_SHARE:
        return
    weight = person.weight_g + round(900 * math.sin(day.toordinal() / 29)) + draw.randint(-450, 450)
    fat = round(draw.uniform(0.15, 0.17) + (0.09 if person.sex == "female" else 0.02), 3)
    yield {
        "id": identify("wgh", profile.account_id, day),
        "at": local_iso(profile.at(day, profile.wakes_at_minute + 50)),
        "weight_g": weight,
        "height_m": person.height_m,
        "fat_share": fat,
        "water_share": round(0.73 * (1 - fat), 3),
        "muscle_g": round(weight * (1 - fat) * 0.78),
        "bone_g": round(weight * 0.042),
        "lean_g": round(weight * (1 - fat)),
        "resting_energy_kj": float(profile.resting_energy_kj),
    }


def _blood_pressures(profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    draw = draws(profile.account_id, day, "cuff")
    if draw.random() < _CUFF_SHARE:
        usual = draws(profile.account_id, "pressure").randint(106, 132)
        for minute in (profile.wakes_at_minute + 60, 1290):
            systolic = usual + draw.randint(-7, 9)
            yield {
                "at": local_iso(profile.at(day, minute)),
                "systolic_mmhg": systolic,
                "diastolic_mmhg": systolic - draw.randint(36, 46),
            }


def _glucose(profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    draw, before = draws(profile.account_id, day, "glucose"), None
    for minute in range(0, 24 * 60, _GLUCOSE_EVERY_MINUTES):
        meals = sum(2.4 * math.exp(-(((minute - meal - 55) / 50) ** 2)) for meal in _MEALTIMES)
        value = round(4.9 + meals + draw.uniform(-0.25, 0.25), 1)
        change = 0 if before is None else value - before
        trend = "up" if change > _STEADY else "down" if change < -_STEADY else "steady"
        yield {"at": local_iso(profile.at(day, minute)), "mmol_per_l": value, "trend": trend}
        before = value


def _temperatures(profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    draw = draws(profile.account_id, day, "temperature")
    for minute in range(0, 24 * 60, _SKIN_EVERY_MINUTES):
        reading = round(draw.uniform(91.2, 95.4), 1)
        yield {"at": local_iso(profile.at(day, minute)), "place": "skin", "fahrenheit": reading}
    if draw.random() < _CUFF_SHARE:
        at = local_iso(profile.at(day, profile.wakes_at_minute + 5))
        yield {"at": at, "place": "mouth", "fahrenheit": round(draw.uniform(97.1, 99.0), 1)}
