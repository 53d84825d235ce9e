"""How long and how much, as asked for on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    seconds: float
    connections: int
    events: int = 20_000
    backlog: int = 100_000
