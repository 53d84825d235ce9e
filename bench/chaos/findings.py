"""What a scenario was to show, what it showed, and how that was found."""

from collections.abc import Sequence
from dataclasses import dataclass

_HEADS = ("scenario", "goal", "found", "", "how")


@dataclass(frozen=True, slots=True)
class Finding:
    scenario: str
    goal: str
    found: str
    kept: bool
    how: str


def table(findings: Sequence[Finding]) -> str:
    lines = [
        _HEADS,
        *((one.scenario, one.goal, one.found, "kept" if one.kept else "MISSED", one.how) for one in findings),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
