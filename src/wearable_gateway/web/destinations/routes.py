"""Destinations: /v2/destinations for developers, /admin/v1/developers/{dev_id}/destinations for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards.faring import Faring, faring, missing_since
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.deliveries.samples.testing import send_test
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.admin.dry_run import DryRun, tell
from wearable_gateway.web.answers.destinations import (
    AllDestinations,
    DestinationDeleted,
    DestinationHealth,
    DestinationWithSecret,
    OneDestination,
    TestSent,
    destination_fields,
)
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.callers import Caller, CurrentCaller
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.destinations.bodies import DestinationChange, NewDestination, Rotation, TestOrder
from wearable_gateway.web.parameters import Uuid
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["destinations"], route_class=JsonRoute)

_EXAMPLE = "01a204b2-60d1-7c55-9b1f-2d5e0f7a8c41"


DestinationId = Annotated[
    Uuid, Path(description="The `destination_id` of a destination.", examples=[_EXAMPLE])
]


@router.get("/destinations", summary="List destinations", responses={200: {"model": AllDestinations}})
async def list_destinations(caller: CurrentCaller, svc: Svc) -> Response:
    """All of them, oldest first."""
    found = await destinations.list_destinations(svc.db.autocommit, caller.dev_id)
    return json_answer({"status": "success", "destinations": [destination_fields(one) for one in found]})


@router.post(
    "/destinations",
    status_code=201,
    summary="Add a destination",
    responses={201: {"model": DestinationWithSecret}, **refusals(403)},
)
async def create_destination(caller: CurrentCaller, svc: Svc, body: NewDestination) -> Response:
    """A developer may have 20. Events from now on go there; the signing secret is shown this once."""
    made, secret = await changes.create(
        _change(caller, svc), svc.keyring, svc.policy, body.kind, body.chosen()
    )
    return _with_secret(made, secret, 201)


@router.get(
    "/destinations/{destination_id}",
    summary="Show a destination",
    responses={200: {"model": OneDestination}, **refusals(404)},
)
async def show_destination(caller: CurrentCaller, svc: Svc, destination_id: DestinationId) -> Response:
    """How it is set, and how it fares."""
    return _one(await destinations.get(svc.db.autocommit, caller.dev_id, _read(destination_id)))


@router.patch(
    "/destinations/{destination_id}",
    summary="Change a destination",
    responses={200: {"model": OneDestination}, **refusals(404)},
)
async def change_destination(
    caller: CurrentCaller, svc: Svc, destination_id: DestinationId, body: DestinationChange
) -> Response:
    """Change the fields that are named, and no others. A destination keeps its kind."""
    changed = await changes.update(_change(caller, svc), svc.policy, _read(destination_id), body.chosen())
    return _one(changed)


@router.delete(
    "/destinations/{destination_id}",
    summary="Remove a destination",
    responses={200: {"model": DestinationDeleted}, **refusals(404)},
)
async def delete_destination(
    caller: CurrentCaller,
    svc: Svc,
    destination_id: DestinationId,
    dry_run: DryRun = False,
) -> Response:
    """Nothing is sent there any more, neither new events nor what was still to be sent."""
    await changes.delete(_change(caller, svc), _read(destination_id), rehearse=dry_run)
    answer = json_answer({"status": "success"})
    tell(answer, dry_run=dry_run)
    return answer


@router.get(
    "/destinations/{destination_id}/health",
    summary="See how a destination fares",
    responses={200: {"model": DestinationHealth}, **refusals(404)},
)
async def show_destination_health(caller: CurrentCaller, svc: Svc, destination_id: DestinationId) -> Response:
    """What waits, what was given up, and how its newest attempts ended. For people to look at: it counts."""
    destination, found = await _faring(caller, svc, _read(destination_id))
    missing = missing_since(destination, found, kept_for=svc.events_kept_for, now=svc.clock())
    since, taken_at = found.given_up_since, found.last_taken_at
    health = {
        "pending": found.pending,
        "pending_at_least": found.pending_at_least,
        "exhausted": found.exhausted,
        "exhausted_at_least": found.exhausted_at_least,
        "given_up_since": wire_time(since) if since else None,
        "attempts": found.attempts,
        "taken": found.taken,
        "last_taken_at": wire_time(taken_at) if taken_at else None,
        "missing_since": wire_time(missing) if missing else None,
    }
    return json_answer({"status": "success", "health": health})


@router.post(
    "/destinations/{destination_id}/rotate-secret",
    summary="Replace the signing secret",
    responses={200: {"model": DestinationWithSecret}, **refusals(403, 404)},
)
async def rotate_destination_secret(
    caller: CurrentCaller, svc: Svc, destination_id: DestinationId, body: Rotation | None = None
) -> Response:
    """A new secret, shown this once. For a while what is sent carries signatures of the old ones too."""
    overlap_seconds = (body or Rotation()).overlap_seconds
    changed, secret = await changes.rotate_secret(
        _change(caller, svc), svc.keyring, _read(destination_id), overlap_seconds
    )
    return _with_secret(changed, secret)


@router.post(
    "/destinations/{destination_id}/pause",
    summary="Pause a destination",
    responses={200: {"model": OneDestination}, **refusals(403, 404)},
)
async def pause_destination(caller: CurrentCaller, svc: Svc, destination_id: DestinationId) -> Response:
    """Its events wait until it is resumed."""
    return _one(await changes.pause(_change(caller, svc), _read(destination_id)))


@router.post(
    "/destinations/{destination_id}/resume",
    summary="Resume a destination",
    responses={200: {"model": OneDestination}, **refusals(403, 404)},
)
async def resume_destination(caller: CurrentCaller, svc: Svc, destination_id: DestinationId) -> Response:
    """Send a paused one what waited, oldest first, and what comes."""
    return _one(await changes.resume(_change(caller, svc), _read(destination_id)))


@router.post(
    "/destinations/{destination_id}/enable",
    summary="Enable a destination",
    responses={200: {"model": OneDestination}, **refusals(403, 404)},
)
async def enable_destination(caller: CurrentCaller, svc: Svc, destination_id: DestinationId) -> Response:
    """Begin anew with a disabled one: it gets the events from now on, and its failures are forgotten."""
    return _one(await changes.enable(_change(caller, svc), _read(destination_id)))


@router.post(
    "/destinations/{destination_id}/disable",
    summary="Disable a destination",
    responses={200: {"model": OneDestination}, **refusals(404)},
)
async def disable_destination(caller: CurrentCaller, svc: Svc, destination_id: DestinationId) -> Response:
    """Nothing is sent there or kept for it until it is enabled, and what waits is given up. To let it wait, pause it."""
    return _one(await changes.disable(_change(caller, svc), _read(destination_id)))


@router.post(
    "/destinations/{destination_id}/test",
    status_code=202,
    summary="Send a made-up event",
    responses={202: {"model": TestSent}, **refusals(403, 404)},
)
async def send_test_event(
    caller: CurrentCaller, svc: Svc, destination_id: DestinationId, body: TestOrder | None = None
) -> Response:
    """About nobody, complete, and signed as real ones are; it goes to this destination alone."""
    kind = (body or TestOrder()).type
    async with svc.db.transaction() as session:
        event_id = await send_test(
            session, caller.dev_id, _read(destination_id), kind, svc.clock(), actor=caller.actor
        )
    return json_answer({"status": "success", "event_id": str(event_id)}, 202)


def _change(caller: Caller, svc: Services) -> changes.Change:
    return changes.Change(svc.db, caller.dev_id, caller.actor, svc.clock())


async def _faring(caller: Caller, svc: Services, destination_id: UUID) -> tuple[Destination, Faring]:
    """Raises NotFoundError."""
    db = svc.db.autocommit
    found = await destinations.get(db, caller.dev_id, destination_id)
    kept_since = svc.clock() - svc.events_kept_for
    return found, await faring(db, caller.dev_id, found.id, kept_since=kept_since)


def _read(destination_id: str) -> UUID:
    try:
        return UUID(destination_id)
    except ValueError:
        raise NotFoundError("destination") from None


def _one(destination: Destination) -> Response:
    return json_answer({"status": "success", "destination": destination_fields(destination)})


def _with_secret(destination: Destination, secret: str | None, status: int = 200) -> Response:
    return json_answer(
        {"status": "success", "destination": destination_fields(destination), "signing_secret": secret},
        status,
    )
