"""What became of a request for data? Ours: Terra's clients learn it from events alone."""

from typing import Any
from uuid import UUID

from fastapi import Response

from wearable_gateway.data_requests import service
from wearable_gateway.data_requests.models import Window
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.data_requests import DataRequestAnswer
from wearable_gateway.web.bodies import json_answer
from wearable_gateway.web.deps import CurrentDeveloper, Svc
from wearable_gateway.web.parameters import Reference
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/v2", tag="data")


@router.get(
    "/dataRequests/{reference}",
    summary="See what became of a request for data",
    operation_id="getDataRequest",
    responses={200: {"model": DataRequestAnswer}, **refusals(404)},
)
async def data_request(developer: CurrentDeveloper, svc: Svc, reference: Reference) -> Response:
    """Where a request is: its windows with what went wrong, its payloads and how many are still on their way."""
    status = await service.status(svc.db.autocommit, developer.dev_id, _read(reference))
    request, windows = status.request, status.windows
    found = {
        "status": "success",
        "reference": str(request.id),
        "state": request.state.value,
        "reason": request.reason,
        "type": request.type.value,
        "user_id": str(request.user_id),
        "start_date": request.start.isoformat(),
        "end_date": request.end.isoformat(),
        "with_samples": request.with_samples,
        "created_at": wire_time(request.created_at),
        "finished_at": wire_time(request.finished_at) if request.finished_at else None,
        "expected_payloads": None if request.payload_ids is None else len(request.payload_ids),
        "deliveries_due": status.deliveries_due,
        "undelivered_payloads": status.undelivered,
        "windows": [_window(window) for window in windows],
    }
    return json_answer(found)


def _window(window: Window) -> dict[str, Any]:
    return {
        "start_date": window.start.isoformat(),
        "end_date": window.end.isoformat(),
        "state": window.state.value,
        "attempts": window.attempts,
        "records": window.records,
        "reason": window.reason,
        "retrying_at": wire_time(window.retrying_at) if window.retrying_at else None,
    }


def _read(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError("data request") from None
