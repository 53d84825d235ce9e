"""Which workouts did an account do on a day?"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wearable_gateway.sandbox.data.profile import NOTHING, Profile, draws, identify, local_iso
from wearable_gateway.sandbox.data.tracks import Course, track_of


@dataclass(frozen=True)
class Sport:
    title: str
    minutes: tuple[int, int]
    km_an_hour: tuple[float, float] | None
    kj_a_minute: tuple[float, float]
    above_resting: tuple[int, int]
    steps_a_minute: int | None


SPORTS = {
    "run": Sport("Run", (22, 75), (8.5, 13.0), (38, 58), (80, 105), 164),
    "ride": Sport("Ride", (35, 140), (18.0, 30.0), (26, 46), (60, 90), None),
    "walk": Sport("Walk", (20, 90), (4.2, 6.0), (14, 22), (30, 48), 108),
    "swim": Sport("Swim", (20, 60), (1.8, 3.2), (30, 46), (58, 82), None),
    "yoga": Sport("Yoga", (25, 75), None, (8, 14), (14, 30), None),
    "strength": Sport("Strength training", (25, 70), None, (18, 30), (40, 66), None),
}

_HOW_MANY = (0, 0, 1, 1, 1, 2)
_PARTS_OF_THE_DAY = (("Morning", 500, 660), ("Evening", 1020, 1200))
_TYPED_IN_SHARE = 0.08
_OUTDOORS = ("run", "ride", "walk")


@dataclass(frozen=True)
class Session:
    """What a workout and the day around it have in common."""

    number: int
    sport: str
    part: str
    starts_at_minute: int
    minutes: int
    heart_rate: int


def sessions_of(profile: Profile, day: date) -> list[Session]:
    draw = draws(profile.account_id, day, "sessions")
    parts = sorted(draw.sample(range(len(_PARTS_OF_THE_DAY)), draw.choice(_HOW_MANY)))
    return [_session(profile, draw, number, _PARTS_OF_THE_DAY[part]) for number, part in enumerate(parts)]


def workouts_of(
    profile: Profile, day: date, revision: int, added: Mapping[str, Mapping[str, Any]] = NOTHING
) -> list[dict[str, Any]]:
    """Those of the wearable and then those that clients `added`."""
    measured = [
        _totals(profile, day, session, revision) | {"series": _series(profile, day, session)}
        for session in sessions_of(profile, day)
    ]
    return measured + [
        {"manual": True, **content, "id": item_id, "revision": 0} for item_id, content in added.items()
    ]


def totals_of(profile: Profile, day: date, revision: int) -> list[dict[str, Any]]:
    """The workouts of the wearable, without their series."""
    return [_totals(profile, day, session, revision) for session in sessions_of(profile, day)]


def _session(profile: Profile, draw: random.Random, number: int, part: tuple[str, int, int]) -> Session:
    name, earliest, latest = part
    sport = draw.choice(tuple(SPORTS))
    return Session(
        number=number,
        sport=sport,
        part=name,
        starts_at_minute=draw.randint(earliest, latest),
        minutes=draw.randint(*SPORTS[sport].minutes),
        heart_rate=profile.resting_heart_rate + draw.randint(*SPORTS[sport].above_resting),
    )


def _series(profile: Profile, day: date, session: Session) -> list[dict[str, Any]]:
    """None for a workout that was typed in."""
    totals = _totals(profile, day, session, 0)
    if totals["manual"]:
        return []
    course = Course(
        seconds=session.minutes * 60,
        rest=profile.resting_heart_rate,
        effort=session.heart_rate,
        top=totals["max_heart_rate"],
        km=totals["distance_km"],
        outdoors=session.sport in _OUTDOORS,
    )
    return track_of(draws(profile.account_id, day, "track", session.number), course)


def _totals(profile: Profile, day: date, session: Session, revision: int) -> dict[str, Any]:
    draw = draws(profile.account_id, day, "workout", session.number)
    sport = SPORTS[session.sport]
    manual = draw.random() < _TYPED_IN_SHARE
    hours = session.minutes / 60
    return {
        "id": identify("wrk", profile.account_id, day, session.number),
        "sport": session.sport,
        "title": f"{session.part} {sport.title.lower()}",
        "manual": manual,
        "started_at": local_iso(profile.at(day, session.starts_at_minute)),
        "ended_at": local_iso(profile.at(day, session.starts_at_minute + session.minutes)),
        "distance_km": sport.km_an_hour
        and round(draw.uniform(*sport.km_an_hour) * hours + 0.01 * revision, 3),
        "energy_kj": round(draw.uniform(*sport.kj_a_minute) * session.minutes + 5.2 * revision, 1),
        "average_heart_rate": None if manual else session.heart_rate,
        "max_heart_rate": None if manual else session.heart_rate + draw.randint(9, 24),
        "steps": sport.steps_a_minute and sport.steps_a_minute * session.minutes + draw.randint(0, 90),
        "revision": revision,
    }
