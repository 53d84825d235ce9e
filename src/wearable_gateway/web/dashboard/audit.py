"""Manage > Audit log: who changed what, at a developer and at the gateway itself."""

from fastapi import Response
from fastapi.responses import StreamingResponse

from wearable_gateway.developers import audit, audit_log
from wearable_gateway.web.dashboard import audit_words
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.audit_export import csv_lines
from wearable_gateway.web.dashboard.audit_filters import AuditWanted
from wearable_gateway.web.dashboard.deps import Anywhere, Place
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.deps import Svc

router = section("/{dev_id}/audit")

PAGE_SIZE = 50


@router.get("")
async def show_audit(svc: Svc, here: Anywhere, filters: AuditWanted) -> Response:
    found = await audit_log.page(
        svc.db.autocommit, _log_of(here), filters.wanted, before=filters.wanted_before, limit=PAGE_SIZE + 1
    )
    return framed(
        "audit.html",
        here,
        "audit",
        filters=filters,
        entries=[(entry, list(audit_words.changes(entry))) for entry in found[:PAGE_SIZE]],
        older=str(found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else None,
        who=audit_words.who,
        words=audit_words.words,
        now=svc.clock(),
    )


@router.get("/export")
async def export_audit(svc: Svc, here: Anywhere, filters: AuditWanted) -> Response:
    """What the filters let through, to its end; sent while it is read."""
    entries = audit_log.everything(svc.db.autocommit, _log_of(here), filters.wanted)
    name = f"audit-{here.dev_id or 'gateway'}-{svc.clock():%Y-%m-%d}.csv"
    return StreamingResponse(
        csv_lines(entries),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _log_of(here: Place) -> str:
    return here.dev_id or audit.GATEWAY
