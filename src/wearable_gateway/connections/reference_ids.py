"""The developer's own name for an end user: what is accepted."""

import unicodedata

from wearable_gateway.errors import InvalidInputError

LONGEST = 255


def check_reference_id(value: str | None) -> str | None:
    """`value` as it will be stored; empty means none. Raises InvalidInputError."""
    if value is None or value == "":
        return None
    if len(value) > LONGEST:
        raise InvalidInputError("reference_id", f"at most {LONGEST} characters")
    if value != value.strip() or any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in value
    ):
        raise InvalidInputError("reference_id", "no control characters, and no space at either end")
    return value
