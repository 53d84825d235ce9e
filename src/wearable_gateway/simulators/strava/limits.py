"""How many calls the app has left, in a quarter of an hour and in a day (https://developers.strava.com/docs/rate-limits/)."""

from collections import Counter
from collections.abc import Mapping

from wearable_gateway.simulators._base.config import Clock

_WINDOWS = (900, 86_400)
_CALLS, _READS = (400, 4000), (200, 2000)


class Limits:
    """All calls of the API count, those past the limit as well; those that read count twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[tuple[str, int, int]] = Counter()

    def count(self, method: str) -> bool:
        """One more call; whether there was room for it."""
        for group in ("calls", "reads") if method == "GET" else ("calls",):
            for window in _WINDOWS:
                self._counts[self._key(group, window)] += 1
        return all(used <= most for used, most in zip(self._used("calls"), _CALLS, strict=True)) and all(
            used <= most for used, most in zip(self._used("reads"), _READS, strict=True)
        )

    def headers(self) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": _pair(_CALLS),
            "X-RateLimit-Usage": _pair(self._used("calls")),
            "X-ReadRateLimit-Limit": _pair(_READS),
            "X-ReadRateLimit-Usage": _pair(self._used("reads")),
        }

    def _key(self, group: str, window: int) -> tuple[str, int, int]:
        return group, window, int(self._clock() // window)

    def _used(self, group: str) -> tuple[int, ...]:
        return tuple(self._counts[self._key(group, window)] for window in _WINDOWS)


def _pair(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
