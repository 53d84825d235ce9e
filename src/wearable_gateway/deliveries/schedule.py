"""Should this delivery be tried again, and when?"""

from collections.abc import Sequence
from datetime import timedelta

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, after a first try at once.
SCHEDULE: Sequence[timedelta] = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip

LONGEST_HINT = timedelta(hours=10)
_JITTER = 0.2


def next_pause(
    attempts_made: int,
    schedule: Sequence[timedelta] = SCHEDULE,
    *,
    random: float,
    retry_after: timedelta | None = None,
) -> timedelta | None:
    """The pause after attempt number `attempts_made` (from 1), or None when the schedule is used up.

    `random` in [0, 1) spreads the pause by a fifth to both sides. A destination that asks for a longer pause gets
    it, up to ten hours.
    """
    if attempts_made > len(schedule):
        return None
    pause = schedule[attempts_made - 1] * (1 + _JITTER * (2 * random - 1))
    return max(pause, min(retry_after, LONGEST_HINT)) if retry_after else pause
