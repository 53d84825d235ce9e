"""How much chaos, as asked for on the command line."""

import argparse
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    scenarios: Sequence[str]
    events: int = 6_000
    kills: int = 20
    seconds: float = 60
    workers: int = 2
    seed: int = 1
    minutes: int = 2
    rate: float = 300
    open_minutes: int = 0


def read(arguments: Sequence[str], known: Collection[str], usual: Sequence[str]) -> Options:
    """`usual` are the scenarios when none is named. Ends the program with a sentence when something is wrong."""
    parser = argparse.ArgumentParser(prog="python3 dev.py chaos", description="Does every event arrive?")
    parser.add_argument(
        "scenarios",
        nargs="*",
        choices=[*known, []],
        metavar="SCENARIO",
        help=f"of: {', '.join(known)}; unless named: {', '.join(usual)}",
    )
    kills = parser.add_argument_group("kills")
    kills.add_argument("--events", type=_some, default=6_000, help="recorded meanwhile (6,000)")
    kills.add_argument("--kills", type=_some, default=20, help="at moments drawn by lot (20)")
    kills.add_argument("--workers", type=_some, default=2, help="that send meanwhile (2)")
    kills.add_argument("--seconds", type=float, default=60, help="in which both happen (60)")
    parser.add_argument("--seed", type=int, default=1, help="the same one draws the same lots (1)")
    soak = parser.add_argument_group("soak")
    soak.add_argument("--minutes", type=_some, default=2, help="how long (2)")
    soak.add_argument("--rate", type=float, default=300, help="events a second (300)")
    soak.add_argument(
        "--open-minutes",
        type=int,
        default=0,
        help="with a transaction left open, from the second minute on (0)",
    )
    found = parser.parse_args(arguments)
    if found.seconds <= 0 or found.rate <= 0:
        parser.error("--seconds and --rate take numbers above 0")
    return Options(**{**vars(found), "scenarios": tuple(found.scenarios or usual)})


def _some(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return int(text)
