"""Ids and moments as they come in."""

from datetime import UTC, datetime
from uuid import UUID

from wearable_gateway.errors import InvalidInputError, NotFoundError


def read_id(text: str, what: str) -> UUID:
    """Raises NotFoundError when it cannot be one: the answer is that of an id nobody has."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError(what) from None


def read_cursor(text: str) -> UUID:
    """`after` of a list that goes on behind an id. Raises InvalidInputError."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError("after", "the `next` of the page before") from None


def read_moment(text: str, parameter: str) -> datetime:
    """ISO 8601; UTC when it has no offset. Raises InvalidInputError."""
    try:
        # A plus sign that nobody escaped arrives as a space.
        read = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise InvalidInputError(parameter, "a moment such as 2026-11-20T08:15:00Z") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
