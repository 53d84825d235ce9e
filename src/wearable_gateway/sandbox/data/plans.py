"""Which workouts are planned for a day: by the vendor's coach, or by a client?"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from wearable_gateway.sandbox.data.profile import NOTHING, Profile, draws, identify, local_iso

_PLANNED_SHARE = 0.55
_EFFORTS = ("easy", "steady", "hard")


def plans_of(
    profile: Profile, day: date, revision: int, added: Mapping[str, Mapping[str, Any]] = NOTHING
) -> list[dict[str, Any]]:
    draw = draws(profile.account_id, day, "plans")
    coached = []
    if draw.random() < _PLANNED_SHARE:
        plan = draw.choice((_intervals, _long_ride, _strength))
        coached = [plan(profile, day, draw.randint(0, 2)) | {"revision": revision}]
    return coached + [
        {**content, "id": item_id, "by_coach": False, "revision": 0} for item_id, content in added.items()
    ]


def _plan(profile: Profile, day: date, sport: str, title: str, minutes: int) -> dict[str, Any]:
    return {
        "id": identify("pln", profile.account_id, day, sport),
        "starts_at": local_iso(profile.at(day, 1080)),
        "created_at": local_iso(profile.at(day - timedelta(days=7), 600)),
        "by_coach": True,
        "sport": sport,
        "title": title,
        "minutes": minutes,
    }


def _intervals(profile: Profile, day: date, level: int) -> dict[str, Any]:
    top, times = profile.resting_heart_rate + 105, 4 + level
    hard = {
        "title": "Fast",
        "effort": "hard",
        "lasts": {"metres": 400},
        "aims": [{"of": "pace", "seconds_per_km": 270 - 15 * level}],
    }
    easy = {"title": "Jog", "effort": "recover", "lasts": {"seconds": 90}}
    aim = {"of": "heart_rate", "from": top - 40, "to": top - 20}
    return _plan(profile, day, "run", f"{times} times 400 m", 25 + 4 * times) | {
        "notes": "Run tall, breathe out.",
        "distance_km": round(3 + 0.6 * times, 1),
        "energy_kj": 1400.0 + 110 * times,
        "steps": [
            {"title": "Warm up", "effort": "warm_up", "lasts": {"seconds": 600}, "aims": [aim]},
            {"title": "Main set", "times": times, "steps": [hard, easy]},
            {"title": "Cool down", "effort": "cool_down", "lasts": {"seconds": 600}},
        ],
    }


def _long_ride(profile: Profile, day: date, level: int) -> dict[str, Any]:
    minutes = 75 + 15 * level
    aims = [{"of": "power", "from": 130, "to": 165}, {"of": "cadence", "from": 82, "to": 95}]
    return _plan(profile, day, "ride", f"{_EFFORTS[level].title()} ride", minutes) | {
        "distance_km": round(minutes * 0.42, 1),
        "energy_kj": 30.0 * minutes,
        "steps": [{"title": "Ride", "effort": "steady", "lasts": {"seconds": minutes * 60}, "aims": aims}],
    }


def _strength(profile: Profile, day: date, level: int) -> dict[str, Any]:
    squat = {"title": "Squat", "effort": "hard", "lasts": {"repetitions": 8 + level}}
    rest = {"title": "Rest", "effort": "rest", "lasts": {"open": True}}
    return _plan(profile, day, "strength", "Legs", 35 + 5 * level) | {
        "energy_kj": 700.0 + 90 * level,
        "steps": [{"title": "Sets", "times": 3 + level, "steps": [squat, rest]}],
    }
