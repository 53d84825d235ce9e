"""Bulk jobs, their rows, and what an erasure would take."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.bulk.erasing import Holdings
from wearable_gateway.bulk.models import Job, JobKind, JobState, Row, RowState
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.base import Answer, Moment


class BulkJobAnswer(Answer):
    job_id: UUID
    kind: JobKind
    state: JobState
    actor: str = Field(examples=["operator:ann@example.org"])
    reference_id: str | None = Field(description="Of whom, when somebody is forgotten.")
    rows: int
    broken: int = Field(description="Rows that are left out: they cannot be applied as they stand.")
    done: int
    unchanged: int = Field(description="Rows that changed nothing: it was so already.")
    failed: int
    events_erased: int
    created_at: Moment
    started_at: Moment | None = Field(description="null: nothing was applied.")
    finished_at: Moment | None


class BulkRowAnswer(Answer):
    line: int = Field(description="In the CSV, or the place among `rows`, from 1.")
    user_id: UUID | None
    reference_id: str | None
    state: RowState
    reason: str | None = Field(description="Why it was not, or cannot be, applied.")
    text: str | None = Field(description="What stood there, of a row that cannot be read.")


class BulkPreview(Answer):
    """What would be applied. Nothing was done, and nothing is kept."""

    status: Literal["success"]
    dry_run: bool = Field(
        description="false: a row is broken, and `apply` says that none is to be applied then."
    )
    rows: int
    good: int
    broken: int
    notes: list[str]
    problems: list[BulkRowAnswer] = Field(description="The broken rows, at most 1,000.")


class OneBulkJob(Answer):
    status: Literal["success"]
    job: BulkJobAnswer


class BulkJobList(Answer):
    status: Literal["success"]
    jobs: list[BulkJobAnswer]
    next: UUID | None = Field(
        description="What to give as `after` for those that follow; null: that was all."
    )


class BulkRowList(Answer):
    status: Literal["success"]
    rows: list[BulkRowAnswer]
    next: int | None = Field(description="What to give as `after` for those that follow; null: that was all.")


class ErasureDryRun(Answer):
    """What would go. Nothing was done."""

    status: Literal["success"]
    dry_run: Literal[True]
    reference_id: str
    user_ids: list[UUID]
    records: int = Field(description="Stored health records; counting ends at 100,000.")
    events: int = Field(description="Events that are kept; counting ends at 100,000.")
    data_requests: int


def job_fields(job: Job) -> dict[str, Any]:
    return {
        "job_id": str(job.id),
        "kind": job.kind.value,
        "state": job.state.value,
        "actor": job.actor,
        "reference_id": job.reference_id,
        "rows": job.total,
        "broken": job.broken,
        "done": job.done,
        "unchanged": job.unchanged,
        "failed": job.failed,
        "events_erased": job.events_erased,
        "created_at": wire_time(job.created_at),
        "started_at": wire_time(job.started_at) if job.started_at else None,
        "finished_at": wire_time(job.finished_at) if job.finished_at else None,
    }


def row_fields(row: Row) -> dict[str, Any]:
    return {
        "line": row.number,
        "user_id": str(row.user_id) if row.user_id else None,
        "reference_id": row.reference_id,
        "state": row.state.value,
        "reason": row.reason,
        "text": row.text,
    }


def holdings_fields(found: Holdings) -> dict[str, Any]:
    return {
        "dry_run": True,
        "reference_id": found.reference_id,
        "user_ids": [str(one.id) for one in found.connections],
        "records": found.records,
        "events": found.events,
        "data_requests": found.data_requests,
    }
