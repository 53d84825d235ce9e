"""From errors to answers: the only such table.

Every refusal carries the keys of both generations of Terra's API: `status` and `message`, and those of RFC 9457.
"""

import re
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from wearable_gateway import errors
from wearable_gateway.kit import json
from wearable_gateway.kit.complaints import expected
from wearable_gateway.web.connect.pages import refused_page
from wearable_gateway.web.dashboard.errors import page_for
from wearable_gateway.web.refusals import PROBLEM_JSON

log = structlog.get_logger()

STATUS: dict[type[errors.GatewayError], HTTPStatus] = {
    errors.InvalidInputError: HTTPStatus.BAD_REQUEST,
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.DisallowedError: HTTPStatus.FORBIDDEN,
    errors.AlreadyUnderWayError: HTTPStatus.CONFLICT,
    errors.TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.FlowRefusedError: HTTPStatus.BAD_REQUEST,
    errors.NoticeRefusedError: HTTPStatus.UNAUTHORIZED,
    errors.GrantRevokedError: HTTPStatus.FORBIDDEN,
    errors.ConsentRefusedError: HTTPStatus.FORBIDDEN,
    errors.ProviderRefusedError: HTTPStatus.BAD_GATEWAY,
    errors.ProviderRejectedError: HTTPStatus.BAD_GATEWAY,
    errors.ProviderUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ProviderLimitError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ProviderPendingError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.SingleSignOnError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DatabaseUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.GrantBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ProviderError: HTTPStatus.BAD_GATEWAY,
    errors.RefusedError: HTTPStatus.BAD_REQUEST,
    errors.SettingsError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.GatewayError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_RETRY_AFTER_SECONDS = 2
_NAME = re.compile(r'"([A-Za-z_]{1,50})"\s*:')
_NEAR = 1000


def status_of(error: errors.GatewayError) -> HTTPStatus:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _route(request: Request) -> str:
    """The pattern that matched: a path itself may hold the secret of a link."""
    return str(getattr(request.scope.get("route"), "path", "none"))


def problem(request: Request, status: int, detail: str) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    body = {
        "status": "error",
        "message": detail,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase.lower(),
        "detail": detail,
        "instance": request.url.path + query,
    }
    return Response(json.dump(body), status, media_type=PROBLEM_JSON)


def _answer(request: Request, status: int, detail: str, error: Exception | None = None) -> Response:
    if request.url.path.startswith("/dashboard"):
        return page_for(request, status, detail)
    if request.url.path.startswith(("/connect", "/widget/session")):
        return refused_page(request, status, error)
    return problem(request, status, detail)


def on_gateway_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.GatewayError)  # noqa: S101 - registered for nothing else
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request.failed", route=_route(request), error=type(error).__name__, detail=str(error))
    hidden = status is HTTPStatus.INTERNAL_SERVER_ERROR
    answer = _answer(request, status, "internal error" if hidden else str(error), error)
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT}:
        answer.headers["retry-after"] = str(
            round(getattr(error, "retry_after", None) or _RETRY_AFTER_SECONDS)
        )
    if isinstance(error, errors.TooManyRequestsError):
        answer.headers["x-terra-ratelimit-rule"] = error.rule
        if error.retry_after is not None:
            answer.headers["retry-after"] = str(error.retry_after)
    return answer


def on_invalid_request(request: Request, error: Exception) -> Response:
    """Pydantic's first complaint, in one line, with the parameter's name and without its value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    first: ErrorDetails = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in {"query", "body", "header", "path"})
    if first["type"] == "json_invalid":
        return _answer(request, HTTPStatus.BAD_REQUEST, f"invalid {_field_at(error)}: not JSON")
    return _answer(request, HTTPStatus.BAD_REQUEST, f"invalid {where or 'body'}: {expected(first)}")


def _field_at(error: RequestValidationError) -> str:
    """The name last read before the text stopped being JSON."""
    read = str(error.body or "")[: error.errors()[0]["loc"][-1]]
    names = _NAME.findall(read[-_NEAR:])
    return str(names[-1]) if names else "body"


def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    answer = _answer(request, error.status_code, str(error.detail).lower())
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = ", ".join(sorted(_methods(request)))
    return answer


def _methods(request: Request) -> set[str]:
    """All that the path answers to: the router names those of one of its routes."""
    found: set[str] = set()
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    for context in iter_route_contexts(request.app.routes):
        pattern = getattr(context, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= context.methods or set()
    return found


def on_unexpected(request: Request, error: Exception) -> Response:
    """The last edge: logged with its trace, told to nobody."""
    log.error("request.crashed", route=_route(request), exc_info=error)
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal error")


def register(app: FastAPI) -> None:
    app.add_exception_handler(errors.GatewayError, on_gateway_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_error)
