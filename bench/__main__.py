"""`python -m bench [rows]`: measure, print the table, and on request write JSON or insist on the budgets."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from bench.client import LoadError
from bench.installation import Installation
from bench.plan import Plan
from bench.processes import ProcessError
from bench.report import as_json, heading, latencies, processor_times, table
from bench.results import Result
from bench.rows import ROWS
from wearable_gateway.observability.logging import configure_logging

_MOST_CONNECTIONS = 10_000_000


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    plan = Plan(options.rounds, options.seconds, options.connections, options.events, options.backlog)
    configure_logging(log_format="console", level="warning")
    logging.basicConfig(level=logging.WARNING)
    print(heading(plan), flush=True)
    results, failed = _measure(options.rows or list(ROWS), plan)
    print("", table(results), *latencies(results), *processor_times(results), sep="\n")
    if options.json:
        options.json.write_text(as_json(plan, results), encoding="utf-8")
    missed = any(result.kept is False for result in results)
    if failed:
        return 2
    return 1 if options.strict and missed else 0


def _measure(names: list[str], plan: Plan) -> tuple[list[Result], bool]:
    """The results, and whether there was a row that gave none."""
    results: list[Result] = []
    failed = False
    with (
        tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder,
        Installation.made(Path(folder)) as installation,
    ):
        for name in names:
            print(f"{name} …", flush=True)
            try:
                results += ROWS[name](installation, plan)
            except (LoadError, ProcessError) as error:
                print(f"no figures for {name}: {error}", file=sys.stderr)
                failed = True
    return results, failed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", choices=[*ROWS, []], metavar="ROW", help=f"all, or of: {', '.join(ROWS)}"
    )
    parser.add_argument("--rounds", type=_at_least_one, default=5, help="of each (5)")
    parser.add_argument("--seconds", type=float, default=3, help="of a round (3)")
    parser.add_argument(
        "--connections",
        type=_connections,
        default=1_000_000,
        help=f"of the lookup and pages rows, up to {_MOST_CONNECTIONS:,} (1,000,000)",
    )
    parser.add_argument(
        "--events",
        type=_at_least_one,
        default=20_000,
        help="of each round of delivering and hanging (20,000)",
    )
    parser.add_argument(
        "--backlog", type=_at_least_one, default=100_000, help="of the noisy developer (100,000)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured there too")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a budget is missed")
    return parser


def _at_least_one(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return int(text)


def _connections(text: str) -> int:
    if not 1 <= int(text) <= _MOST_CONNECTIONS:
        raise argparse.ArgumentTypeError(f"1 to {_MOST_CONNECTIONS:,}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
