"""What a refusal looks like, by its status: the words for developers. `errors.py` decides which it is."""

from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PROBLEM_JSON = "application/problem+json"


class Problem(BaseModel):
    """A refusal in the words of both generations of Terra's API: `status` and `message`, and RFC 9457."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["error"]
    message: str = Field(description="What was wrong and what is expected, for people.")
    type: Literal["about:blank"]
    title: str = Field(description="The status in words, in lower case.", examples=["bad request"])
    detail: str = Field(description="The same as `message`.")
    instance: str = Field(description="Path and query of the request.", examples=["/v2/daily?user_id=…"])


RETRY_AFTER = {"description": "Seconds until it is worth asking again.", "schema": {"type": "integer"}}

_TEXTS: dict[int, tuple[str, str]] = {
    400: (
        "A parameter or the body cannot be used; `detail` names it and says what is expected.",
        "invalid start_date: YYYY-MM-DD, or 10 digits of Unix seconds, from 1970-01-01 to 2100-12-31",
    ),
    401: (
        "The credentials are missing or wrong; which of the two is never said.",
        "dev-id or x-api-key headers are missing",
    ),
    403: (
        (
            "The caller is known, and may not do this: the end user withdrew or never gave the permission, a limit of"
            " users is reached, a token was made for somebody else or lacks a scope, or a destination is not in a state"
            " for it."
        ),
        "authorisation has expired",
    ),
    404: ("There is no such thing, or it is another developer's.", "user not found"),
    409: (
        "The first request with this `Idempotency-Key` is still being carried out.",
        "the first request with this Idempotency-Key is still being carried out",
    ),
    413: ("The body is larger than 2 MiB.", "the body is too large: at most 2097152 bytes"),
    429: (
        (
            "A limit is used up. `x-terra-ratelimit-rule` names it: `requests` a minute, `r1` (more than 1,825 days in"
            " one request) or `r2` (more than 6,000 days of a connection in an hour)."
        ),
        "rate limit exceeded",
    ),
    502: (
        "The provider refused or did not understand the request.",
        "SANDBOX: answered 422",
    ),
    503: (
        "The provider or the gateway's database does not answer; nothing was done.",
        "the database does not answer; try again in a moment",
    ),
}
_RULE = {
    "description": "Which limit is used up.",
    "required": True,
    "schema": {"type": "string", "enum": ["requests", "r1", "r2"]},
}
_HEADERS: dict[int, dict[str, Any]] = {
    429: {"x-terra-ratelimit-rule": _RULE, "retry-after": RETRY_AFTER},
    409: {"retry-after": {**RETRY_AFTER, "required": True}},
    503: {"retry-after": {**RETRY_AFTER, "required": True}},
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route: the refusals that its signature does not tell already."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def refusal_components() -> dict[str, Any]:
    """What `refusals` refers to."""
    return {str(status): _response(status) for status in _TEXTS}


def _response(status: int) -> dict[str, Any]:
    description, detail = _TEXTS[status]
    example = {
        "status": "error",
        "message": detail,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase.lower(),
        "detail": detail,
        "instance": "/v2/daily?user_id=01a20425-b71b-77e5-9bd9-d8a42cd85b62",
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {
        "description": description,
        "headers": {
            "terra-reference": {"$ref": "#/components/headers/terra-reference"},
            **_HEADERS.get(status, {}),
        },
        "content": {PROBLEM_JSON: content},
    }
