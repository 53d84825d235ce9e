"""What can a person see and change: connected apps, what they may read, and a sync of today."""

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from wearable_gateway.sandbox.accounts import account_named
from wearable_gateway.sandbox.authorisations import in_order
from wearable_gateway.sandbox.bodies import only
from wearable_gateway.sandbox.config import KINDS, SCOPES
from wearable_gateway.sandbox.data import day_of, profile_of
from wearable_gateway.sandbox.looks import page
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.sign_in import form_seal, read_account_form, signed_in_name, to_account_page
from wearable_gateway.sandbox.state import Authorisation
from wearable_gateway.sandbox.syncs import sync_day
from wearable_gateway.sandbox.vendor import Vendor, vendor_of

_SAID = {
    "revoked": "The app was disconnected, and told so.",
    "changed": "The app was told what it may read now.",
    "unchanged": "Nothing changed.",
    "synced": "Today was synced, and the connected apps were told.",
}


@dataclass(frozen=True)
class ConnectedApp:
    client_id: str
    name: str
    since: str
    scopes: tuple[str, ...]


async def show_home(request: Request) -> Response:
    return page(request, "home.html")


async def show_account(request: Request) -> Response:
    name = signed_in_name(request)
    if not name:
        return page(request, "sign_in.html", name="", refused=False)
    vendor = vendor_of(request)
    profile = profile_of(account_named(name).account_id)
    today = profile.today(vendor.clock())
    revision = vendor.state.revision(profile.account_id, today.isoformat())
    return page(
        request,
        "account.html",
        name=name,
        account_id=profile.account_id,
        day=day_of(profile, today, revision),
        apps=[
            _connected_app(vendor, found) for found in vendor.authorisations.of_account(profile.account_id)
        ],
        scopes=SCOPES,
        seal=form_seal(request, name),
        said=_SAID.get(request.query_params.get("said", ""), ""),
    )


async def revoke_app(request: Request) -> Response:
    account, form = await read_account_form(request)
    revoked = vendor_of(request).authorisations.revoke(account.account_id, only(form, "client_id"))
    return to_account_page(request, "revoked" if revoked else "unchanged")


async def change_app_scopes(request: Request) -> Response:
    account, form = await read_account_form(request)
    authorisations = vendor_of(request).authorisations
    authorisation = authorisations.find(account.account_id, only(form, "client_id"))
    if authorisation is None:
        raise RequestError(404, "not_found", "This app is not connected any more.")
    changed = authorisations.change_scopes(authorisation, in_order(form.get("scope", [])))
    return to_account_page(request, "changed" if changed else "unchanged")


async def sync_today(request: Request) -> Response:
    account, _ = await read_account_form(request)
    vendor = vendor_of(request)
    sync_day(vendor, account.account_id, profile_of(account.account_id).today(vendor.clock()), KINDS)
    return to_account_page(request, "synced")


def _connected_app(vendor: Vendor, authorisation: Authorisation) -> ConnectedApp:
    client = vendor.state.clients.get(authorisation.client_id)
    return ConnectedApp(
        client_id=authorisation.client_id,
        name=client.name if client else authorisation.client_id,
        since=datetime.fromtimestamp(authorisation.since, UTC).strftime("%d %B %Y, %H:%M UTC"),
        scopes=authorisation.scopes,
    )
