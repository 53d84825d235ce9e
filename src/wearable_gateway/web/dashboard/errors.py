"""What does an operator see when a page cannot be shown? Called by the one table in `web/errors.py`."""

from http import HTTPStatus

from fastapi import Request, Response

from wearable_gateway.web.dashboard.kept_forms import kept_of
from wearable_gateway.web.dashboard.pages import go_to, page
from wearable_gateway.web.dashboard.returning import HOME, sign_in_path
from wearable_gateway.web.dashboard.sign_in_page import sign_in_page
from wearable_gateway.web.deps import services_of

_TITLES = {
    HTTPStatus.FORBIDDEN: "This was not accepted",
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not available at the moment",
}
# The same words for what never existed and for what is another developer's.
_NOT_FOUND = "The address is wrong, or what it led to is gone or not yours to see."


def page_for(request: Request, status: int, detail: str) -> Response:
    if status == HTTPStatus.UNAUTHORIZED:
        kept = kept_of(request)
        if kept is not None:
            return sign_in_page(request, services_of(request), status=status, next_page=HOME, kept=kept)
        return go_to(sign_in_path(request))
    text = _NOT_FOUND if status == HTTPStatus.NOT_FOUND else _sentence(detail)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        text = "The gateway could not answer. Try again in a moment; its log says what happened."
    known = HTTPStatus(status) if status in _TITLES else None
    title = _TITLES[known] if known else "That did not work"
    return page("error.html", status=status, title=title, text=text, code=int(status))


def _sentence(detail: str) -> str:
    return f"{detail[:1].upper()}{detail[1:]}{'' if detail.endswith('.') else '.'}"
