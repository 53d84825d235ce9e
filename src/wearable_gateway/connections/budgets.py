"""How many calls does a vendor still take? Counted across processes, and corrected by what the vendor says."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.errors import ProviderLimitError
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.ids import derived_uuid
from wearable_gateway.providers._base.client import retry_after
from wearable_gateway.providers._base.facts import Limit, Per, Usage
from wearable_gateway.providers._base.provider import Provider

_TOO_MANY = 429
_BLOCKED = timedelta(0)
"""The window, as it were, of a refusal that says how long it stands."""
_PAUSE = timedelta(seconds=60)
"""After a refusal that does not say how long it stands."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MOST = 10**9
_LONGEST = timedelta(days=1)
"""No limit of a vendor's stands longer than the longest of their windows; a header that says so was misread."""

# What a vendor said of its limit holds for the window it was said of: what was misread must not last. A call that is
# not made does not count, or room that the vendor makes within the window would be used up before it is there.
_TAKE = """
INSERT INTO call_budgets (id, calls, taken, ends_at) VALUES ($1, $2, 1, $3)
ON CONFLICT (id) DO UPDATE SET
  calls = CASE WHEN call_budgets.ends_at <= $4 THEN excluded.calls ELSE call_budgets.calls END,
  taken = CASE WHEN call_budgets.ends_at <= $4 THEN 1
          ELSE least(call_budgets.taken, call_budgets.calls) + 1 END,
  ends_at = CASE WHEN call_budgets.ends_at <= $4 THEN excluded.ends_at ELSE call_budgets.ends_at END
RETURNING calls, taken, ends_at
"""
_SEEN = """
INSERT INTO call_budgets (id, calls, taken, ends_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET
  calls = excluded.calls,
  taken = CASE WHEN call_budgets.ends_at <= $5 THEN excluded.taken
          ELSE greatest(call_budgets.taken, excluded.taken) END,
  ends_at = CASE WHEN call_budgets.ends_at <= $5 OR $6::boolean THEN excluded.ends_at ELSE call_budgets.ends_at END
"""
_REFUSED = """
INSERT INTO call_budgets (id, calls, taken, ends_at) VALUES ($1, 0, 1, $2)
ON CONFLICT (id) DO UPDATE SET ends_at = greatest(call_budgets.ends_at, excluded.ends_at)
"""


def end_of_window(window: timedelta, now: datetime) -> datetime:
    """When the stretch of `window`, counted from 1970, ends that `now` lies in."""
    return _EPOCH + ((now - _EPOCH) // window + 1) * window


def _wait(seconds: float | None) -> timedelta:
    return timedelta(seconds=min(max(seconds or 0, 0), _LONGEST.total_seconds()))


def _count(calls: int) -> int:
    return min(max(calls, 0), _MOST)


class CallBudget:
    """The budget of one grant: its own limits, and those of its app."""

    def __init__(
        self, session: Session, provider: Provider, *, app_id: UUID, grant_id: UUID | None, clock: Clock
    ) -> None:
        self._session = session
        self._provider = provider
        self._app_id = app_id
        self._grant_id = grant_id
        self._clock = clock

    async def take(self) -> None:
        """Count one call. Raises ProviderLimitError, with the seconds until there is room again."""
        now = self._clock()
        await self._check_refusal(now)
        for limit in self._limits():
            ends = end_of_window(limit.window, now)
            row = await self._session.fetchrow(_TAKE, self._id(limit), limit.calls, ends, now)
            if row is not None and row["taken"] > row["calls"]:
                raise self._used_up(row["ends_at"], now)

    async def full_until(self) -> datetime | None:
        """When there is room again, if there is none now; nothing is counted."""
        now = self._clock()
        ids = [self._refusal_id(), *(self._id(limit) for limit in self._limits())]
        ends: datetime | None = await self._session.fetchval(
            "SELECT max(ends_at) FROM call_budgets WHERE id = ANY ($1) AND ends_at > $2 AND taken >= calls",
            ids,
            now,
        )
        return ends

    async def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """Correct the budget by an answer: its headers, and a refusal that every process heeds."""
        now = self._clock()
        usages = self._provider.usage(headers, now)
        for seen in usages:
            told = seen.resets_in is not None
            ends = now + _wait(seen.resets_in) if told else end_of_window(seen.window, now)
            # The vendor's windows need not begin when ours do: what ends long before is an earlier one.
            over = max(now, ends - seen.window / 2) if told else now
            await self._session.execute(
                _SEEN, self._id(seen), _count(seen.calls), _count(seen.used), ends, over, told
            )
        if status == _TOO_MANY:
            resets = [seen.resets_in for seen in usages if seen.resets_in and seen.used >= seen.calls]
            seconds = retry_after(headers) or max(resets, default=None)
            until = now + (_wait(seconds) if seconds else _PAUSE)
            await self._session.execute(_REFUSED, self._refusal_id(), until)

    async def _check_refusal(self, now: datetime) -> None:
        if not self._provider.limits:
            return
        ends = await self._session.fetchval(
            "SELECT ends_at FROM call_budgets WHERE id = $1 AND ends_at > $2", self._refusal_id(), now
        )
        if ends is not None:
            raise self._used_up(ends, now)

    def _limits(self) -> Sequence[Limit]:
        return [limit for limit in self._provider.limits if limit.per is Per.APP or self._grant_id]

    def _id(self, limit: Limit | Usage) -> UUID:
        owner = self._app_id if limit.per is Per.APP else self._grant_id
        return derived_uuid("calls", str(owner), str(limit.window.total_seconds()))

    def _refusal_id(self) -> UUID:
        """Where all of a vendor's limits are a grant's own, its refusal stops that grant alone."""
        own = self._grant_id and all(limit.per is Per.GRANT for limit in self._provider.limits)
        owner = self._grant_id if own else self._app_id
        return derived_uuid("calls", str(owner), str(_BLOCKED.total_seconds()))

    def _used_up(self, ends: datetime, now: datetime) -> ProviderLimitError:
        seconds = max((ends - now).total_seconds(), 1.0)
        return ProviderLimitError(self._provider.slug, "its limit of calls is used up", seconds)
