"""Should this delivery be tried again, and when?"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from wearable_gateway.deliveries.models import RetrySchedule
from wearable_gateway.deliveries.pauses import LONGEST_HINT, spread


def _seconds(*pauses: int) -> Sequence[timedelta]:
    return tuple(timedelta(seconds=pause) for pause in pauses)


SCHEDULES: Mapping[RetrySchedule, Sequence[timedelta]] = {
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, after a first try at once.
    RetrySchedule.STANDARD: _seconds(5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
    # Eight retries within "a little over 24 hours" (https://docs.tryterra.co/docs/unified-api/retry-policy-and-redelivery);
    # it names the first five pauses, the others add up to that.
    RetrySchedule.TERRA: _seconds(300, 1800, 3600, 7200, 14_400, 18_000, 21_600, 21_600),
}


def next_pause(
    attempts_made: int, schedule: Sequence[timedelta], *, random: float, retry_after: timedelta | None = None
) -> timedelta | None:
    """The pause after attempt number `attempts_made` (from 1), or None when the schedule is used up.

    A destination that asks for a longer pause gets it, up to ten hours.
    """
    if attempts_made > len(schedule):
        return None
    pause = spread(schedule[attempts_made - 1], random=random)
    return max(pause, min(retry_after, LONGEST_HINT)) if retry_after else pause
