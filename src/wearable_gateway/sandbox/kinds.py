"""Which kinds of data are there, under which address and scope, and what is a day of each?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wearable_gateway.sandbox.data import (
    body_of,
    cycles_of,
    day_of,
    diary_of,
    hormones_of,
    observations_of,
    plans_of,
    sleeps_of,
    workouts_of,
)
from wearable_gateway.sandbox.data.profile import Profile

Items = list[dict[str, Any]]
Added = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """`series` are the fields that a summary leaves out."""

    name: str
    scope: str
    measure: Callable[[Profile, date, int, Added], Items]
    series: tuple[str, ...] = ()


def _measured(measure: Callable[[Profile, date, int], Items]) -> Callable[[Profile, date, int, Added], Items]:
    """For what only the wearable can say."""
    return lambda profile, day, revision, _added: measure(profile, day, revision)


DAYS = Kind("days", "daily", _measured(lambda *which: [day_of(*which)]), series=("heart_rate_series",))
WORKOUTS = Kind("workouts", "activity", workouts_of, series=("series",))
SLEEPS = Kind("sleeps", "sleep", _measured(sleeps_of), series=("heart_rate_series",))
BODY = Kind("body", "body", lambda *which: [body_of(*which)], series=("glucose_series", "temperature_series"))
CYCLES = Kind("cycles", "menstruation", _measured(cycles_of))
MEALS = Kind("meals", "nutrition", lambda *which: [diary_of(*which)])
PLANS = Kind("plans", "planned_workout", plans_of)
HORMONES = Kind("hormones", "hormone", _measured(hormones_of))
OBSERVATIONS = Kind("observations", "health_observation", _measured(observations_of))

READ_BY_DAY = (DAYS, WORKOUTS, SLEEPS, BODY, CYCLES, MEALS, PLANS, HORMONES, OBSERVATIONS)
