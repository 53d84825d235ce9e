"""How did heart, speed and place go along a workout? One row every 15 seconds, speed and place once a minute."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_EVERY_SECONDS = 15
_MINUTE = 60
_WARM_UP_SECONDS = 240
_KM_A_DEGREE = 111.32

# Far out in the South Atlantic, where nobody lives.
_LATITUDES, _LONGITUDES = (-36.0, -30.0), (-24.0, -16.0)


@dataclass(frozen=True)
class Course:
    """What a track keeps to: from which heart rate to which, over what time and way."""

    seconds: int
    rest: int
    effort: int
    top: int
    km: float | None
    outdoors: bool


def track_of(draw: random.Random, course: Course) -> list[dict[str, Any]]:
    return list(_rows(draw, course))


def _rows(draw: random.Random, course: Course) -> Iterator[dict[str, Any]]:
    home = (draw.uniform(*_LATITUDES), draw.uniform(*_LONGITUDES))
    for second in range(0, course.seconds + 1, _EVERY_SECONDS):
        warm = min(1.0, second / _WARM_UP_SECONDS)
        wave = 5 * math.sin(second / 97) + draw.uniform(-4, 4)
        rate = round(course.rest + 25 + (course.effort - course.rest - 22) * warm + wave)
        row: dict[str, Any] = {"second": second, "heart_rate": min(course.top, rate)}
        if course.km and second % _MINUTE == 0:
            usual = course.km / course.seconds * 3600
            row["kmh"] = round(usual * (1 + 0.08 * math.sin(second / 211) + draw.uniform(-0.03, 0.03)), 2)
            if course.outdoors:
                row["lat"], row["lng"] = _place(home, course.km, second / course.seconds)
        yield row


def _place(home: tuple[float, float], km: float, share: float) -> tuple[float, float]:
    """On a circle of the workout's length that begins and ends at home."""
    radius, angle = km / (2 * math.pi), 2 * math.pi * share
    north, east = radius * (math.cos(angle) - 1), radius * math.sin(angle)
    latitude = home[0] + north / _KM_A_DEGREE
    longitude = home[1] + east / (_KM_A_DEGREE * math.cos(math.radians(home[0])))
    return round(latitude, 5), round(longitude, 5)
