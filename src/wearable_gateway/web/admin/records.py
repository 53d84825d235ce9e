"""/admin/v1/developers/{dev_id}/users/{user_id}/records: the stored health records of a user."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from wearable_gateway.connections.stored_records import Days, Place
from wearable_gateway.connections.viewing import Viewer
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.unified.records import ALWAYS, DataType, Record
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.deps import Svc, read_user_id
from wearable_gateway.web.parameters import UserIdPath, text
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin")

_MOST = 200
_DAYS = 30

Day = Annotated[
    str,
    text({"type": "string", "format": "date", "pattern": r"^(19[7-9]\d|20\d\d|2100)-\d{2}-\d{2}$"}),
]
Cursor = Annotated[str, text({"type": "string", "maxLength": 1000, "pattern": r"^\d{4}-\d{2}-\d{2}\..+$"})]


class StoredRecordAnswer(BaseModel):
    key: str = Field(description="Names the record within its user and type.")
    day: date | None = Field(description="The end user's local day; null: it belongs to none.")
    data: dict[str, Any] = Field(description="As it is told to destinations, in the classic form.")


class StoredRecordPage(BaseModel):
    user_id: UUID
    type: DataType
    since: date
    until: date
    records: list[StoredRecordAnswer]
    next: str | None = Field(description="What to give as `after` for those that follow; null: that was all.")


@router.get(
    "/developers/{dev_id}/users/{user_id}/records",
    summary="Look at a user's stored records",
    responses=refusals(404),
)
async def list_records(
    admin: CurrentAdmin,
    dev_id: NamedDeveloper,
    svc: Svc,
    user_id: UserIdPath,
    type: Annotated[DataType, Query(description="Of which type.")],  # noqa: A002 - the query's name
    since: Annotated[
        Day | None, Query(description="The first local day; 30 days before `until` when absent.")
    ] = None,
    until: Annotated[
        Day | None, Query(description="The last local day, included; tomorrow when absent.")
    ] = None,
    after: Annotated[Cursor | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 50,
) -> StoredRecordPage:
    """The newest first, as far as they are kept (`history_days`). That they were looked at is written to the audit log."""
    wanted = read_user_id(user_id)
    days = _days(since, until, today=svc.clock().date())
    viewer = Viewer(svc.db.autocommit, dev_id, admin.actor)
    found = await viewer.page(wanted, type, days, before=_place(after), limit=limit + 1)
    shown = found[:limit]
    return StoredRecordPage(
        user_id=wanted,
        type=type,
        since=days.since,
        until=days.until,
        records=[_answer(record) for record in shown],
        next=str(Place(shown[-1].day, shown[-1].key)) if len(found) > limit else None,
    )


def _days(since: str | None, until: str | None, *, today: date) -> Days:
    """Raises InvalidInputError."""
    last = _day(until, "until") if until is not None else today + timedelta(days=1)
    first = _day(since, "since") if since is not None else last - timedelta(days=_DAYS)
    if last < first:
        raise InvalidInputError("until", "not before since")
    return Days(first, last)


def _day(given: str, parameter: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidInputError(parameter, "a day such as 2026-11-20") from None


def _place(given: str | None) -> Place | None:
    try:
        return Place.read(given) if given is not None else None
    except ValueError:
        raise InvalidInputError("after", "the next of the page before") from None


def _answer(record: Record) -> StoredRecordAnswer:
    return StoredRecordAnswer(
        key=record.key, day=None if record.day == ALWAYS else record.day, data=record.body
    )
