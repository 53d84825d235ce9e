"""How is a request refused: as a page or as JSON?"""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.sandbox.looks import page

_FOR_MACHINES = ("/v1/", "/control/", "/oauth/token", "/oauth/revoke")


class RequestError(Exception):
    def __init__(
        self, status: int, error: str, description: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error
        self.description = description
        self.headers = headers or {}


async def answer_request_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestError):
        raise error
    answer = reject(request, error.status, error.error, error.description)
    answer.headers.update(error.headers)
    return answer


async def answer_http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    answer = reject(request, error.status_code, HTTPStatus(error.status_code).name.lower())
    answer.headers.update(error.headers or {})
    return answer


def reject(request: Request, status: int, error: str, description: str = "") -> Response:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if not path.startswith(_FOR_MACHINES):
        return page(
            request, "rejected.html", status=status, title=HTTPStatus(status).phrase, description=description
        )
    body = {"error": error, "error_description": description} if description else {"error": error}
    answer = JSONResponse(body, status)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["www-authenticate"] = f'Bearer error="{error}"'
    return answer
