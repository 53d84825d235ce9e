"""When is a notice tried again, and when is it given up?"""

import random
from collections.abc import Sequence
from datetime import timedelta

UNKNOWN_ACCOUNT = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 900))
"""A notice can overtake the connect flow that makes its account known; after a flow's life it cannot."""

PROVIDER_FAILS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 7200, 21600, 43200, 86400))


_SPREAD = timedelta(seconds=30)


def limit_pause(seconds: float | None) -> timedelta:
    """How long what met a vendor's limit waits: until there is room, and not all at the same moment."""
    return timedelta(seconds=seconds or 60) + _SPREAD * random.random()


def next_try(attempts: int, schedule: Sequence[timedelta], at_least: float | None = None) -> timedelta | None:
    """The pause after attempt number `attempts` (from 1), not below `at_least` seconds; None: give up."""
    if attempts > len(schedule):
        return None
    return max(schedule[attempts - 1], timedelta(seconds=at_least or 0))
