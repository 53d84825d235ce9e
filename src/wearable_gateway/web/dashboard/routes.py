"""The dashboard's routes, and its first page."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from wearable_gateway.web.dashboard import (
    audit,
    developers,
    joining,
    keys,
    people,
    sign_in,
    sso,
    tokens,
    users,
    you,
)
from wearable_gateway.web.dashboard.deps import GATEWAY, Anywhere, SignedIn
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
# Before the sign-in links and invitations: `link` is also a dev-id somebody may have.
router.include_router(developers.router)
router.include_router(you.router)
router.include_router(users.router)
router.include_router(tokens.router)
router.include_router(keys.router)
router.include_router(audit.router)
router.include_router(settings.router)
router.include_router(providers.router)
router.include_router(people.router)
router.include_router(sign_in.router)
router.include_router(sso.router)
router.include_router(joining.router)


@router.get("")
async def show_first_page(session: SignedIn) -> Response:
    dev_ids = session.dev_ids
    if dev_ids is not None and len(dev_ids) == 1:
        return go_to(f"{HOME}/{dev_ids[0]}")
    return go_to(f"{HOME}/{GATEWAY}/developers")


# After the pages that are nobody's, such as `/login`.
@router.get("/{dev_id}")  # noqa: FAST003 - `Anywhere` reads it
async def show_place(here: Anywhere) -> Response:
    return go_to(f"{here.home}/{'users' if here.developer else 'developers'}")
