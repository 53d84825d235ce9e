"""What Suunto tells: a workout came in, or rows of a 24/7 product (https://apizone.suunto.com/webhooks)."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from pydantic import Field, ValidationError
from pydantic_core import from_json

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers.suunto.document import SLUG, Document, Gear, Moment
from wearable_gateway.providers.suunto.workouts import Workout
from wearable_gateway.unified.records import DataType

_PRODUCTS = {
    "SUUNTO_247_ACTIVITY_CREATED": DataType.DAILY,
    "SUUNTO_247_RECOVERY_CREATED": DataType.DAILY,
    "SUUNTO_247_SLEEP_CREATED": DataType.SLEEP,
}


class StampedRow(Document):
    at: Moment = Field(alias="timestamp")


class NoticeBody(Document):
    """`samples` are complete rows, but days are fetched whole: what comes now may be half of one."""

    type: str
    username: str = Field(min_length=1)
    workout: Workout | None = None
    gear: Gear | None = None
    samples: tuple[StampedRow, ...] = ()


def read_notices(body: bytes) -> Sequence[Notice]:
    """What `body` says. Raises NoticeRefusedError when it cannot be read."""
    try:
        stated = from_json(body)
        read = read_document(SLUG, NoticeBody, stated if isinstance(stated, dict) else {})
    except (ValueError, ValidationError) as error:
        raise NoticeRefusedError(SLUG, "the body is not a notice") from error
    # There is no id of a notice. A repeat has the same bytes; a revision of a sleep has others.
    key = hashlib.sha256(body).hexdigest()
    if read.type == "WORKOUT_CREATED" and read.workout is not None:
        return [_of_workout(key, read, read.workout)]
    kind = _PRODUCTS.get(read.type)
    if kind is None or not read.samples:
        return []
    days = [row.at.date() for row in read.samples]
    return [_of_days(key, read.username, kind, min(days), max(days))]


def _of_workout(key: str, read: NoticeBody, workout: Workout) -> Notice:
    day = workout.started.date()
    gear = read.gear.model_dump(by_alias=True, exclude_none=True) if read.gear else None
    return Notice(
        key=key,
        kind=NoticeKind.DATA_CHANGED,
        account_id=read.username,
        data_types=(DataType.ACTIVITY,),
        start=day,
        end=day,
        hints={"workout": workout.key, "gear": gear},
    )


def _of_days(key: str, username: str, kind: DataType, first: date, last: date) -> Notice:
    """A sleep is stamped with the evening it began on, and belongs to the day it ended."""
    return Notice(
        key=key,
        kind=NoticeKind.DATA_CHANGED,
        account_id=username,
        data_types=(kind,),
        start=first,
        end=last + timedelta(days=1) if kind is DataType.SLEEP else last,
    )
