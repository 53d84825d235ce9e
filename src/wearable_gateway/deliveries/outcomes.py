"""How can one attempt end?"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why no answer came; a developer reads these words in the list of attempts."""

    ADDRESS = "address_not_allowed"
    HTTPS = "https_required"
    DNS = "name_not_resolved"
    CONNECTION = "connection_failed"
    TLS = "tls_failed"
    BROKEN = "connection_broken"
    TIMEOUT = "timeout"
    SECRET = "signing_secret_not_readable"  # noqa: S105 - a reason, not a secret


@dataclass(frozen=True, slots=True)
class Delivered:
    status: int
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Available:
    """Nothing is sent there: the developer can fetch it from now on."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Any answer but 2xx and 410: redirects too, because they are not followed."""

    status: int
    excerpt: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """410: the destination wants nothing any more."""

    status: int
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    reason: Reason
    detail: str = ""


Outcome = Delivered | Available | Refused | Gone | Unreachable


def outcome_name(outcome: Outcome) -> str:
    """The word in `attempts.outcome`."""
    return type(outcome).__name__.lower()


def succeeded(outcome: Outcome) -> bool:
    return isinstance(outcome, Delivered | Available)


def status_of(outcome: Outcome) -> int | None:
    return None if isinstance(outcome, Available | Unreachable) else outcome.status


def excerpt_of(outcome: Outcome) -> str | None:
    return None if isinstance(outcome, Available | Unreachable) else outcome.excerpt


def detail_of(outcome: Outcome) -> str | None:
    return f"{outcome.reason.value}: {outcome.detail}" if isinstance(outcome, Unreachable) else None


def in_words(outcome: Outcome) -> str:
    """One line for a developer who asks what went wrong."""
    status = status_of(outcome)
    return f"it answered {status}" if status is not None else detail_of(outcome) or outcome_name(outcome)
