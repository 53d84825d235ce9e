"""Who is looking at the account page? Whoever said a name: a simulation has no passwords."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wearable_gateway.sandbox.accounts import Account, account_named, is_name
from wearable_gateway.sandbox.bodies import Form, only, read_form
from wearable_gateway.sandbox.looks import base_path, page
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.vendor import vendor_of

COOKIE = "sandbox_account"


def signed_in_name(request: Request) -> str:
    """The name in the cookie, "" when nobody is signed in."""
    name, _, seal = request.cookies.get(COOKIE, "").rpartition(".")
    return name if is_name(name) and vendor_of(request).seals.fits("cookie", name, seal) else ""


def form_seal(request: Request, name: str) -> str:
    return vendor_of(request).seals.seal("form", name)


async def read_account_form(request: Request) -> tuple[Account, Form]:
    """Of the person who is signed in, from a page made for that person."""
    form, name = await read_form(request), signed_in_name(request)
    if not name or not vendor_of(request).seals.fits("form", name, only(form, "seal")):
        raise RequestError(403, "forbidden", "Please sign in on the account page first.")
    return account_named(name), form


async def sign_in(request: Request) -> Response:
    name = only(await read_form(request), "account")
    if not is_name(name):
        return page(request, "sign_in.html", status=400, name=name, refused=True)
    answer = to_account_page(request)
    answer.set_cookie(
        COOKIE,
        f"{name}.{vendor_of(request).seals.seal('cookie', name)}",
        path=base_path(request) or "/",
        httponly=True,
        samesite="lax",
        secure=request.scope["scheme"] == "https",
    )
    return answer


async def sign_out(request: Request) -> Response:
    await read_account_form(request)
    answer = to_account_page(request)
    answer.delete_cookie(COOKIE, path=base_path(request) or "/")
    return answer


def to_account_page(request: Request, said: str = "") -> RedirectResponse:
    return RedirectResponse(f"{base_path(request)}/account" + (f"?said={said}" if said else ""), 303)
