"""How many requests may a developer make in a minute, over all processes together?

The permits of a clock minute lie in the database. A process takes them out in slices and spends a slice without
asking again, so most requests cost no statement and all processes together never pass the limit.
"""

import asyncio
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wearable_gateway.db.session import Session
from wearable_gateway.errors import TooManyRequestsError

_MINUTE = timedelta(minutes=1)
_SLICES_PER_MINUTE = 50
_LARGEST_SLICE = 200


def slice_of(limit: int) -> int:
    """How many permits a process takes at a time: one by one of a small limit, for an even share of it."""
    return max(1, min(limit // _SLICES_PER_MINUTE, _LARGEST_SLICE))


def smaller(taken: int) -> int | None:
    """What to ask for when a slice of `taken` was refused; None: nothing is left."""
    return taken // 2 or None


def minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def seconds_left(moment: datetime) -> int:
    """Until the next clock minute begins; at least one."""
    return max(1, math.ceil((minute_of(moment) + _MINUTE - moment).total_seconds()))


@dataclass(slots=True)
class _Share:
    """What this process holds of one developer's minute. `used_up`: the limit that was found used up."""

    minute: datetime
    slice: int
    left: int = 0
    used_up: int = 0
    taking: asyncio.Lock = field(default_factory=asyncio.Lock)


class RequestLimits:
    """One per process."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._shares: dict[str, _Share] = {}

    async def take(self, session: Session, dev_id: str, limit: int | None, *, now: datetime) -> None:
        """Count one request; `limit` None: any number is fine. Raises TooManyRequestsError.

        `session` is `Database.autocommit`: what is taken stays taken, whatever becomes of the request.
        """
        if limit is None:
            return
        share = self._share(dev_id, minute_of(now), limit)
        while share.left == 0:
            # Whoever raises the limit is believed at once, and need not wait for the next minute.
            if limit <= share.used_up:
                raise TooManyRequestsError("requests", seconds_left(now))
            async with share.taking:
                if share.left == 0 and limit > share.used_up:
                    await self._refill(session, dev_id, share, limit)
        share.left -= 1

    def _share(self, dev_id: str, minute: datetime, limit: int) -> _Share:
        if minute != self._minute:
            self._minute = minute
            self._shares = {}
        share = self._shares.get(dev_id)
        if share is None:
            share = self._shares[dev_id] = _Share(minute, slice_of(limit))
        return share

    async def _refill(self, session: Session, dev_id: str, share: _Share, limit: int) -> None:
        wanted: int | None = min(share.slice, limit)
        while wanted is not None:
            if await _reserve(session, dev_id, share.minute, wanted, limit):
                share.left, share.slice = wanted, wanted
                return
            wanted = smaller(wanted)
        share.used_up, share.slice = limit, slice_of(limit)


async def _reserve(session: Session, dev_id: str, minute: datetime, permits: int, limit: int) -> bool:
    """Take that many permits of the minute, or none."""
    taken = await session.execute(
        "INSERT INTO request_counts (dev_id, minute, taken) VALUES ($1, $2, $3)"
        " ON CONFLICT (dev_id, minute) DO UPDATE SET taken = request_counts.taken + excluded.taken"
        " WHERE request_counts.taken + excluded.taken <= $4",
        dev_id, minute, permits, limit,
    )  # fmt: skip
    return bool(taken)
