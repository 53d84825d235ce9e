"""How did an account sleep in the night that ended on a day, and did it nap?"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from wearable_gateway.sandbox.data.profile import Profile, draws, identify, local_iso

_NAP_SHARE = 0.14
_CYCLE_MINUTES = 92
_EVERY_MINUTES = 10

Stage = tuple[str, int]


@dataclass(frozen=True)
class Rest:
    """A night or a nap: when it starts, in minutes after midnight, and what it is made of."""

    name: str
    starts_at_minute: int
    stages: list[Stage]

    @property
    def minutes(self) -> int:
        return sum(minutes for _, minutes in self.stages)

    @property
    def asleep_minutes(self) -> int:
        return sum(minutes for stage, minutes in self.stages if stage != "awake")


def night_of(profile: Profile, day: date) -> Rest:
    draw = draws(profile.account_id, day, "night")
    stages = list(_night_stages(draw, profile.sleeps_minutes + draw.randint(-70, 55)))
    wakes_at = profile.wakes_at_minute + draw.randint(-35, 45)
    return Rest("night", wakes_at - sum(minutes for _, minutes in stages), stages)


def sleeps_of(profile: Profile, day: date, revision: int) -> list[dict[str, Any]]:
    rests = [night_of(profile, day)]
    draw = draws(profile.account_id, day, "nap")
    if draw.random() < _NAP_SHARE:
        stages = [("awake", draw.randint(1, 5)), ("light", draw.randint(14, 38)), ("awake", 1)]
        rests.append(Rest("nap", draw.randint(790, 900), stages))
    return [_sleep(profile, day, rest, revision) for rest in rests]


def _night_stages(draw: random.Random, minutes: int) -> Iterator[Stage]:
    yield "awake", draw.randint(3, 16)
    cycles = max(3, round(minutes / _CYCLE_MINUTES))
    for cycle in range(cycles):
        # Deep sleep belongs to the first half of the night, dreams to the second.
        lateness = cycle / (cycles - 1)
        yield "light", draw.randint(32, 50)
        yield "deep", max(4, round(34 * (1 - lateness)) + draw.randint(-6, 6))
        yield "light", draw.randint(8, 18)
        yield "rem", max(5, round(8 + 26 * lateness) + draw.randint(-4, 6))
        if draw.random() < lateness:
            yield "awake", draw.randint(1, 7)


def _sleep(profile: Profile, day: date, rest: Rest, revision: int) -> dict[str, Any]:
    draw = draws(profile.account_id, day, rest.name, "measures")
    lowest = profile.resting_heart_rate - draw.randint(1, 6)
    efficiency = round(100 * rest.asleep_minutes / rest.minutes, 1)
    return {
        "id": identify("slp", profile.account_id, day, rest.name),
        "nap": rest.name == "nap",
        "started_at": local_iso(profile.at(day, rest.starts_at_minute)),
        "ended_at": local_iso(profile.at(day, rest.starts_at_minute + rest.minutes)),
        "stages": list(_timed_stages(profile, day, rest)),
        "average_heart_rate": lowest + draw.randint(4, 9),
        "lowest_heart_rate": lowest,
        "hrv_rmssd_ms": round(draw.uniform(24, 92) + 0.3 * (revision % 10), 1),
        "breaths_per_minute": round(draw.uniform(12.4, 16.8), 1),
        "efficiency_percent": efficiency,
        "heart_rate_series": list(_heart_rates(profile, day, rest, lowest)),
        "score": min(100, round(efficiency) - draw.randint(2, 22) + revision % 3),
        "revision": revision,
    }


def _timed_stages(profile: Profile, day: date, rest: Rest) -> Iterator[dict[str, Any]]:
    minute = rest.starts_at_minute
    for stage, minutes in rest.stages:
        yield {"stage": stage, "started_at": local_iso(profile.at(day, minute)), "minutes": minutes}
        minute += minutes


def _heart_rates(profile: Profile, day: date, rest: Rest, lowest: int) -> Iterator[dict[str, Any]]:
    draw = draws(profile.account_id, day, rest.name, "heart rate")
    for minute in range(0, rest.minutes, _EVERY_MINUTES):
        at = profile.at(day, rest.starts_at_minute + minute)
        yield {"at": local_iso(at), "bpm": lowest + draw.randint(0, 12)}
