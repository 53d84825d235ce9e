"""What stands in an address of the dashboard, as far as it can be meant."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode
from uuid import UUID

from wearable_gateway.connections.reference_ids import LONGEST


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked for, as it stands in the address.

    What cannot be meant is left out, so that an old link still opens.
    """

    def query(self, **other: str) -> str:
        """`?…` with what is set and what is `other`, or nothing."""
        given = {name: value for name, value in {**asdict(self), **other}.items() if value}
        return f"?{urlencode(given)}" if given else ""


def plain_text(text: str, longest: int = LONGEST) -> str:
    """What somebody searches for, without what nobody can see."""
    return "".join(character for character in text if character.isprintable()).strip()[:longest]


def uuid_or_nothing(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def day_or_nothing(text: str, first: date = date.min, last: date = date.max) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if first <= day <= last else ""


def midnight(day: str) -> datetime:
    """With which it begins, in UTC."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
