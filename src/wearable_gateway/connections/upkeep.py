"""What is done for a grant from time to time: its vendor asked for data, asked to tell us, asked whether it lives."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import UPKEEP
from wearable_gateway.providers._base.facts import Poll
from wearable_gateway.providers._base.provider import Provider

SUBSCRIBE, PROBE, _POLL = "subscribe", "probe", "poll"
CLAIM = timedelta(minutes=5)
_SPREAD = 0.05
"""So that what began together does not stay together."""

_PLAN = """
INSERT INTO grant_upkeep (grant_id, task, due_at, attempts)
SELECT $1, u.task, u.due_at, 0 FROM unnest($2::text[], $3::timestamptz[]) AS u (task, due_at)
ON CONFLICT (grant_id, task) DO UPDATE SET due_at = excluded.due_at, attempts = 0
"""
_CLAIM = """
UPDATE grant_upkeep SET due_at = $2, attempts = attempts + 1
WHERE (grant_id, task) = (
  SELECT grant_id, task FROM grant_upkeep WHERE due_at <= $1 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING grant_id, task, attempts, due_at
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One task of one grant, claimed; `attempts` counts this one."""

    grant_id: UUID
    task: str
    attempts: int
    due_at: datetime
    """Until when it is this worker's."""


def tasks(provider: Provider) -> Mapping[str, timedelta]:
    """What a grant of `provider` needs, and how often."""
    found = {_POLL + str(number): poll.every for number, poll in enumerate(provider.polls)}
    if provider.grant_upkeep_every is not None:
        found[SUBSCRIBE] = provider.grant_upkeep_every
    if provider.probe_every is not None:
        found[PROBE] = provider.probe_every
    return found


def poll_of(provider: Provider, task: str) -> Poll | None:
    """The poll that `task` is; None when it is none of them, or none any more."""
    number = task.removeprefix(_POLL)
    known = task.startswith(_POLL) and number.isdigit() and int(number) < len(provider.polls)
    return provider.polls[int(number)] if known else None


def next_time(every: timedelta, now: datetime) -> datetime:
    return now + every * random.uniform(1 - _SPREAD, 1 + _SPREAD)


async def plan(session: Session, provider: Provider, grant_id: UUID, *, now: datetime) -> None:
    """After a consent: everything at once, except for the probe of what has just answered."""
    wanted = tasks(provider)
    if not wanted:
        return
    due = [next_time(every, now) if task == PROBE else now for task, every in wanted.items()]
    await session.execute(_PLAN, grant_id, list(wanted), due)
    session.wake(UPKEEP)


async def bring_probe_forward(session: Session, grant_id: UUID, *, now: datetime) -> None:
    """Somebody doubts that the grant lives. Not where a probe is under way, or was refused and waits for its next try."""
    await session.execute(
        "UPDATE grant_upkeep SET due_at = $3 WHERE grant_id = $1 AND task = $2 AND attempts = 0 AND due_at > $3",
        grant_id, PROBE, now,
    )  # fmt: skip
    session.wake(UPKEEP)


async def claim(session: Session, *, now: datetime) -> Due | None:
    """One due task, this worker's for five minutes."""
    row = await session.fetchrow(_CLAIM, now, now + CLAIM)
    return Due(row["grant_id"], row["task"], row["attempts"], row["due_at"]) if row else None


async def finish(session: Session, due: Due, *, again_at: datetime, failed: bool) -> None:
    """Nothing where a newer consent has planned it anew meanwhile, or another worker has claimed it."""
    await session.execute(
        "UPDATE grant_upkeep SET due_at = $4, attempts = $5 WHERE grant_id = $1 AND task = $2 AND due_at = $3",
        due.grant_id, due.task, due.due_at, again_at, due.attempts if failed else 0,
    )  # fmt: skip


async def drop(session: Session, due: Due) -> None:
    """The grant is dead, or the provider needs this no more."""
    await session.execute(
        "DELETE FROM grant_upkeep WHERE grant_id = $1 AND task = $2 AND due_at = $3",
        due.grant_id, due.task, due.due_at,
    )  # fmt: skip


async def next_poll(session: Session, grant_id: UUID) -> datetime | None:
    """When the vendor is next asked for data of a grant; None where it never is."""
    due_at: datetime | None = await session.fetchval(
        "SELECT min(due_at) FROM grant_upkeep WHERE grant_id = $1 AND starts_with(task, $2)", grant_id, _POLL
    )
    return due_at
