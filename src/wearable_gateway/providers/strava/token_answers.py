"""What the token endpoint answers, in the words of RFC 6749.

https://developers.strava.com/docs/authentication/#token-exchange
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from wearable_gateway.providers.strava.document import Document

_FIRST_REFUSAL = 400
_TOO_MANY = 429
_KEPT = ("access_token", "refresh_token", "expires_at", "expires_in", "token_type", "scope")
_CREDENTIALS = frozenset({"client_id", "client_secret"})
_SPENT = frozenset({"code", "refresh_token"})


class _Fault(Document):
    resource: str = ""
    field: str = ""
    code: str = ""


class _Refusal(Document):
    errors: tuple[_Fault, ...] = ()


def in_rfc_words(status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tokens, of the athlete's profile only the id; or the error that the vendor's own words come to."""
    if status >= _FIRST_REFUSAL:
        return {"error": "temporarily_unavailable" if status == _TOO_MANY else _error(answer)}
    kept = {name: answer[name] for name in _KEPT if name in answer}
    athlete = answer.get("athlete")
    # Only the redemption of a code tells whose tokens they are; a refresh does not.
    return {**kept, "athlete_id": athlete["id"]} if isinstance(athlete, Mapping) and "id" in athlete else kept


def _error(answer: Mapping[str, Any]) -> str:
    try:
        faults = _Refusal.model_validate(answer).errors
    except ValidationError:
        return "invalid_request"
    for fault in faults:
        # What is missing was not sent, which says nothing of what it would have been.
        if fault.field in _SPENT and fault.code != "missing":
            return "invalid_grant"
        if fault.field in _CREDENTIALS:
            return "invalid_client"
        if fault.resource == "Application":
            # Switched off, or with as many athletes as it may have.
            return "unauthorized_client"
    return "invalid_request"
