"""A payload as people read it: indented, and every number as it was sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_SHOWN = 32 * 1024
_INDENT = "  "
# A string, which may be cut off; a bracket, a comma or a colon; anything else up to one of these.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """`cut`: what is shown is only the beginning of `size` bytes."""

    text: str
    size: int
    cut: bool


def shown_payload(body: bytes) -> Shown:
    beginning = body[:MOST_SHOWN].decode(errors="ignore")
    return Shown("".join(_indented(beginning)), len(body), cut=len(body) > MOST_SHOWN)


def _indented(text: str) -> Iterator[str]:
    depth, empty = 0, False
    for piece in _PIECE.findall(text):
        if piece in {"]", "}"}:
            depth = max(depth - 1, 0)
            yield piece if empty else f"\n{_INDENT * depth}{piece}"
            empty = False
            continue
        if empty:
            yield f"\n{_INDENT * depth}"
        empty = piece in {"[", "{"}
        if empty:
            depth += 1
            yield piece
        elif piece == ",":
            yield f",\n{_INDENT * depth}"
        else:
            yield ": " if piece == ":" else piece
