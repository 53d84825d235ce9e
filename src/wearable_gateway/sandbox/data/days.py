"""What did an account's wearable sum up for a day?"""

import random
from collections.abc import Iterator
from datetime import date
from statistics import fmean
from typing import Any

from wearable_gateway.sandbox.data.profile import Profile, draws, local_iso, offset_text
from wearable_gateway.sandbox.data.sleeps import night_of
from wearable_gateway.sandbox.data.workouts import Session, sessions_of, totals_of

_EVERY_MINUTES = 15
_MINUTES_A_DAY = 24 * 60
_STEPS_A_SYNC = 60


def day_of(profile: Profile, day: date, revision: int) -> dict[str, Any]:
    draw = draws(profile.account_id, day, "day")
    workouts = totals_of(profile, day, revision)
    steps = round(profile.usual_steps * draw.uniform(0.4, 1.4)) + _synced_steps(profile, day, revision)
    steps += sum(workout["steps"] or 0 for workout in workouts)
    series = list(_heart_rates(profile, day))
    rates = [rate for _, rate in series]
    return {
        "date": day.isoformat(),
        "revision": revision,
        "utc_offset": offset_text(profile),
        "steps": steps,
        "distance_km": round(steps * draw.uniform(0.00069, 0.00078), 3),
        "active_energy_kj": round(
            steps * draw.uniform(0.12, 0.16) + sum(done["energy_kj"] for done in workouts), 1
        ),
        "resting_energy_kj": float(profile.resting_energy_kj),
        "resting_heart_rate": profile.resting_heart_rate + draw.randint(-2, 3),
        "average_heart_rate": round(fmean(rates)),
        "max_heart_rate": max(rates + [done["max_heart_rate"] or 0 for done in workouts])
        + draw.randint(0, 5),
        "floors": draw.randint(0, 21),
        "heart_rate_series": [
            {"at": local_iso(profile.at(day, minute)), "bpm": rate} for minute, rate in series
        ],
    }


def _synced_steps(profile: Profile, day: date, revision: int) -> int:
    """More with each revision, whatever the draw."""
    return revision * _STEPS_A_SYNC + draws(profile.account_id, day, "sync", revision).randrange(
        _STEPS_A_SYNC
    )


def _heart_rates(profile: Profile, day: date) -> Iterator[tuple[int, int]]:
    draw = draws(profile.account_id, day, "heart rate")
    night = night_of(profile, day)
    wakes_at, falls_asleep_at = (
        night.starts_at_minute + night.minutes,
        night.starts_at_minute + _MINUTES_A_DAY,
    )
    sessions = sessions_of(profile, day)
    for minute in range(0, _MINUTES_A_DAY, _EVERY_MINUTES):
        asleep = minute < wakes_at or minute >= falls_asleep_at
        yield minute, _heart_rate(profile, draw, minute, asleep=asleep, sessions=sessions)


def _heart_rate(
    profile: Profile, draw: random.Random, minute: int, *, asleep: bool, sessions: list[Session]
) -> int:
    if asleep:
        return profile.resting_heart_rate + draw.randint(-5, 5)
    for session in sessions:
        if session.starts_at_minute <= minute < session.starts_at_minute + session.minutes:
            return session.heart_rate + draw.randint(-6, 6)
    return profile.resting_heart_rate + draw.randint(8, 34)
