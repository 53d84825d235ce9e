"""What does the vendor say has changed?

https://developers.google.com/health/webhooks: a batch of up to 99 envelopes, each of one data type and its intervals.
They name neither themselves nor when they were sent: a second change of the same hours reads like a repeat of the
first. What tells them apart is the signature, which is another each time something is signed (ECDSA).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers._base.times import FIRST_YEAR, LAST_YEAR
from wearable_gateway.providers.google_health.document import (
    SLUG,
    CivilDate,
    Document,
    Moment,
)
from wearable_gateway.unified.lenient import build
from wearable_gateway.unified.records import DataType

_DAY, _NIGHT = (DataType.DAILY,), (DataType.SLEEP,)
KINDS = {
    "altitude": _DAY,
    "blood-glucose": (DataType.BODY,),
    "body-fat": (DataType.BODY,),
    "daily-heart-rate-variability": _DAY,
    "daily-oxygen-saturation": _DAY + _NIGHT,
    "daily-respiratory-rate": _NIGHT,
    "daily-resting-heart-rate": _DAY,
    "daily-sleep-temperature-derivations": _NIGHT,
    "distance": _DAY,
    "exercise": (DataType.ACTIVITY,),
    "floors": _DAY,
    "heart-rate": _DAY,
    "heart-rate-variability": _DAY,
    "height": (DataType.BODY,),
    "sedentary-period": _DAY,
    "sleep": _NIGHT,
    "steps": _DAY,
    "time-in-heart-rate-zone": _DAY,
    "total-calories": _DAY,
    "weight": (DataType.BODY,),
}
"""The data types that the vendor tells of, and the records they are read for."""

_SESSIONS = frozenset({"exercise", "sleep"})
_PIECE, _MOST_PIECES = timedelta(days=7), 53
_DAY_LETTERS = len("2026-11-20")

Days = tuple[date, date]


class _Physical(Document):
    start_time: Moment
    end_time: Moment


class _CivilMoment(Document):
    date: CivilDate


class _Civil(Document):
    start_date_time: _CivilMoment
    end_date_time: _CivilMoment


class _IsoCivil(Document):
    start_time: str
    end_time: str | None = None


class _Interval(Document):
    physical_time_interval: _Physical | None = None
    civil_date_time_interval: _Civil | None = None
    civil_iso8601_time_interval: _IsoCivil | str | None = None

    @property
    def days(self) -> Days | None:
        """The local days, from whichever form there is; a time in UTC may be of the day before or after."""
        if self.civil_date_time_interval is not None:
            civil = self.civil_date_time_interval
            return civil.start_date_time.date, civil.end_date_time.date
        if self.civil_iso8601_time_interval is not None:
            return _iso_days(self.civil_iso8601_time_interval)
        if self.physical_time_interval is not None:
            told, day = self.physical_time_interval, timedelta(days=1)
            return told.start_time.astimezone(UTC).date() - day, told.end_time.astimezone(UTC).date() + day
        return None


class _Change(Document):
    health_user_id: str
    data_type: str
    operation: str | None = None
    record_id: str | None = None
    intervals: tuple[_Interval, ...] = ()


class _Envelope(Document):
    data: _Change


@dataclass(frozen=True, slots=True)
class _Told:
    """What is one notice, however many data types brought it about."""

    kind: NoticeKind
    account_id: str
    data_type: DataType
    days: Days | None
    record_keys: tuple[str, ...] = ()


def is_handshake(body: bytes) -> bool:
    """Whether the vendor only looks if somebody is here who knows the secret."""
    try:
        read = from_json(body)
    except ValueError:
        return False
    return isinstance(read, dict) and read.get("type") == "verification"


def notices_of(body: bytes, mark: str) -> Sequence[Notice]:
    """One for each account, type of record and stretch of days; `mark` is what tells this call from all others.

    Raises NoticeRefusedError when nothing can be read.
    """
    whole = hashlib.sha256(mark.encode() + body).hexdigest()
    told = dict.fromkeys(one for change in _changes(body) for one in _told(change))
    return [
        Notice(
            key=f"{whole}/{number}",
            kind=one.kind,
            account_id=one.account_id,
            data_types=(one.data_type,),
            start=one.days[0] if one.days else None,
            end=one.days[1] if one.days else None,
            record_keys=one.record_keys,
        )
        for number, one in enumerate(told)
    ]


def _changes(body: bytes) -> list[_Change]:
    """What can be read; an envelope that cannot does not cost the others."""
    try:
        read = from_json(body)
    except ValueError as error:
        raise NoticeRefusedError(SLUG, "the body is no JSON") from error
    envelopes = read if isinstance(read, list) else [read]
    found = [change for one in envelopes if (change := _change(one)) is not None]
    if envelopes and not found:
        raise NoticeRefusedError(SLUG, "the body is no notice")
    return found


def _change(envelope: Any) -> _Change | None:
    if not isinstance(envelope, dict):
        return None
    try:
        return build(_Envelope, envelope)[0].data
    except ValidationError:
        return None


def _told(change: _Change) -> Iterator[_Told]:
    days = _all_days(change.intervals)
    for data_type in KINDS.get(change.data_type, ()):
        if change.operation == "DELETE" and change.data_type in _SESSIONS and change.record_id:
            gone = (change.record_id.rpartition("/")[2],)
            yield _Told(NoticeKind.DATA_DELETED, change.health_user_id, data_type, days, gone)
        else:
            for piece in _pieces(days):
                yield _Told(NoticeKind.DATA_CHANGED, change.health_user_id, data_type, piece)


def _all_days(intervals: Sequence[_Interval]) -> Days | None:
    days = [one.days for one in intervals]
    known = [one for one in days if one is not None]
    if not known:
        return None
    first, last = min(day for day, _ in known), max(day for _, day in known)
    return (first, last) if first <= last else None


def _pieces(days: Days | None) -> Iterator[Days | None]:
    """A stretch of days in weeks, the newest first and a year of them at most: each is fetched by itself."""
    if days is None:
        yield None
        return
    first, last = days
    for _ in range(_MOST_PIECES):
        start = max(first, last - _PIECE + timedelta(days=1))
        yield start, last
        if start == first:
            return
        last = start - timedelta(days=1)


def _iso_days(interval: _IsoCivil | str) -> Days | None:
    """The days of `2026-08-13/2026-08-14`, or of two times."""
    if isinstance(interval, str):
        start, _, end = interval.partition("/")
    else:
        start, end = interval.start_time, interval.end_time or ""
    try:
        first = date.fromisoformat(start[:_DAY_LETTERS])
        last = date.fromisoformat(end[:_DAY_LETTERS]) if end else first
    except ValueError:
        return None
    return (first, last) if first.year >= FIRST_YEAR and last.year <= LAST_YEAR else None
