"""Recoveries, and what one would be about."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.deliveries.afterwards.recoveries import Only, Recovery, RecoveryState
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.base import Answer, Moment


class RecoveryAnswer(Answer):
    recovery_id: UUID
    destination_id: UUID
    only: Only
    event_types: list[str] | None = Field(description="null: those the destination wants.")
    since: Moment
    until: Moment
    state: RecoveryState
    reason: str | None = Field(description="Why it failed.")
    examined: int = Field(description="Events of these types that were looked at so far.")
    queued: int = Field(description="Those of them that are sent again.")
    progress: float = Field(ge=0, le=1, description="How much of the time was looked through, 0 to 1.")
    created_at: Moment
    finished_at: Moment | None


class OneRecovery(Answer):
    status: Literal["success"]
    recovery: RecoveryAnswer


class RecoveryList(Answer):
    status: Literal["success"]
    recoveries: list[RecoveryAnswer] = Field(description="The newest first, at most 100.")


class DryRun(Answer):
    """With `dry_run`: nothing was done."""

    status: Literal["success"]
    dry_run: Literal[True]
    events: int = Field(description="How many there are of the time and the types, delivered or not.")
    at_least: bool = Field(description="true: counting ended at 100,000.")


def recovery_fields(recovery: Recovery) -> dict[str, Any]:
    """As `RecoveryAnswer`."""
    return {
        "recovery_id": str(recovery.id),
        "destination_id": str(recovery.destination_id),
        "only": recovery.only.value,
        "event_types": list(recovery.event_types) if recovery.event_types is not None else None,
        "since": wire_time(recovery.since),
        "until": wire_time(recovery.until),
        "state": recovery.state.value,
        "reason": recovery.reason,
        "examined": recovery.examined,
        "queued": recovery.queued,
        "progress": round(recovery.progress, 4),
        "created_at": wire_time(recovery.created_at),
        "finished_at": wire_time(recovery.finished_at) if recovery.finished_at else None,
    }
