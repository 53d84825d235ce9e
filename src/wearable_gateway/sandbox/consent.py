"""May this app read that account? The page a client sends a person to, and the answer it gets back."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from starlette.requests import Request
from starlette.responses import Response

from wearable_gateway.sandbox.accounts import Account, account_named, is_name
from wearable_gateway.sandbox.authorisations import in_order
from wearable_gateway.sandbox.bodies import Form, only, parse_query, read_form
from wearable_gateway.sandbox.config import VendorClient
from wearable_gateway.sandbox.looks import page
from wearable_gateway.sandbox.oauth import VendorRequest
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.sign_in import signed_in_name
from wearable_gateway.sandbox.vendor import Vendor, vendor_of

_CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "requested",
    "state",
    "code_challenge",
    "code_challenge_method",
)
"""What the form carries from the request for consent to the answer; `requested` is its scope."""

_FORM_SECONDS = 3600
_PURPOSE = "consent"


async def ask_consent(request: Request) -> Response:
    vendor, query = vendor_of(request), parse_query(request)
    client = _checked_client(vendor, query)
    try:
        grant = vendor.oauth.get_consent_grant(VendorRequest("GET", query))
    except OAuth2Error as error:
        return _answer_refused(vendor, error)
    carried = {name: only(query, name) for name in _CARRIED} | {"requested": grant.request.scope}
    return _consent_page(
        request, client, carried, name=signed_in_name(request), ticked=grant.request.scope.split()
    )


async def answer_consent(request: Request) -> Response:
    vendor, form = vendor_of(request), await read_form(request)
    client = _checked_client(vendor, form)
    carried = {name: only(form, name) for name in _CARRIED}
    if not vendor.seals.fits_at(_PURPOSE, _joined(carried), only(form, "seal"), now=vendor.clock()):
        raise RequestError(400, "invalid_request", "This form has expired. Please start again from the app.")
    if only(form, "answer") != "allow":
        return _finish(vendor, carried, scopes=(), account=None)
    name, ticked = only(form, "account"), in_order(form.get("scope", []))
    problem = _problem(name, ticked, carried)
    if problem:
        return _consent_page(request, client, carried, name=name, ticked=ticked, problem=problem)
    account = vendor.state.remember(account_named(name))
    return _finish(vendor, carried, scopes=ticked, account=account)


def _checked_client(vendor: Vendor, form: Form) -> VendorClient:
    """Nobody is redirected to an address that is not the client's: RFC 6749 §4.1.2.1."""
    client = vendor.state.clients.get(only(form, "client_id"))
    if client is None:
        raise RequestError(400, "invalid_request", "No app with this client_id is registered here.")
    if only(form, "redirect_uri") not in client.redirect_uris:
        raise RequestError(400, "invalid_request", "The app has not registered this redirect_uri.")
    return client


def _problem(name: str, ticked: tuple[str, ...], carried: dict[str, str]) -> str:
    """What keeps an allowed form from being accepted; "" when nothing does."""
    if not is_name(name):
        return "An account name has 1 to 64 letters, digits, dots, dashes, underscores or @ signs."
    if not ticked or not set(ticked) <= set(carried["requested"].split()):
        return "Choose at least one kind of data to share, or refuse."
    return ""


def _finish(
    vendor: Vendor, carried: dict[str, str], *, scopes: tuple[str, ...], account: Account | None
) -> Response:
    fields = {name: [value] for name, value in carried.items() if value and name != "requested"}
    asked = VendorRequest("POST", fields | {"scope": [" ".join(scopes)]})
    try:
        grant = vendor.oauth.get_authorization_grant(asked)
    except OAuth2Error as error:
        return _answer_refused(vendor, error)
    answer = vendor.oauth.create_authorization_response(asked, grant_user=account, grant=grant)
    return _checked_answer(answer)


def _answer_refused(vendor: Vendor, error: OAuth2Error) -> Response:
    if not error.redirect_uri:
        raise RequestError(400, error.error, error.get_error_description()) from error
    return _checked_answer(vendor.oauth.handle_response(*error()))


def _checked_answer(answer: Any) -> Response:
    if not isinstance(answer, Response):
        raise TypeError("the authorization server gave no response")
    return answer


def _consent_page(
    request: Request,
    client: VendorClient,
    carried: dict[str, str],
    *,
    name: str,
    ticked: tuple[str, ...] | list[str],
    problem: str = "",
) -> Response:
    vendor = vendor_of(request)
    expires_at = int(vendor.clock()) + _FORM_SECONDS
    seal = vendor.seals.seal_until(_PURPOSE, _joined(carried), expires_at=expires_at)
    return page(
        request,
        "consent.html",
        status=400 if problem else 200,
        client=client,
        carried=carried | {"seal": seal},
        requested=carried["requested"].split(),
        ticked=ticked,
        name=name,
        problem=problem,
    )


def _joined(carried: dict[str, str]) -> str:
    return "\n".join(f"{len(value)}:{value}" for value in carried.values())
