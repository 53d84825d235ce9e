"""How many calls does the vendor still take? (https://developer.whoop.com/docs/developing/rate-limiting)

`X-RateLimit-Limit: 100, 100;window=60, 10000;window=86400` names the limit that is nearest to being used up, then each
limit with its seconds; `X-RateLimit-Remaining` and `X-RateLimit-Reset` speak of the nearest alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LIMIT = re.compile(r"([0-9]{1,9})\s*;\s*w(?:indow)?=([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Rate:
    """`used` is what is known to be used: nothing, for a limit that the answer does not speak of."""

    calls: int
    window_seconds: int
    used: int = 0
    resets_in: float | None = None


def read_rates(headers: Mapping[str, str]) -> Sequence[Rate]:
    """The limits that an answer names; none when it names none that can be read."""
    stated = headers.get("x-ratelimit-limit", "")
    rates = [Rate(int(calls), int(window)) for calls, window in _LIMIT.findall(stated) if int(window)]
    first = _NUMBER.match(stated.strip())
    remaining = headers.get("x-ratelimit-remaining", "").strip()
    reset = headers.get("x-ratelimit-reset", "").strip()
    if first is None or not _NUMBER.fullmatch(remaining):
        return rates
    nearest = next((number for number, rate in enumerate(rates) if rate.calls == int(first[0])), None)
    if nearest is not None:
        rate = rates[nearest]
        rates[nearest] = Rate(
            rate.calls,
            rate.window_seconds,
            max(rate.calls - int(remaining), 0),
            float(reset) if _NUMBER.fullmatch(reset) else None,
        )
    return rates
