"""What a normalised record is, whatever its type."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class DataType(StrEnum):
    ACTIVITY = "activity"
    ATHLETE = "athlete"
    BODY = "body"
    DAILY = "daily"
    HEALTH_OBSERVATION = "health_observation"
    HORMONE = "hormone"
    MENSTRUATION = "menstruation"
    NUTRITION = "nutrition"
    PLANNED_WORKOUT = "planned_workout"
    SLEEP = "sleep"


ALWAYS = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Record:
    """`key` names it within its connection and type: the summary id, or the local day.

    A later record with the same key replaces it. `day` is the local day it is found under; an athlete, of whom there
    is one, is found under no day in particular: `ALWAYS`.
    """

    type: DataType
    key: str
    day: date
    body: dict[str, Any]
    needs: tuple[str, ...] = ()
    """Scopes any of which it needs beyond its type's; none where it is empty."""
