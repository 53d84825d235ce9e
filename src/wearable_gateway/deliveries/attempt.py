"""One attempt: sign, send, and decide what comes after."""

import random
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from wearable_gateway.deliveries.headers import headers_of
from wearable_gateway.deliveries.models import Message
from wearable_gateway.deliveries.outcomes import (
    Delivered,
    Gone,
    Outcome,
    Reason,
    Refused,
    Unreachable,
    outcome_name,
)
from wearable_gateway.deliveries.recording import Result
from wearable_gateway.deliveries.schedule import next_pause
from wearable_gateway.deliveries.sender import Sender
from wearable_gateway.kit.clock import Clock

log = structlog.get_logger()


async def attempt(message: Message, sender: Sender, *, schedule: Sequence[timedelta], clock: Clock) -> Result:
    """Never raises: whatever happens is a result, so that the delivery is tried again."""
    at, started = clock(), time.monotonic()
    try:
        outcome = await _send(message, sender, clock=clock)
    except Exception:  # the edge of a task that nobody waits for
        log.exception("delivery.faulty", event_id=str(message.delivery.event_id))
        outcome = Unreachable(Reason.BROKEN, "internal error")
    duration_ms = int((time.monotonic() - started) * 1000)
    pause = _pause(message, outcome, schedule)
    result = Result(message.delivery, outcome, at, duration_ms, None if pause is None else clock() + pause)
    if not isinstance(outcome, Delivered):  # a success is a row in `attempts` and no line in the log
        _log_failure(result)
    return result


async def _send(message: Message, sender: Sender, *, clock: Clock) -> Outcome:
    if not message.secrets:
        return Unreachable(Reason.SECRET, "its encryption key is not set")
    return await sender.send(message.url, headers_of(message, now=clock()), message.body)


def _pause(message: Message, outcome: Outcome, schedule: Sequence[timedelta]) -> timedelta | None:
    if isinstance(outcome, Delivered | Gone):
        return None
    hint = outcome.retry_after if isinstance(outcome, Refused) else None
    return next_pause(message.delivery.attempts + 1, schedule, random=random.random(), retry_after=hint)


def _log_failure(result: Result) -> None:
    outcome, delivery = result.outcome, result.delivery
    log.info(
        "delivery.failed",
        outcome=outcome_name(outcome),
        dev_id=delivery.dev_id,
        event_id=str(delivery.event_id),
        destination_id=str(delivery.destination_id),
        attempt=result.number,
        status=None if isinstance(outcome, Unreachable) else outcome.status,
        reason=outcome.reason.value if isinstance(outcome, Unreachable) else None,
    )
