"""Is this process able to work?"""

from typing import Literal

from pydantic import BaseModel

from wearable_gateway.web.deps import Svc
from wearable_gateway.web.routing import described

router = described(tag="health")


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@router.get("/healthz", summary="Is this process able to work?", operation_id="checkHealth")
async def healthz(svc: Svc) -> Health:
    """200 when the database answers, 503 otherwise."""
    await svc.db.autocommit.fetchval("SELECT 1")
    return Health()
