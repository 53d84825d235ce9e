"""Which records are asked for, and the addresses that keep the question."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends

from wearable_gateway.connections.stored_records import Days, Place
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.dashboard.asked import plain_text, uuid_or_nothing

_DAYS_SHOWN = 30
_LONGEST_KEY = 500
VIEWS = {"table": "Table", "plot": "Plot"}


@dataclass(frozen=True, slots=True)
class Asked:
    """As it stands in the address; what cannot be meant is left out, so that an old link still opens."""

    text: str = ""
    user_id: str = ""
    type: str = ""
    since: str = ""
    until: str = ""
    view: str = ""
    field: str = ""
    before: str = ""

    @property
    def wanted_user(self) -> UUID | None:
        return UUID(self.user_id) if self.user_id else None

    @property
    def wanted_type(self) -> DataType | None:
        return DataType(self.type) if self.type else None

    @property
    def wanted_place(self) -> Place | None:
        """Behind which the page begins."""
        return Place.read(self.before) if self.before else None

    def days(self, today: date) -> Days:
        """Those asked for; if none were, the last thirty, and tomorrow: the end user may be ahead of us."""
        until = date.fromisoformat(self.until) if self.until else None
        since = date.fromisoformat(self.since) if self.since else None
        if until is None:
            until = max(today + timedelta(days=1), since or today)
        if since is None:
            since = until - timedelta(days=min(_DAYS_SHOWN, until.toordinal() - 1))
        return Days(min(since, until), max(since, until))

    def query(self, **more: str) -> str:
        """`?…` with what is set and `more`, or nothing."""
        given = {name: value for name, value in {**asdict(self), **more}.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def from_newest(self) -> "Asked":
        return replace(self, before="")


def read_asked(
    text: str = "",
    user_id: str = "",
    type: str = "",  # noqa: A002 - the query's name
    since: str = "",
    until: str = "",
    view: str = "",
    field: str = "",
    before: str = "",
) -> Asked:
    return Asked(
        text=plain_text(text),
        user_id=uuid_or_nothing(user_id),
        type=type if type in {kind.value for kind in DataType} else "",
        since=_day_or_nothing(since),
        until=_day_or_nothing(until),
        view=view if view in VIEWS else "",
        field=field[:_LONGEST_KEY] if field.isprintable() else "",
        before=before if _is_place(before) else "",
    )


def _is_place(text: str) -> bool:
    try:
        Place.read(text)
    except ValueError:
        return False
    return len(text) <= _LONGEST_KEY


def _day_or_nothing(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


WantedRecords = Annotated[Asked, Depends(read_asked)]
