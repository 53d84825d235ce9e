"""Is it worth sending there at the moment?

A destination that failed five times in a row is parked: what comes for it waits and spends none of its retries. Each
time the park is over one delivery, whose own retry is due anyhow, tries whether it answers again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wearable_gateway.deliveries.pauses import LONGEST_HINT, spread

FAILURES_TO_PARK = 5
FIRST_PARK = timedelta(seconds=5)
LONGEST_PARK = timedelta(minutes=5)
WORTH_TELLING = timedelta(hours=1)
"""How long a destination has to have failed for its recovery to be news."""


@dataclass(frozen=True, slots=True)
class Health:
    """`failures` and `parkings` are counted in a row: one success ends them."""

    failures: int = 0
    failing_since: datetime | None = None
    parkings: int = 0
    parked_until: datetime | None = None

    @property
    def is_parked(self) -> bool:
        """Also while one delivery tries whether the destination answers again."""
        return self.parkings > 0

    def may_be_sent_to(self, now: datetime) -> bool:
        return self.parked_until is None or self.parked_until <= now

    def has_failed_for(self, now: datetime) -> timedelta:
        return now - self.failing_since if self.failing_since else timedelta()


HEALTHY = Health()


def after_failure(
    health: Health, now: datetime, *, random: float, retry_after: timedelta | None = None
) -> Health:
    """What was under way already when the destination was parked, and fails too, makes the park no longer."""
    failed = replace(health, failures=health.failures + 1, failing_since=health.failing_since or now)
    if not failed.may_be_sent_to(now) or not (failed.is_parked or failed.failures >= FAILURES_TO_PARK):
        return failed
    doubled = FIRST_PARK * 2 ** min(failed.parkings, 10)
    pause = spread(min(doubled, LONGEST_PARK), random=random)
    if retry_after:
        pause = max(pause, min(retry_after, LONGEST_HINT))
    return replace(failed, parkings=failed.parkings + 1, parked_until=now + pause)
