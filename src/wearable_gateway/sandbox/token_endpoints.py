"""What do clients' servers ask: tokens for a code or a refresh token, and revocation."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.sandbox.bodies import Form, only, read_form
from wearable_gateway.sandbox.instruments import CALLS
from wearable_gateway.sandbox.oauth import VendorRequest
from wearable_gateway.sandbox.vendor import Vendor, vendor_of


async def exchange_token(request: Request) -> Response:
    vendor, form = vendor_of(request), await _read_fields(request)
    call = f"token.{form.get('grant_type', [''])[0]}"
    if call in CALLS:
        vendor.instruments.calls[call] += 1
    asked = VendorRequest("POST", form, authorization=request.headers.get("authorization", ""))
    return _planned_failure(vendor, "token") or _answer(vendor.oauth.create_token_response(asked))


async def revoke_token(request: Request) -> Response:
    vendor, form = vendor_of(request), await _read_fields(request)
    vendor.instruments.calls["revoke"] += 1
    asked = VendorRequest("POST", form, authorization=request.headers.get("authorization", ""))
    return _planned_failure(vendor, "revoke") or _answer(
        vendor.oauth.create_endpoint_response("revocation", asked)
    )


async def _read_fields(request: Request) -> Form:
    form = await read_form(request)
    # RFC 6749 §3.2: no parameter may be given twice.
    return {name: [only(form, name)] for name in form}


def _planned_failure(vendor: Vendor, endpoint: str) -> Response | None:
    failure = vendor.instruments.take_failure(endpoint)
    return JSONResponse({"error": failure.error}, failure.status, failure.headers) if failure else None


def _answer(response: object) -> Response:
    """Authlib answers with what our own `handle_response` made."""
    if not isinstance(response, Response):
        raise TypeError("the authorization server gave no response")
    return response
