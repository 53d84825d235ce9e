"""Which scope does a call need, and does it stay within the token's reach? Read from its path, and refused where that says nothing."""

from collections.abc import Mapping

from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.scopes import covers
from wearable_gateway.errors import DisallowedError, NotFoundError

PREFIX = "/admin/v1/"
_NOUNS: Mapping[str, str] = {
    "accounts": "accounts",
    "audit": "audit",
    "bulk-jobs": "users",
    "deliveries": "events",
    "destinations": "destinations",
    "developers": "developers",
    "erasures": "users",
    "events": "events",
    "invitations": "operators",
    "keys": "keys",
    "logo": "settings",
    "operators": "operators",
    "overview": "events",
    "provider-apps": "provider_apps",
    "providers": "settings",
    "recoveries": "events",
    "settings": "settings",
    "tokens": "tokens",
    "users": "users",
}
"""By the part of the path that says what the call is about."""


def needed_scope(method: str, path: str) -> str | None:
    """Of a path, or of the pattern of one; None: nobody has said what it needs."""
    parts = path.removeprefix(PREFIX).split("/")
    about = parts[2] if parts[0] == "developers" and len(parts) > 2 else parts[0]  # noqa: PLR2004 - developers/{dev_id}/…
    noun = "data" if "records" in parts else _NOUNS.get(about)
    return noun and f"{noun}:{'read' if method in {'GET', 'HEAD'} else 'write'}"


def check_reach(token: AdminToken, method: str, path: str) -> None:
    """Raises NotFoundError for what is not its developer's, and DisallowedError naming the scope that it lacks."""
    parts = path.removeprefix(PREFIX).split("/")
    if token.dev_id is not None and parts[:2] != ["developers", token.dev_id]:
        raise NotFoundError("developer")
    needed = needed_scope(method, path)
    if needed is None or not covers(token.scopes, needed):
        raise DisallowedError(f"this admin token lacks the scope {needed or '*'}: use one that has it")
