"""The page to sign in at, and the one behind it that gives back what was typed."""

from fastapi import Request, Response

from wearable_gateway.developers.roles import OperatorSession
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.kept_forms import KeptForm
from wearable_gateway.web.dashboard.pages import page
from wearable_gateway.web.deps import Services


def sign_in_page(
    request: Request,
    svc: Services,
    *,
    status: int = 200,
    next_page: str = "",
    email: str = "",
    problem: str | None = None,
    kept: KeptForm | None = None,
) -> Response:
    return with_form_token(
        request,
        svc,
        "login.html",
        status=status,
        next=next_page,
        email=email,
        problem=problem,
        kept=kept,
        sign_on=svc.sign_on.config if svc.sign_on else None,
    )


def with_form_token(
    request: Request, svc: Services, template: str, *, status: int = 200, **values: object
) -> Response:
    """A page with a form for who is not signed in."""
    csrf = cookies.form_token(request)
    response = page(template, status=status, csrf=csrf, **values)
    cookies.keep_form_token(response, csrf, svc.public_url)
    return response


def kept_page(kept: KeptForm, session: OperatorSession) -> Response:
    """What was typed, to look at and to send once more; that is up to who typed it."""
    return page("kept.html", kept=kept, session=session)
