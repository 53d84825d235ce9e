"""What does a result say about its destination?"""

import random
from datetime import datetime

from wearable_gateway.deliveries.health import HEALTHY, after_failure
from wearable_gateway.deliveries.models import DestinationState
from wearable_gateway.deliveries.outcomes import Gone, Outcome, Reason, Unreachable, in_words, succeeded
from wearable_gateway.deliveries.sending.attempt import retry_after_of
from wearable_gateway.deliveries.sending.failing import HealthChange
from wearable_gateway.deliveries.sending.line import Line
from wearable_gateway.deliveries.sending.recording import Result


def judge(line: Line, result: Result, *, now: datetime) -> HealthChange | None:
    """Sets the health of `line`; what of it is to be written down, if anything."""
    if _is_our_fault(result.outcome):
        return None
    before = line.health
    if succeeded(result.outcome):
        line.health = HEALTHY
    elif isinstance(result.outcome, Gone):
        line.state = DestinationState.DISABLED
        return None
    else:
        hint = retry_after_of(result.outcome)
        line.health = after_failure(before, now, random=random.random(), retry_after=hint)
    if line.health.parkings == before.parkings:
        return None
    delivery = result.delivery
    return HealthChange(
        dev_id=delivery.dev_id,
        destination_id=delivery.destination_id,
        bucket=delivery.bucket,
        epoch=delivery.epoch,
        before=before,
        health=line.health,
        words=in_words(result.outcome),
    )


def _is_our_fault(outcome: Outcome) -> bool:
    return isinstance(outcome, Unreachable) and outcome.reason is Reason.SECRET
