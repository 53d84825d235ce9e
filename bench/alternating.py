"""Subject and ceiling by turns, so that whatever else the machine does falls on both."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def alternate(rounds: int, subject: Callable[[], T], ceiling: Callable[[], T]) -> tuple[list[T], list[T]]:
    """The outcomes of each. Who begins changes every round: a drift then favours neither."""
    mine: list[T] = []
    theirs: list[T] = []
    for number in range(rounds):
        if number % 2:
            theirs.append(ceiling())
            mine.append(subject())
        else:
            mine.append(subject())
            theirs.append(ceiling())
    return mine, theirs
