"""Flows that nobody ends: interrupted by a dying process, or left by the end user."""

from datetime import timedelta

import structlog

from wearable_gateway.connect.callback import Callback, read_pending
from wearable_gateway.connect.closing import close_expired, fail
from wearable_gateway.connect.models import Flow, FlowState
from wearable_gateway.connect.repository import FlowRepository, FlowsAcrossDevelopers
from wearable_gateway.connections.access import Vendors
from wearable_gateway.db.session import Database
from wearable_gateway.errors import GatewayError
from wearable_gateway.kit.clock import Clock, utc_now

log = structlog.get_logger()

_INTERRUPTED_AFTER = timedelta(minutes=1)
_KEPT_FOR = timedelta(days=30)


async def resume_interrupted(
    db: Database, vendors: Vendors, callback: Callback, *, clock: Clock = utc_now
) -> int:
    """Finish flows whose process died after the end user came back; return how many were found."""
    found = await FlowsAcrossDevelopers(db.autocommit).interrupted(clock() - _INTERRUPTED_AFTER)
    for flow in found:
        try:
            await _resume(db, vendors, callback, flow, clock)
        except GatewayError:
            # As when its encryption key is not set: tried again later, and no reason to keep the others waiting.
            log.warning("flow.not_resumed", dev_id=flow.dev_id, flow_id=str(flow.id), exc_info=True)
    return len(found)


async def _resume(db: Database, vendors: Vendors, callback: Callback, flow: Flow, clock: Clock) -> None:
    tokens = read_pending(vendors, flow)
    if tokens is not None:
        await callback.complete(flow, tokens, given_at=flow.claimed_at or flow.created_at)
    else:
        await _fail_unredeemed(db, flow, clock)


async def _fail_unredeemed(db: Database, flow: Flow, clock: Clock) -> None:
    """The code went with the process that held it: only the end user can try again."""
    async with db.transaction() as session:
        locked = await FlowRepository(session, flow.dev_id).lock(flow.id)
        if locked is not None and locked.state is FlowState.EXCHANGING:
            await fail(session, locked, "interrupted", now=clock())


async def close_all_expired(db: Database, *, clock: Clock = utc_now) -> int:
    """Close flows whose time is up. An app hears of those that its end user had opened."""
    now = clock()
    found = await FlowsAcrossDevelopers(db.autocommit).expired(now)
    for flow in found:
        async with db.transaction() as session:
            if flow.opened_at is None:
                await FlowRepository(session, flow.dev_id).set_state(
                    flow.id, FlowState.FAILED, reason="expired"
                )
            else:
                await close_expired(session, flow, now=now)
    await FlowsAcrossDevelopers(db.autocommit).forget_states(now)
    await FlowsAcrossDevelopers(db.autocommit).forget_older(now - _KEPT_FOR)
    return len(found)
