"""The dashboard's routes, and its first page."""

from fastapi import Response

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
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.data import routes as data
from wearable_gateway.web.dashboard.deps import GATEWAY, Anywhere, SignedIn
from wearable_gateway.web.dashboard.destinations import routes as destinations
from wearable_gateway.web.dashboard.events import routes as events
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.dashboard.providers import routes as providers
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.dashboard.settings import routes as settings

router = section()


@router.get("")
async def show_first_page(session: SignedIn) -> Response:
    dev_ids = session.dev_ids
    if dev_ids is not None and len(dev_ids) == 1:
        return go_to(f"{HOME}/{dev_ids[0]}")
    return go_to(f"{HOME}/{GATEWAY}" if session.for_gateway else f"{HOME}/{GATEWAY}/developers")


@router.get("/{dev_id}")
async def show_place(here: Anywhere) -> Response:
    return go_to(f"{here.home}/overview")


routes = [
    *developers.router.routes,
    *you.router.routes,
    *overview.router.routes,
    *users.routes,
    *events.router.routes,
    *data.router.routes,
    *destinations.router.routes,
    *providers.router.routes,
    *keys.router.routes,
    *people.router.routes,
    *settings.routes,
    *audit.router.routes,
    *accounts.router.routes,
    *tokens.router.routes,
    # After the pages of developers: `link` is also a dev-id somebody may have.
    *sign_in.router.routes,
    *sso.router.routes,
    *joining.router.routes,
    # After the pages that are nobody's, such as `/login`.
    *router.routes,
]
