"""How many calls an app has left, by the headers of every answer of the API.

https://developers.strava.com/docs/rate-limits/: "600,30000" is of the quarter of an hour and of the day, both of the
clock in UTC. All calls count to the one limit, those that read to a lower one as well.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

WINDOWS = (timedelta(minutes=15), timedelta(days=1))
_NUMBERS = re.compile(r"([0-9]{1,9}), ?([0-9]{1,9})")


def calls_used(headers: Mapping[str, str]) -> list[tuple[timedelta, int, int]]:
    """For each window how many calls there are and how many are used, by the limit that will be reached first."""
    reads, everything = _pairs(headers, "x-readratelimit"), _pairs(headers, "x-ratelimit")
    found = []
    for window, read, whole in zip(WINDOWS, reads or everything, everything or reads, strict=False):
        left = min(calls - used for calls, used in (read, whole))
        found.append((window, read[0], read[0] - left))
    return found


def _pairs(headers: Mapping[str, str], name: str) -> list[tuple[int, int]]:
    limits = _NUMBERS.fullmatch(headers.get(f"{name}-limit", ""))
    usages = _NUMBERS.fullmatch(headers.get(f"{name}-usage", ""))
    if limits is None or usages is None:
        return []
    return [(int(limit), int(usage)) for limit, usage in zip(limits.groups(), usages.groups(), strict=True)]
