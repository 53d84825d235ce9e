"""Run jobs until told to stop; a job that fails is logged and tried again, and stops no other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from wearable_gateway.db.wakeups import Wakeups

log = structlog.get_logger()

_PAUSE_AFTER_FAILURE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """`step` does one piece of work and says whether there was any.

    When there was none it is called again after `every` seconds, or as soon as somebody wakes `queue`.
    `runners` of them run side by side.
    """

    name: str
    step: Callable[[], Awaitable[bool]]
    every: float
    queue: str | None = None
    runners: int = 1


async def run_job(job: Job, wakeups: Wakeups) -> None:
    while True:
        try:
            worked = await job.step()
        except Exception:
            log.exception("job.failed", job=job.name)
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
            continue
        if not worked:
            await _pause(job, wakeups)


async def _pause(job: Job, wakeups: Wakeups) -> None:
    if job.queue is None:
        await asyncio.sleep(job.every)
    else:
        await wakeups.wait(job.queue, job.every)
