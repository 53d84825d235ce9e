"""Identifiers that sort by the time they were made."""

import os
import threading
import time
from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1d7b1e-2b53-4f6e-9a52-3f3c2a4f8c11")


_DRAWN_AT_ONCE = 64
"""A system call for each id would cost more than the id."""


class _Sequence:
    """The last millisecond and the counter in it, so that ids of one process never run backwards."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0
        self._random = b""

    def next(self) -> tuple[int, int, int]:
        """The millisecond, the counter in it, and 64 random bits."""
        with self._lock:
            if not self._random:
                self._random = os.urandom(8 * _DRAWN_AT_ONCE)
            drawn, self._random = self._random[:8], self._random[8:]
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond, self._counter = now, int.from_bytes(os.urandom(2), "big") & 0x7FF
            else:
                self._counter += 1
                if self._counter > 0xFFF:  # noqa: PLR2004 - the field has 12 bits
                    self._millisecond, self._counter = self._millisecond + 1, 0
            return self._millisecond, self._counter, int.from_bytes(drawn, "big")


_sequence = _Sequence()


def _start_anew() -> None:
    """A forked child must not go on with the random bits its parent has drawn."""
    global _sequence  # noqa: PLW0603 - one sequence per process is the point
    _sequence = _Sequence()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)


def uuid7() -> UUID:
    """A UUID version 7 (https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7), counter in `rand_a`."""
    millisecond, counter, drawn = _sequence.next()
    random = drawn & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=millisecond << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | random)


def derived_uuid(*parts: str) -> UUID:
    """The same id for the same parts, for rows whose key is a fact and not a choice."""
    return uuid5(_NAMESPACE, "\x1f".join(parts))
