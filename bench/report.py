"""The table for people and the JSON for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from statistics import median

from bench.plan import Plan
from bench.results import Result

_HEADS = ("what", "measured", "ceiling", "ratio", "of the rounds", "budget", "")


def heading(plan: Plan) -> str:
    load = f"load {os.getloadavg()[0]:.1f} before the start" if hasattr(os, "getloadavg") else "load unknown"
    return (
        f"{os.cpu_count()} cores, {load}; {plan.rounds} rounds of {plan.seconds:g} s, by turns with the ceiling,"
        " medians"
    )


def table(results: Sequence[Result]) -> str:
    lines = [_HEADS, *(_cells(result) for result in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in {0, 6} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def latencies(results: Sequence[Result]) -> list[str]:
    """What the rates mean for one request."""
    return [
        f"{result.what}: p50 {found['p50_ms']:.1f} ms, p99 {found['p99_ms']:.1f} ms"
        f" (ceiling {found['ceiling_p50_ms']:.1f} and {found['ceiling_p99_ms']:.1f})"
        for result in results
        if "p50_ms" in (found := result.details)
    ]


def processor_times(results: Sequence[Result]) -> list[str]:
    """What the rates mean for one processor."""
    return [
        f"{result.what}: {found['processor_us']:.0f} us of processor each"
        f" (ceiling {found['ceiling_processor_us']:.0f}), {found['in_flight']:.0f} in flight"
        for result in results
        if "processor_us" in (found := result.details)
    ]


def _cells(result: Result) -> tuple[str, ...]:
    lowest, highest = result.spread
    return (
        result.what,
        f"{_number(median(result.subject))} {result.unit}",
        f"{_number(median(result.ceiling))} {result.unit}" if result.ceiling else "-",
        _number(result.value) if result.ceiling else "-",
        f"{_number(lowest)} to {_number(highest)}",
        _budget(result),
        {True: "kept", False: "MISSED", None: ""}[result.kept],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits say enough


def _budget(result: Result) -> str:
    if result.budget is None:
        return "-"
    unit = "" if result.ceiling else f" {result.unit}"
    return f"{'>=' if result.budget.at_least else '<='} {result.budget.limit:g}{unit}"


def as_json(plan: Plan, results: Sequence[Result]) -> str:
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "plan": asdict(plan),
        "rows": [
            {**asdict(result), "value": result.value, "spread": result.spread, "kept": result.kept}
            for result in results
        ],
    }
    return json.dumps(found, indent=2) + "\n"
