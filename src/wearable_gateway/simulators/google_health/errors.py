"""Google's one shape for errors of its APIs (https://cloud.google.com/apis/design/errors)."""

from starlette.responses import JSONResponse, Response

from wearable_gateway.simulators._base.answers import Refusal

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
}


def error(code: int, message: str, status: str | None = None) -> Response:
    named = status or _STATUSES.get(code, "UNKNOWN")
    return JSONResponse({"error": {"code": code, "message": message, "status": named}}, code)


def invalid(message: str) -> Refusal:
    return Refusal(error(400, message))
