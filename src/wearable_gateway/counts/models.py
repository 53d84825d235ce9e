"""What is counted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVERYBODY = "*"
"""In place of a dev-id, for the sums over all developers; none can be called so."""


class Subject(StrEnum):
    """`events` by type, `attempts` by outcome, `given_up`: deliveries that are not tried again.

    A failed connect that a developer hears of in the classic form, as an `auth`, is `AUTH_FAILED` and not `auth`.
    """

    EVENTS = "events"
    ATTEMPTS = "attempts"
    GIVEN_UP = "given_up"


AUTH_FAILED = "auth_failed"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a subject is counted; see `counts.tables`."""

    counted_to: datetime
    settled_to: datetime
