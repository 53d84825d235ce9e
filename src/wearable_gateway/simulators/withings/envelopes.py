"""How every answer is wrapped: HTTP 200, and a status in the body (https://developer.withings.com/api-reference)."""

from typing import Any

from starlette.responses import JSONResponse, Response

NOT_ALLOWED, CALLBACK_WRONG, UNAUTHENTICATED, INVALID, TOO_MANY, NOT_THERE = 277, 293, 401, 503, 601, 2554


def envelope(body: Any) -> Response:
    return JSONResponse({"status": 0, "body": body})


def fault(status: int, error: str = "") -> Response:
    return JSONResponse({"status": status, "body": {}, "error": error})
