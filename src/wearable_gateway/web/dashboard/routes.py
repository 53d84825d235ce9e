"""The dashboard's routes, and its first page."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from wearable_gateway.web.dashboard import (
    accounts,
    audit,
    developers,
    joining,
    keys,
    overview,
    people,
    sign_in,
    sso,
    tokens,
    users,
    you,
)
from wearable_gateway.web.dashboard.data import routes as data
from wearable_gateway.web.dashboard.deps import GATEWAY, Anywhere, SignedIn
from wearable_gateway.web.dashboard.destinations import routes as destinations
from wearable_gateway.web.dashboard.events import routes as events
from wearable_gateway.web.dashboard.kept_forms import LARGEST_FIELD
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.dashboard.providers import routes as providers
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.dashboard.settings import routes as settings

router = APIRouter(
    prefix=HOME,
    default_response_class=HTMLResponse,
    include_in_schema=False,
    form_limits={"max_part_size": LARGEST_FIELD},
)
for _part in (
    developers.router,
    you.router,
    overview.router,
    users.router,
    events.router,
    data.router,
    destinations.router,
    providers.router,
    keys.router,
    people.router,
    settings.router,
    audit.router,
    accounts.router,
    tokens.router,
    # After the pages of developers: `link` is also a dev-id somebody may have.
    sign_in.router,
    sso.router,
    joining.router,
):
    router.include_router(_part)


@router.get("")
async def show_first_page(session: SignedIn) -> Response:
    dev_ids = session.dev_ids
    if dev_ids is not None and len(dev_ids) == 1:
        return go_to(f"{HOME}/{dev_ids[0]}")
    return go_to(f"{HOME}/{GATEWAY}" if session.for_gateway else f"{HOME}/{GATEWAY}/developers")


# After the pages that are nobody's, such as `/login`.
@router.get("/{dev_id}")  # noqa: FAST003 - `Anywhere` reads it
async def show_place(here: Anywhere) -> Response:
    return go_to(f"{here.home}/overview")
