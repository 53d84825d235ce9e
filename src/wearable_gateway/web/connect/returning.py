"""The last page of a flow, loaded again: its state is used up, so the browser keeps which flow it was."""

import hmac
from uuid import UUID

from fastapi import Request, Response

from wearable_gateway.connect.closing import Ending
from wearable_gateway.connect.models import Flow, FlowState
from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.connect.tokens import read_flow_token
from wearable_gateway.web.connect import cookies
from wearable_gateway.web.deps import Services

_OVER = {FlowState.COMPLETED, FlowState.FAILED}


async def ended_here(svc: Services, request: Request, state: str) -> Ending | None:
    """How the flow of `state` ended, if it ended in this browser; it changes nothing."""
    flow_id, _, proof = request.cookies.get(cookies.ENDED, "").partition(".")
    read = read_flow_token(state)
    if read is None or not hmac.compare_digest(proof.encode(), _proof(svc, flow_id, state).encode()):
        return None
    flow = await FlowRepository(svc.db.autocommit, read.dev_id).find(UUID(flow_id))
    return Ending(flow, flow.reason) if flow is not None and flow.state in _OVER else None


def keep_ended_here(answer: Response, svc: Services, flow: Flow, state: str) -> None:
    cookies.keep_ended(answer, svc, f"{flow.id}.{_proof(svc, str(flow.id), state)}")


def _proof(svc: Services, flow_id: str, state: str) -> str:
    return svc.hasher.hash(f"{flow_id}:{state}", label="ended-flow").hex()
