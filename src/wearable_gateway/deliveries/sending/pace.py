"""How many a second may go to a destination? A bucket of tokens, in seconds of a clock that never runs back."""

from dataclasses import dataclass

_LARGEST_PART = 20
"""At most this part of a second's deliveries may go out at once, so that no second holds over 5 % too many."""


@dataclass(slots=True)
class Pace:
    """`rate` is in deliveries per second."""

    rate: int
    tokens: float = 1
    at: float = 0

    def _fill(self, now: float) -> None:
        most = max(1.0, self.rate / _LARGEST_PART)
        self.tokens = (
            min(most, self.tokens + (now - self.at) * self.rate) if self.at else min(most, self.tokens)
        )
        self.at = now

    def take(self, now: float) -> bool:
        """Whether one may go now; if so, it counts."""
        self._fill(now)
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until the next may go."""
        self._fill(now)
        return max(0.0, (1 - self.tokens) / self.rate)
