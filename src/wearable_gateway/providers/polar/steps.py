"""How the steps of a day came about."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.polar.document import Document, Moment
from wearable_gateway.unified.distance import StepSample


class StepCount(Document):
    timestamp: Moment | None = None
    steps: Annotated[int, Field(ge=0)] | None = None


class Steps(Document):
    interval_ms: Annotated[int, Field(ge=1000, le=86_400_000)] | None = None
    total_steps: Annotated[int, Field(ge=0)] | None = None
    samples: tuple[StepCount, ...] = ()


def step_samples(steps: Steps) -> list[StepSample] | None:
    """How many steps there had been by when: Terra counts from the start of the day, the vendor by interval.

    A count like the one before it is not sent: the one before holds until the next
    (https://www.polar.com/accesslink-api/#schemaactivity-steps2). What adds up to more than the day's own total was
    misread, as when a clock was set back, and is left out.
    """
    samples: list[StepSample] = []
    sum_so_far = 0
    for until, count in _runs(steps):
        sum_so_far += count
        samples.append(StepSample(timestamp=wire_time(until), steps=sum_so_far))
    too_many = steps.total_steps is not None and sum_so_far > steps.total_steps
    return None if too_many else samples or None


def _runs(steps: Steps) -> Iterator[tuple[datetime, int]]:
    """When each run of equal counts ended, and the steps in it; nothing after a count that cannot be read."""
    if steps.interval_ms is None:
        return
    interval = timedelta(milliseconds=steps.interval_ms)
    for one, following in pairwise((*steps.samples, None)):
        if one is None or one.timestamp is None or one.steps is None:
            return
        repeats = 1
        if following is not None and following.timestamp is not None:
            # The clock on the wall, whether or not its offset was sent.
            gap = following.timestamp.replace(tzinfo=None) - one.timestamp.replace(tzinfo=None)
            repeats = max(1, gap // interval)
        yield one.timestamp + repeats * interval, repeats * one.steps
