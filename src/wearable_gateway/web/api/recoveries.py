"""Bringing past events to a destination once more. Called by developers, and by operators for a developer."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wearable_gateway.deliveries.afterwards import recovery as recoveries
from wearable_gateway.deliveries.afterwards.recoveries import Only
from wearable_gateway.deliveries.afterwards.recovery import Wanted
from wearable_gateway.web.answers.recoveries import DryRun, OneRecovery, RecoveryList, recovery_fields
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.callers import CurrentCaller
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_id, read_moment
from wearable_gateway.web.log_parameters import DestinationIdPath, EventTypeText, Moment, RecoveryIdPath
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["deliveries"], route_class=JsonRoute)


class NewRecovery(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"since": "2026-11-20T08:15:00Z", "until": "2026-11-20T10:15:00Z"}]},
    )

    since: Moment = Field(description="Events made at this moment or later; at most 30 days ago.")
    until: Moment | None = Field(
        default=None, description="Events made at this moment or earlier; now when absent."
    )
    event_types: list[EventTypeText] | None = Field(
        default=None, description="Absent, null or empty: those the destination wants."
    )
    only: Only = Field(
        default=Only.UNDELIVERED,
        description=(
            "`undelivered`: given up, or made while the destination was disabled or was not there yet. `exhausted`:"
            " given up. `all`: also what was delivered. All but `exhausted` also bring forward what was tried and is"
            " due again later."
        ),
    )
    dry_run: StrictBool = Field(default=False, description="true: only say how many events there are.")

    def wanted(self, destination_id: str) -> Wanted:
        """Raises NotFoundError, InvalidInputError."""
        return Wanted(
            destination_id=read_id(destination_id, "destination"),
            since=read_moment(self.since, "since"),
            until=None if self.until is None else read_moment(self.until, "until"),
            only=self.only,
            event_types=self.event_types,
        )


@router.post(
    "/destinations/{destination_id}/recover",
    status_code=202,
    summary="Recover past events",
    responses={200: {"model": DryRun}, 202: {"model": OneRecovery}, **refusals(403, 404)},
)
async def recover_destination(
    caller: CurrentCaller, svc: Svc, destination_id: DestinationIdPath, body: NewRecovery
) -> Response:
    """Send again, in the background, what did not arrive. With `dry_run` 200 and a number: nothing is done."""
    wanted = body.wanted(destination_id)
    if body.dry_run:
        found = await recoveries.estimate(
            svc.db.autocommit, caller.dev_id, wanted, kept_for=svc.events_kept_for, now=svc.clock()
        )
        counted = {"dry_run": True, "events": found.events, "at_least": found.at_least}
        return json_answer({"status": "success", **counted})
    async with svc.db.transaction() as session:
        begun = await recoveries.begin(
            session, caller.dev_id, wanted, actor=caller.actor, kept_for=svc.events_kept_for, now=svc.clock()
        )
    return json_answer({"status": "success", "recovery": recovery_fields(begun)}, 202)


@router.get(
    "/destinations/{destination_id}/recoveries",
    summary="List the recoveries of a destination",
    responses={200: {"model": RecoveryList}, **refusals(404)},
)
async def list_recoveries(caller: CurrentCaller, svc: Svc, destination_id: DestinationIdPath) -> Response:
    """The newest first, at most 100; those that ended are known for 30 days."""
    found = await recoveries.list_recoveries(
        svc.db.autocommit, caller.dev_id, read_id(destination_id, "destination")
    )
    return json_answer({"status": "success", "recoveries": [recovery_fields(one) for one in found]})


@router.get(
    "/recoveries/{recovery_id}",
    summary="See how far a recovery is",
    responses={200: {"model": OneRecovery}, **refusals(404)},
)
async def show_recovery(caller: CurrentCaller, svc: Svc, recovery_id: RecoveryIdPath) -> Response:
    """Its state, and how many events were looked at and are sent again."""
    found = await recoveries.get(svc.db.autocommit, caller.dev_id, read_id(recovery_id, "recovery"))
    return json_answer({"status": "success", "recovery": recovery_fields(found)})


@router.post(
    "/recoveries/{recovery_id}/cancel",
    summary="Cancel a recovery",
    responses={200: {"model": OneRecovery}, **refusals(404)},
)
async def cancel_recovery(caller: CurrentCaller, svc: Svc, recovery_id: RecoveryIdPath) -> Response:
    """Queue no more. What was queued before is sent; one that had ended stays as it is."""
    wanted = read_id(recovery_id, "recovery")
    async with svc.db.transaction() as session:
        found = await recoveries.cancel(session, caller.dev_id, wanted, actor=caller.actor, now=svc.clock())
    return json_answer({"status": "success", "recovery": recovery_fields(found)})
