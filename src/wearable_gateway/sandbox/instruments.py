"""What can a test see and break? Counters, planned failures, switches: in memory, so a restart clears them."""

from collections import Counter
from dataclasses import dataclass, field

CALLS = (
    *("token.authorization_code", "token.refresh_token", "revoke", "me"),
    *(
        "days",
        "workouts",
        "sleeps",
        "body",
        "cycles",
        "meals",
        "profile",
        "plans",
        "hormones",
        "observations",
    ),
    *("write.workouts", "write.body", "write.meals", "write.plans"),
    *("delete.body", "delete.meals", "delete.plans"),
)


@dataclass
class PlannedFailure:
    status: int
    times: int
    error: str
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"retry-after": str(self.retry_after)}


@dataclass
class Instruments:
    second_consent_kills_earlier: bool
    calls: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(CALLS, 0)))
    _failures: dict[str, PlannedFailure] = field(default_factory=dict)

    def plan_failure(self, endpoint: str, failure: PlannedFailure) -> None:
        self._failures[endpoint] = failure

    def take_failure(self, endpoint: str) -> PlannedFailure | None:
        """The failure this call has to end with, or None."""
        failure = self._failures.get(endpoint)
        if failure is None or failure.times < 1:
            return None
        failure.times -= 1
        return failure
