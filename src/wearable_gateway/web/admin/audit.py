"""/admin/v1/audit and /admin/v1/developers/{dev_id}/audit: who changed what, at the gateway and at a developer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers import audit, audit_log
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.kit.complaints import NO_NUL
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_cursor, read_moment
from wearable_gateway.web.log_parameters import Moment
from wearable_gateway.web.parameters import Uuid
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin")

_MOST = 500
Text = Annotated[str, Query(max_length=400, pattern=NO_NUL)]


class EntryAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    entry_id: UUID = Field(validation_alias="id")
    at: datetime
    actor: str = Field(
        description="Who, as `kind:id`: `operator:`, `developer:` (an API key) or `admin-token:`."
    )
    action: str
    subject: str = Field(description="What was changed, as `kind:id`.")
    before: Any = Field(description="What it was; null where there was nothing.")
    after: Any = Field(description="What it became; null where nothing is left.")
    address: str | None = Field(description="The address the change was asked from; null: this machine.")


class AuditPage(BaseModel):
    entries: list[EntryAnswer]
    next: UUID | None = Field(
        description="What to give as `after` for those that follow; null: that was all."
    )


async def read_wanted(
    actor: Annotated[Text | None, Query(description="Only what this one did, as `kind:id`.")] = None,
    action: Annotated[Text | None, Query(description="Only this action, such as `settings.changed`.")] = None,
    subject: Annotated[Text | None, Query(description="Only changes of this, as `kind:id`.")] = None,
    since: Annotated[Moment | None, Query(description="At this moment or later.")] = None,
    until: Annotated[Moment | None, Query(description="Before this moment.")] = None,
) -> audit_log.Wanted:
    """Raises InvalidInputError."""
    return audit_log.Wanted(
        actor=actor,
        action=action,
        subject=subject,
        since=None if since is None else read_moment(since, "since"),
        until=None if until is None else read_moment(until, "until"),
    )


Wanted = Annotated[audit_log.Wanted, Depends(read_wanted)]
After = Annotated[Uuid | None, Query(description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")]


@router.get("/audit", summary="Read the gateway's audit log")
async def read_gateway_audit(
    _admin: CurrentAdmin, svc: Svc, wanted: Wanted, after: After = None, limit: Limit = 100
) -> AuditPage:
    """What belongs to no developer: shared provider apps, admin tokens, those who run the gateway. Newest first."""
    return await _page(svc, audit.GATEWAY, wanted, after, limit)


@router.get("/developers/{dev_id}/audit", summary="Read a developer's audit log", responses=refusals(404))
async def read_audit(
    dev_id: NamedDeveloper, svc: Svc, wanted: Wanted, after: After = None, limit: Limit = 100
) -> AuditPage:
    """Who changed what there, newest first, a page at a time."""
    await find_developer(svc.db.autocommit, dev_id)
    return await _page(svc, dev_id, wanted, after, limit)


async def _page(
    svc: Services, dev_id: str, wanted: audit_log.Wanted, after: str | None, limit: int
) -> AuditPage:
    before = read_cursor(after) if after is not None else None
    found = await audit_log.page(svc.db.autocommit, dev_id, wanted, before=before, limit=limit + 1)
    shown = [EntryAnswer.model_validate(entry) for entry in found[:limit]]
    return AuditPage(entries=shown, next=shown[-1].entry_id if len(found) > limit else None)
