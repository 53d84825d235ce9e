"""What may a client read about an account?"""

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.sandbox.bodies import Form, only, parse_query
from wearable_gateway.sandbox.data import account_of, profile_of
from wearable_gateway.sandbox.kinds import Items, Kind
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.state import Authorisation
from wearable_gateway.sandbox.vendor import Vendor, vendor_of

MAX_DAYS = 31
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

Handler = Callable[[Request], Awaitable[Response]]


async def show_me(request: Request) -> Response:
    vendor, authorisation = admit(request, call="me", endpoint="me")
    account = vendor.state.accounts[authorisation.account_id]
    return JSONResponse(
        {"account_id": account.account_id, "name": account.name, "scopes": authorisation.scopes}
    )


async def show_profile(request: Request) -> Response:
    vendor, authorisation = admit(request, call="profile", endpoint="data", scope="athlete")
    profile = profile_of(authorisation.account_id)
    return JSONResponse(account_of(profile, profile.today(vendor.clock())))


def show_items(kind: Kind) -> Handler:
    async def show(request: Request) -> Response:
        vendor, authorisation = admit(request, call=kind.name, endpoint="data", scope=kind.scope)
        query = parse_query(request)
        items = _items(vendor, authorisation.account_id, kind, _days_asked(query))
        if _is_summary(query):
            items = [
                {name: value for name, value in item.items() if name not in kind.series} for item in items
            ]
        return JSONResponse({"items": items})

    return show


def admit(
    request: Request, *, call: str, endpoint: str, scope: str | None = None
) -> tuple[Vendor, Authorisation]:
    """The call is counted, and let in when it does not have to fail and its token has the scope."""
    vendor = vendor_of(request)
    vendor.instruments.calls[call] += 1
    failure = vendor.instruments.take_failure(endpoint)
    if failure:
        raise RequestError(failure.status, failure.error, headers=failure.headers)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    pair = vendor.tokens.find_usable(token.strip()) if kind.lower() == "bearer" else None
    authorisation = vendor.authorisations.find(pair.account_id, pair.client_id) if pair else None
    if authorisation is None:
        raise RequestError(401, "invalid_token")
    if scope is not None and scope not in authorisation.scopes:
        raise RequestError(403, "insufficient_scope")
    return vendor, authorisation


def _items(vendor: Vendor, account_id: str, kind: Kind, days: list[date]) -> Items:
    profile, added = profile_of(account_id), vendor.state.added(account_id, kind.scope)
    items: Items = []
    for day in days:
        revision = vendor.state.revision(account_id, day.isoformat())
        items += kind.measure(profile, day, revision, added.get(day.isoformat(), {}))
    return items


def _is_summary(query: Form) -> bool:
    detail = only(query, "detail")
    if detail not in {"", "full", "summary"}:
        raise RequestError(400, "invalid_request", "detail is full or summary.")
    return detail == "summary"


def _days_asked(query: Form) -> list[date]:
    first, last = _day(query, "from"), _day(query, "to")
    if not 0 <= (last - first).days < MAX_DAYS:
        raise RequestError(400, "invalid_request", f"from and to span 1 to {MAX_DAYS} days.")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _day(query: Form, name: str) -> date:
    text = only(query, name)
    try:
        # The pattern first: fromisoformat also takes week dates and dates without dashes.
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9-]{10}", text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise RequestError(400, "invalid_request", f"{name} is not a day like 2026-11-21.")
    return day
