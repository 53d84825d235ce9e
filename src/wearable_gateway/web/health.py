"""Is this process able to work?"""

from fastapi import APIRouter

from wearable_gateway.web.deps import Svc

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz(svc: Svc) -> dict[str, str]:
    """200 when the database answers; an error page otherwise."""
    await svc.db.autocommit.fetchval("SELECT 1")
    return {"status": "ok"}
