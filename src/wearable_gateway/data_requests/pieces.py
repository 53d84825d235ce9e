"""How is a large request cut up: into windows to fetch, and chunks to send?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wearable_gateway.data_requests.models import Window
from wearable_gateway.kit import json

MOST_OBJECTS = 10
MOST_BYTES = 10 * 1000 * 1000
"""Whichever is reached first (https://docs.tryterra.co/docs/unified-api/large-payloads-and-chunking)."""

_ENVELOPE_BYTES = 4096
"""More than what stands around the records."""

CLAIM = timedelta(minutes=1)
"""For one window; a fetch that takes longer may be made again by another worker, and is told once."""

BACKFILL_PAUSE = timedelta(minutes=2)
"""Between asking a vendor to send the days of a window by notice and looking at what has come."""

LIMIT_PAUSE = timedelta(minutes=5)
"""Until a vendor's limit is asked about again, when the vendor does not say."""


def windows(start: date, end: date, *, days: int) -> Sequence[Window]:
    """The range in pieces of at most `days`, the newest first: it is what people look at first."""
    found: list[Window] = []
    while end >= start:
        first = max(start, end - timedelta(days=days - 1))
        found.append(Window(len(found), first, end))
        end = first - timedelta(days=1)
    return found


def chunks(
    bodies: Iterable[Mapping[str, Any]], *, most_bytes: int = MOST_BYTES
) -> Iterator[list[Mapping[str, Any]]]:
    """Lists of at most ten records and `most_bytes`; a record that is larger by itself stands alone."""
    chunk: list[Mapping[str, Any]] = []
    size = _ENVELOPE_BYTES
    for body in bodies:
        more = len(json.dump(body)) + 1
        if chunk and (len(chunk) == MOST_OBJECTS or size + more > most_bytes):
            yield chunk
            chunk, size = [], _ENVELOPE_BYTES
        chunk.append(body)
        size += more
    if chunk:
        yield chunk
