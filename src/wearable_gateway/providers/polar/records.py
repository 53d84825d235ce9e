"""Which of the vendor's documents is read how."""

from collections.abc import Callable, Mapping
from typing import Any

from wearable_gateway.providers.polar.bodies import BodyDay, body
from wearable_gateway.providers.polar.days import (
    ActivitySummary,
    ContinuousHeartRate,
    daily,
    daily_heart_rate,
)
from wearable_gateway.providers.polar.document import Document
from wearable_gateway.providers.polar.exercises import Exercise, activity
from wearable_gateway.providers.polar.nights import Night, sleep
from wearable_gateway.providers.polar.profile import User, athlete
from wearable_gateway.unified.records import DataType, Record

Reader = tuple[type[Document], Callable[[Any], Record]]

CONTINUOUS_HEART_RATE = "continuous_heart_rate"
"""What `fetch` writes under `document` where a type of data comes in two kinds of document."""

READERS: Mapping[DataType, Reader] = {
    DataType.ACTIVITY: (Exercise, activity),
    DataType.ATHLETE: (User, athlete),
    DataType.BODY: (BodyDay, body),
    DataType.DAILY: (ActivitySummary, daily),
    DataType.SLEEP: (Night, sleep),
}


def reader_of(kind: DataType, document: Mapping[str, Any]) -> Reader:
    """The model of `document` and what makes a record of it."""
    if document.get("document") == CONTINUOUS_HEART_RATE:
        return ContinuousHeartRate, daily_heart_rate
    return READERS[kind]
