"""How many days may still be asked for? Terra's rule r2: 6,000 days per connection in a rolling hour.

https://docs.tryterra.co/reference/rest-api/rate-limits
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.errors import TooManyRequestsError

LIMIT = 6000
_HOUR = 60

Spent = Sequence[tuple[int, int]]
"""(minute since 1970, days asked for in it), oldest first."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`reset_after` is in seconds: until the oldest of the last hour's requests no longer counts."""

    spent: Spent
    remaining: int
    reset_after: int


def spend(spent: Spent, cost: int, now: datetime) -> Budget:
    """The budget after `cost` more days. Raises TooManyRequestsError, spending nothing."""
    minute, second = divmod(int(now.timestamp()), 60)
    recent = [(at, days) for at, days in spent if at > minute - _HOUR]
    total = sum(days for _, days in recent)
    if total + cost > LIMIT:
        raise TooManyRequestsError("r2", _wait(recent, total + cost - LIMIT, minute) * 60 - second)
    if recent and recent[-1][0] == minute:
        recent[-1] = (minute, recent[-1][1] + cost)
    else:
        recent.append((minute, cost))
    return Budget(recent, LIMIT - total - cost, (recent[0][0] + _HOUR - minute) * 60 - second)


def _wait(recent: Spent, excess: int, minute: int) -> int:
    """Minutes until so much has left the hour that `excess` fits."""
    for at, days in recent:
        excess -= days
        if excess <= 0:
            return at + _HOUR - minute
    return _HOUR


async def charge(session: Session, dev_id: str, user_id: UUID, cost: int, *, now: datetime) -> Budget:
    """Spend `cost` days of the hour of a connection that the transaction holds. Raises TooManyRequestsError."""
    await session.execute(
        "INSERT INTO day_budgets (dev_id, user_id, spent) VALUES ($1, $2, '[]') ON CONFLICT DO NOTHING",
        dev_id, user_id,
    )  # fmt: skip
    spent = await session.fetchval(
        "SELECT spent FROM day_budgets WHERE dev_id = $1 AND user_id = $2 FOR UPDATE", dev_id, user_id
    )
    budget = spend([(at, days) for at, days in spent or ()], cost, now)
    await session.execute(
        "UPDATE day_budgets SET spent = $3 WHERE dev_id = $1 AND user_id = $2",
        dev_id, user_id, budget.spent,
    )  # fmt: skip
    return budget
