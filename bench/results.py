"""What a row of the table says: the values of its rounds, the ceiling's beside them, and the budget."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit from below (a rate's share of its ceiling) or from above (seconds, megabytes, times slower)."""

    limit: float
    at_least: bool

    def allows(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True)
class Result:
    """`ceiling` empty: a figure without one. Round i of the subject was measured next to round i of the ceiling."""

    row: str
    what: str
    unit: str
    subject: Sequence[float]
    ceiling: Sequence[float] = ()
    budget: Budget | None = None
    details: dict[str, float] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """What the budget is about: the ratio of the medians, or the median where there is no ceiling."""
        return median(self.subject) / median(self.ceiling) if self.ceiling else median(self.subject)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest that any single round would have said."""
        each = (
            [mine / theirs for mine, theirs in zip(self.subject, self.ceiling, strict=True)]
            if self.ceiling
            else list(self.subject)
        )
        return min(each), max(each)

    @property
    def kept(self) -> bool | None:
        return None if self.budget is None else self.budget.allows(self.value)
