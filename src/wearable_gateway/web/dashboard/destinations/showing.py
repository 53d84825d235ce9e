"""The pages of one destination: what all of them show, and its first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, kept_events, log
from wearable_gateway.deliveries.afterwards.faring import MOST_ATTEMPTS, Faring, faring, missing_since
from wearable_gateway.deliveries.afterwards.log import Filters
from wearable_gateway.deliveries.afterwards.recoveries import Recovery
from wearable_gateway.deliveries.afterwards.recovery import list_recoveries
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events.meanings import FAMILIES
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.asked import uuid_or_nothing
from wearable_gateway.web.dashboard.deps import Workplace
from wearable_gateway.web.dashboard.destinations.standing import standing
from wearable_gateway.web.dashboard.events.filters import minute
from wearable_gateway.web.dashboard.events.words import Told, name_of, told_attempt, told_delivery
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.deps import Services

_NEWEST = 8


@dataclass(frozen=True, slots=True)
class Tested:
    """A test event that was sent; `ended` is None until it was tried."""

    event_id: UUID
    type: str
    ended: Told | None
    duration_ms: int
    excerpt: str | None


def path_of(here: Workplace, destination_id: UUID) -> str:
    return f"{here.home}/destinations/{destination_id}"


async def common(svc: Services, here: Workplace, destination_id: UUID) -> dict[str, Any]:
    """What every page of a destination is given. Raises NotFoundError."""
    db, dev_id, now = svc.db.autocommit, here.dev_id, svc.clock()
    destination = await destinations.get(db, dev_id, destination_id)
    fares = await faring(db, dev_id, destination_id, kept_since=now - svc.events_kept_for)
    since = missing_since(destination, fares, kept_for=svc.events_kept_for, now=now)
    recoveries = await list_recoveries(db, dev_id, destination_id)
    return {
        "destination": destination,
        "name": name_of(destination),
        "path": path_of(here, destination_id),
        "standing": standing(destination),
        "fares": fares,
        "most_attempts": MOST_ATTEMPTS,
        "failure": await _last_failure(svc, destination),
        "missing_since": since if since and not _is_brought(recoveries, fares, destination) else None,
        "missing_field": minute(since) if since else "",
        "recoveries": recoveries,
        "now": now,
    }


async def _last_failure(svc: Services, destination: Destination) -> Told | None:
    if destination.failing_since is None:
        return None
    failed = await history.last_failure(
        svc.db.autocommit, destination.dev_id, destination.id, since=destination.failing_since
    )
    return told_attempt(failed) if failed else None


def _is_brought(recoveries: Sequence[Recovery], fares: Faring, destination: Destination) -> bool:
    """Whether a recovery that is under way takes care of what is missing."""
    running = any(one.finished_at is None for one in recoveries)
    return running and destination.state != "disabled" and fares.exhausted > 0


async def first_page(
    svc: Services, here: Workplace, request: Request, destination_id: UUID, *, tested: str, done: str
) -> Response:
    shown = await common(svc, here, destination_id)
    newest = await log.list_deliveries(
        svc.db.autocommit, here.dev_id, Filters(destination_id=destination_id), limit=_NEWEST
    )
    secret = shown_once.take(request, svc, here, shown["path"])
    answer = framed(
        "destination.html",
        here,
        "destinations",
        **shown,
        tab="overview",
        secret=secret,
        tested=await _tested(svc, here, destination_id, tested),
        deliveries=[(one, told_delivery(one)) for one in newest.deliveries],
        families=FAMILIES,
        done=done,
    )
    if secret:
        shown_once.forget(answer, shown["path"])
    return answer


async def _tested(svc: Services, here: Workplace, destination_id: UUID, event_id: str) -> Tested | None:
    if not uuid_or_nothing(event_id):
        return None
    db, wanted = svc.db.autocommit, UUID(event_id)
    try:
        event = await kept_events.get(db, here.dev_id, wanted)
    except NotFoundError:
        return None
    tried = await history.attempts_of(db, here.dev_id, [destination_id], wanted)
    last = tried[-1] if tried else None
    return Tested(
        wanted,
        event.type,
        told_attempt(last) if last else None,
        last.duration_ms if last else 0,
        last.response_excerpt if last else None,
    )
