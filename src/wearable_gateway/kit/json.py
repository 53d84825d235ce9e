"""JSON, one way: bytes out, no surprises in."""

from typing import Any

import orjson


def dump(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def dump_sorted(value: Any) -> bytes:
    """The same bytes for the same content, for digests."""
    return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)


def dump_pretty(value: Any) -> bytes:
    """For people: a field a line."""
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2)


def load(text: str | bytes) -> Any:
    """Raises ValueError when `text` is not JSON."""
    return orjson.loads(text)


def written(text: bytes) -> Any:
    """JSON that is written already, to stand in what `dump` writes, to the byte."""
    return orjson.Fragment(text)
