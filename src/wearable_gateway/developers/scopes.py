"""What an admin token may do: scopes `<noun>:read` and `<noun>:write`, of which writing includes reading."""

from collections.abc import Collection, Sequence

from wearable_gateway.errors import InvalidInputError

EVERYTHING = "*"
NOUNS = (
    "accounts",
    "audit",
    "data",
    "destinations",
    "developers",
    "events",
    "keys",
    "operators",
    "provider_apps",
    "settings",
    "tokens",
    "users",
)
SCOPES = (EVERYTHING, *(f"{noun}:{verb}" for noun in NOUNS for verb in ("read", "write")))


def covers(scopes: Collection[str], needed: str) -> bool:
    noun, _, verb = needed.partition(":")
    return EVERYTHING in scopes or needed in scopes or (verb == "read" and f"{noun}:write" in scopes)


def check_scopes(wanted: Sequence[str]) -> tuple[str, ...]:
    """Without repetitions, in the order of the list. Raises InvalidInputError."""
    if not wanted:
        raise InvalidInputError("scopes", "at least one; * is everything")
    for scope in wanted:
        if scope not in SCOPES:
            raise InvalidInputError(f"scope {scope[:50]!r}", f"one of {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in wanted)
