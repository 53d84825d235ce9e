"""Which events or deliveries are asked for, and the addresses that keep the question."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from wearable_gateway.deliveries.afterwards.log import LogState, read_cursor
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.events.catalog import EventType
from wearable_gateway.web.dashboard.asked import Question, plain_text, uuid_or_nothing
from wearable_gateway.web.dashboard.events.words import RETRYING, STATES


@dataclass(frozen=True, slots=True)
class _Asked(Question):
    type: str = ""
    since: str = ""
    until: str = ""
    after: str = ""

    @property
    def narrowing(self) -> bool:
        return any(value for name, value in asdict(self).items() if name != "after")

    @property
    def wanted_since(self) -> datetime | None:
        return _read_minute(self.since)

    @property
    def wanted_until(self) -> datetime | None:
        return _read_minute(self.until)


@dataclass(frozen=True, slots=True)
class AskedEvents(_Asked):
    """`user` is a user_id or a reference_id."""

    user: str = ""

    @property
    def wanted_after(self) -> UUID | None:
        return UUID(self.after) if self.after else None


@dataclass(frozen=True, slots=True)
class AskedDeliveries(_Asked):
    destination: str = ""
    state: str = ""

    @property
    def wanted_destination(self) -> UUID | None:
        return UUID(self.destination) if self.destination else None

    @property
    def wanted_state(self) -> LogState | None:
        if self.retrying:
            return LogState.PENDING
        return LogState(self.state) if self.state else None

    @property
    def retrying(self) -> bool:
        return self.state == RETRYING


def read_asked_events(
    user: str = "",
    type: str = "",  # noqa: A002 - in the address
    since: str = "",
    until: str = "",
    after: str = "",
) -> AskedEvents:
    return AskedEvents(
        user=plain_text(user),
        type=_type_or_nothing(type),
        since=_minute_or_nothing(since),
        until=_minute_or_nothing(until),
        after=uuid_or_nothing(after),
    )


def read_asked_deliveries(
    destination: str = "",
    state: str = "",
    type: str = "",  # noqa: A002 - in the address
    since: str = "",
    until: str = "",
    after: str = "",
) -> AskedDeliveries:
    return AskedDeliveries(
        destination=uuid_or_nothing(destination),
        state=state if state in STATES else "",
        type=_type_or_nothing(type),
        since=_minute_or_nothing(since),
        until=_minute_or_nothing(until),
        after=_cursor_or_nothing(after),
    )


def _type_or_nothing(text: str) -> str:
    return text if text in set(EventType) else ""


def _cursor_or_nothing(text: str) -> str:
    try:
        read_cursor(text)
    except (InvalidInputError, ValueError):
        return ""
    return text


def _minute_or_nothing(text: str) -> str:
    """As the browser's field for a moment writes it, in UTC."""
    moment = _read_minute(text)
    return minute(moment) if moment else ""


def minute(moment: datetime) -> str:
    """What a field for a moment shows: `2026-11-20T08:15`, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes")


def _read_minute(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


EventsWanted = Annotated[AskedEvents, Depends(read_asked_events)]
DeliveriesWanted = Annotated[AskedDeliveries, Depends(read_asked_deliveries)]
