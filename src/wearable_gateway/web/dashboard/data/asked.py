"""Which records are asked for, and the addresses that keep the question."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from wearable_gateway.connections.stored_records import Days, Place
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.dashboard.asked import Question, day_or_nothing, plain_text, uuid_or_nothing

_DAYS_SHOWN = 30
_LONGEST_KEY = 500
VIEWS = {"table": "Table", "plot": "Plot"}


@dataclass(frozen=True, slots=True)
class Asked(Question):
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
        since=day_or_nothing(since),
        until=day_or_nothing(until),
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


WantedRecords = Annotated[Asked, Depends(read_asked)]
