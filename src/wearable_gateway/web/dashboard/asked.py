"""What stands in an address of the dashboard, as far as it can be meant."""

from uuid import UUID

from wearable_gateway.connections.reference_ids import LONGEST


def plain_text(text: str) -> str:
    """What somebody searches for, without what nobody can see."""
    return "".join(character for character in text if character.isprintable()).strip()[:LONGEST]


def uuid_or_nothing(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
