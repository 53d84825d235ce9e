"""Identifiers that sort by the time they were made."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1d7b1e-2b53-4f6e-9a52-3f3c2a4f8c11")


class _Sequence:
    """The last millisecond and the counter in it, so that ids of one process never run backwards."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def next(self) -> tuple[int, int]:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond, self._counter = now, int.from_bytes(os.urandom(2), "big") & 0x7FF
            else:
                self._counter += 1
                if self._counter > 0xFFF:  # noqa: PLR2004 - the field has 12 bits
                    self._millisecond, self._counter = self._millisecond + 1, 0
            return self._millisecond, self._counter


_sequence = _Sequence()


def uuid7() -> UUID:
    """A UUID version 7 (https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7), counter in `rand_a`."""
    millisecond, counter = _sequence.next()
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=millisecond << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | random)


def derived_uuid(*parts: str) -> UUID:
    """The same id for the same parts, for rows whose key is a fact and not a choice."""
    return uuid5(_NAMESPACE, "\x1f".join(parts))


def first_uuid7(moment: datetime) -> UUID:
    """No UUID version 7 made at `moment` or later sorts before it; before 1970 there is none."""
    return UUID(int=max(int(moment.timestamp() * 1000), 0) << 80 | 0x7 << 76 | 0b10 << 62)


def moment_of(value: UUID) -> datetime:
    """When a UUID version 7 was made, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def shifted_uuid7(value: UUID, by: timedelta) -> UUID:
    """`value` as if it had been made earlier or later by that much; for bounds, not for new rows."""
    return UUID(int=max(value.int + (round(by / timedelta(milliseconds=1)) << 80), 0))
