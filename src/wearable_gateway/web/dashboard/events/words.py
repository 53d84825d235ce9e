"""How did an attempt end, and what became of a delivery? In words, with what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from wearable_gateway.deliveries.afterwards.history import TAKEN, LoggedAttempt
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery, LogState
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.deliveries.outcomes import Reason


@dataclass(frozen=True, slots=True)
class Told:
    """`tone` is the colour: good, warn, bad or plain. `more` is empty when there is nothing to add."""

    words: str
    tone: str
    more: str = ""


_REASONS: Mapping[str, str] = {
    Reason.ADDRESS: "The host leads into a private or reserved network, where nothing is sent.",
    Reason.HTTPS: "Only https:// is allowed here.",
    Reason.DNS: "The host name does not resolve.",
    Reason.CONNECTION: "Nobody took the connection: the server is down, or a firewall is in between.",
    Reason.TLS: "The certificate was not accepted: it may have ended, or be for another name.",
    Reason.BROKEN: "The connection broke off before there was an answer.",
    Reason.TIMEOUT: "There was no answer in time. Answer first, and do the work afterwards.",
    Reason.SECRET: "The signing secret cannot be read: whoever runs the gateway has to set its encryption key.",
}
_STATUSES: Mapping[int, str] = {
    401: "Something in front of your webhook asks for credentials.",
    403: "Something in front of your webhook refuses us.",
    404: "There is nothing at this URL.",
    405: "This URL does not take POST.",
    413: "Your server takes no body of this size.",
    429: "Your server asks for a slower pace: a rate limit for the destination keeps it.",
}
_SERVER_FAILED = "Your server failed; its log says why."
_REDIRECTED = "Redirects are not followed: give the destination the URL it leads to."


def told_attempt(attempt: LoggedAttempt) -> Told:
    match attempt.outcome:
        case "delivered":
            return Told(f"Delivered ({attempt.status})", "good")
        case "available":
            return Told("There to be fetched", "good")
        case "gone":
            return Told("Answered 410 Gone", "bad", "The destination was disabled, as this answer asks for.")
        case "unreachable":
            reason, _, detail = (attempt.detail or "").partition(": ")
            return Told("No answer", "bad", " ".join(filter(None, (_REASONS.get(reason, reason), detail))))
        case _:
            return Told(f"Answered {_status(attempt.status)}", "bad", _about(attempt.status or 0))


def _status(status: int | None) -> str:
    try:
        return f"{status} {HTTPStatus(status or 0).phrase}"
    except ValueError:
        return str(status)


def _about(status: int) -> str:
    if status in _STATUSES:
        return _STATUSES[status]
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _REDIRECTED
    return _SERVER_FAILED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""


RETRYING = "retrying"
"""What is pending and failed before: no state of its own in the queue."""
STATES: Mapping[str, str] = {
    LogState.PENDING: "All pending",
    RETRYING: "Retrying",
    LogState.DELIVERED: "Delivered",
    LogState.EXHAUSTED: "Given up",
}


def told_delivery(delivery: LoggedDelivery) -> Told:
    last = delivery.last_attempt
    match delivery.state:
        case LogState.DELIVERED:
            return Told("To be fetched" if last and last.outcome == "available" else "Delivered", "good")
        case LogState.EXHAUSTED:
            return Told("Given up", "bad")
        case LogState.PENDING:
            failed = last is not None and last.outcome not in TAKEN
            return Told("Retrying", "warn") if failed else Told("Pending", "plain")


def name_of(destination: Destination) -> str:
    """What people call it."""
    return destination.description or destination.url or "Fetched by pull"
