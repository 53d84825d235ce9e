"""What does the token endpoint mean? An envelope with a status, in the words of RFC 6749 §5."""

import re
from collections.abc import Mapping
from typing import Any

from wearable_gateway.providers.withings.status import Outcome, outcome_of

_INVALID = "invalid params:"
_OF_THE_GRANT = re.compile(
    r"(?!.*grant[_ ]type)(.*\b(refresh[_ ]token|token)\b|.*\b(invalid|expired|revoked|unknown) code\b)",
    re.DOTALL,
)
"""Not the words of our own question, `requesttoken` and `grant_type`, nor the code of an error."""
_KEPT = ("userid", "access_token", "refresh_token", "expires_in", "scope", "token_type")


def in_rfc_words(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tokens, or why there are none: {"error": …}."""
    status, body = answer.get("status"), answer.get("body")
    if status == 0 and isinstance(body, dict):
        return {name: body[name] for name in _KEPT if name in body}
    return {"error": _error(status, str(answer.get("error") or "").lower())}


def _error(status: object, text: str) -> str:
    """A refusal ends a grant, so what may be a fault of ours or a bad hour of the vendor's is none."""
    outcome = outcome_of(status) if isinstance(status, int) else Outcome.FAILED
    if outcome not in {Outcome.INVALID, Outcome.TOKEN_REFUSED}:
        return "temporarily_unavailable"
    if "client" in text:
        return "invalid_client"
    if outcome is Outcome.TOKEN_REFUSED or _OF_THE_GRANT.match(text.removeprefix(_INVALID)):
        return "invalid_grant"
    return "invalid_request"
