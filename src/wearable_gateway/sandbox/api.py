"""What may a client read about an account?"""

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.sandbox.bodies import Form, only, parse_query
from wearable_gateway.sandbox.data import day_of, profile_of, sleeps_of, workouts_of
from wearable_gateway.sandbox.data.profile import Profile
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.state import Authorisation
from wearable_gateway.sandbox.vendor import Vendor, vendor_of

MAX_DAYS = 31
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

Measure = Callable[[Profile, date, int], list[dict[str, Any]]]


async def show_me(request: Request) -> Response:
    vendor, authorisation = _admit(request, call="me", endpoint="me")
    account = vendor.state.accounts[authorisation.account_id]
    return JSONResponse(
        {"account_id": account.account_id, "name": account.name, "scopes": authorisation.scopes}
    )


def show_items(call: str, scope: str, measure: Measure) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        vendor, authorisation = _admit(request, call=call, endpoint="data")
        if scope not in authorisation.scopes:
            raise RequestError(403, "insufficient_scope")
        profile = profile_of(authorisation.account_id)
        items = []
        for day in _days_asked(parse_query(request)):
            revision = vendor.state.revision(profile.account_id, day.isoformat())
            items += measure(profile, day, revision)
        return JSONResponse({"items": items})

    return show


def measure_day(profile: Profile, day: date, revision: int) -> list[dict[str, Any]]:
    return [day_of(profile, day, revision)]


show_days = show_items("days", "daily", measure_day)
show_workouts = show_items("workouts", "activity", workouts_of)
show_sleeps = show_items("sleeps", "sleep", sleeps_of)


def _admit(request: Request, *, call: str, endpoint: str) -> tuple[Vendor, Authorisation]:
    vendor = vendor_of(request)
    vendor.instruments.calls[call] += 1
    failure = vendor.instruments.take_failure(endpoint)
    if failure:
        raise RequestError(failure.status, failure.error)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    pair = vendor.tokens.find_usable(token.strip()) if scheme.lower() == "bearer" else None
    authorisation = vendor.authorisations.find(pair.account_id, pair.client_id) if pair else None
    if authorisation is None:
        raise RequestError(401, "invalid_token")
    return vendor, authorisation


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
