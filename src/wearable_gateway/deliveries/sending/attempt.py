"""One attempt: sign, send, and decide what comes after."""

import random
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from wearable_gateway.deliveries.models import Message, RetrySchedule
from wearable_gateway.deliveries.outcomes import (
    Available,
    Gone,
    Outcome,
    Reason,
    Refused,
    Unreachable,
    outcome_name,
    status_of,
    succeeded,
)
from wearable_gateway.deliveries.schedule import next_pause
from wearable_gateway.deliveries.sending.headers import headers_of
from wearable_gateway.deliveries.sending.recording import Result
from wearable_gateway.deliveries.sending.sender import Sender
from wearable_gateway.kit.clock import Clock
from wearable_gateway.observability import metrics

log = structlog.get_logger()

Schedules = Mapping[RetrySchedule, Sequence[timedelta]]


async def attempt(message: Message, sender: Sender, *, schedules: Schedules, clock: Clock) -> Result:
    """Never raises: whatever happens is a result, so that the delivery is tried again."""
    at, started = clock(), time.monotonic()
    try:
        outcome = await _send(message, sender, clock=clock)
    except Exception:  # the edge of a task that nobody waits for
        log.exception("delivery.faulty", event_id=str(message.delivery.event_id))
        outcome = Unreachable(Reason.BROKEN, "internal error")
    seconds = time.monotonic() - started
    pause = _pause(message, outcome, schedules[message.target.schedule])
    result = Result(
        message.delivery,
        message.type,
        outcome,
        at,
        int(seconds * 1000),
        None if pause is None else clock() + pause,
    )
    metrics.count_attempt(outcome_name(outcome), reason_of(outcome), seconds)
    if not succeeded(outcome):  # a success is a row in `attempts` and no line in the log
        _log_failure(result)
    return result


async def _send(message: Message, sender: Sender, *, clock: Clock) -> Outcome:
    target = message.target
    if target.url is None:
        return Available()
    if not target.secrets:
        return Unreachable(Reason.SECRET, "its encryption key is not set")
    return await sender.send(target.url, headers_of(message, now=clock()), message.body)


def retry_after_of(outcome: Outcome) -> timedelta | None:
    """The pause the destination asked for."""
    return outcome.retry_after if isinstance(outcome, Refused) else None


def reason_of(outcome: Outcome) -> str:
    """Why there was no answer, or an empty text."""
    return outcome.reason.value if isinstance(outcome, Unreachable) else ""


def _pause(message: Message, outcome: Outcome, schedule: Sequence[timedelta]) -> timedelta | None:
    if succeeded(outcome) or isinstance(outcome, Gone):
        return None
    hint = retry_after_of(outcome)
    made = message.delivery.attempts - message.delivery.tried_before + 1
    return next_pause(made, schedule, random=random.random(), retry_after=hint)


def _log_failure(result: Result) -> None:
    outcome, delivery = result.outcome, result.delivery
    log.info(
        "delivery.failed",
        outcome=outcome_name(outcome),
        dev_id=delivery.dev_id,
        event_id=str(delivery.event_id),
        destination_id=str(delivery.destination_id),
        attempt=result.number,
        status=status_of(outcome),
        reason=reason_of(outcome) or None,
    )
