"""What the simulated vendor's documents say: the same for an account and a day, whoever asks."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from wearable_gateway.sandbox.accounts import account_named
from wearable_gateway.sandbox.config import SCOPES
from wearable_gateway.sandbox.data import account_of, profile_of
from wearable_gateway.sandbox.kinds import READ_BY_DAY, Kind

FIRST, LAST = date(2026, 10, 20), date(2026, 11, 19)
"""31 days: the most that is answered in one piece."""
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
EVERYTHING = list(SCOPES)

# What is rare comes first, so that a day without it is passed over quickly.
_DAILY_KINDS = {kind.scope: kind for kind in reversed(READ_BY_DAY)}


def documents(account: str, scope: str, days: Sequence[date] = DAYS) -> list[dict[str, Any]]:
    """In the order of their days, none of which was ever synced again."""
    kind: Kind = _DAILY_KINDS[scope]
    profile = profile_of(account_named(account).account_id)
    return [item for day in days for item in kind.measure(profile, day, 0, {})]


def person(account: str, today: date) -> dict[str, Any]:
    return account_of(profile_of(account_named(account).account_id), today)


def full_day(account: str) -> date | None:
    """A day on which something of every kind was noted."""
    return next((day for day in DAYS if all(documents(account, name, [day]) for name in _DAILY_KINDS)), None)


def account_with_everything(seed: str) -> str:
    """The first account named after `seed` that has a day with something of every kind."""
    return next(name for number in count() if full_day(name := f"{seed}-{number}"))
