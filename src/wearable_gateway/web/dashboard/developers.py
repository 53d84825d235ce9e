"""The developers somebody may look after, to choose one."""

from fastapi import APIRouter, Response

from wearable_gateway.developers.keys import find_developer, list_developers
from wearable_gateway.web.dashboard.deps import GATEWAY, Place, SignedIn
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.deps import Svc

router = APIRouter(prefix=f"/{GATEWAY}/developers")


@router.get("")
async def show_developers(svc: Svc, session: SignedIn) -> Response:
    db, own = svc.db.autocommit, session.dev_ids
    developers = (
        await list_developers(db) if own is None else [await find_developer(db, dev_id) for dev_id in own]
    )
    here = Place(session, session.for_gateway or session.operators[0], None)
    return framed("developers.html", here, "developers", developers=developers, all_of_them=own is None)
