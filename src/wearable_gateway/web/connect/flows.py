"""The flow that a link leads to."""

from fastapi import Request

from wearable_gateway.connect import service
from wearable_gateway.connect.models import Flow
from wearable_gateway.web.deps import Services


async def flow_of(request: Request, svc: Services, token: str) -> Flow:
    """Its language is kept for a page that refuses what is asked of it. Raises FlowRefusedError."""
    flow = await service.find(svc.db.autocommit, token)
    request.state.flow_language = flow.language
    return flow


def language_of_flow(request: Request) -> str | None:
    """None where no flow was found."""
    return getattr(request.state, "flow_language", None)
