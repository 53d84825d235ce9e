"""The dashboard's routes, and its first page."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from wearable_gateway.developers.keys import find_developer, list_developers
from wearable_gateway.web.dashboard import sign_in, users
from wearable_gateway.web.dashboard.deps import SignedIn
from wearable_gateway.web.dashboard.pages import go_to, page
from wearable_gateway.web.deps import Svc

router = APIRouter(prefix="/dashboard", default_response_class=HTMLResponse, include_in_schema=False)
# Before the sign-in links: `link` is also a dev-id somebody may have.
router.include_router(users.router)
router.include_router(sign_in.router)


@router.get("")
async def show_developers(svc: Svc, session: SignedIn) -> Response:
    own = session.operator.dev_id
    db = svc.db.autocommit
    developers = await list_developers(db) if own is None else [await find_developer(db, own)]
    if len(developers) == 1:
        return go_to(f"/dashboard/{developers[0].dev_id}/users")
    return page("developers.html", session=session, developers=developers)
