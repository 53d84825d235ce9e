"""A connection's data, answered here or sent to the destinations (https://docs.tryterra.co/reference/rest-api)."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from fastapi.requests import Request

from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests import service
from wearable_gateway.data_requests.budget import LIMIT
from wearable_gateway.data_requests.dates import DateRange, read_range
from wearable_gateway.data_requests.models import DataRequest
from wearable_gateway.data_requests.service import Admitted, Wanted
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.settings import ApiVersion, DeveloperSettings
from wearable_gateway.errors import ProviderLimitError, ProviderPendingError
from wearable_gateway.events import data_events
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.answers.data import ANSWERS, AcceptedRequest, LargeRequest, NoData, NotYet
from wearable_gateway.web.bodies import json_answer
from wearable_gateway.web.deps import CurrentDeveloper, Services, Svc, read_user_id
from wearable_gateway.web.parameters import EndDate, StartDate, ToWebhook, UserIdQuery, WithSamples
from wearable_gateway.web.refusals import RETRY_AFTER, refusals
from wearable_gateway.web.routing import described

router = described("/v2", tag="data")

_KINDS = {
    "activity": DataType.ACTIVITY,
    "body": DataType.BODY,
    "daily": DataType.DAILY,
    "menstruation": DataType.MENSTRUATION,
    "nutrition": DataType.NUTRITION,
    "plannedWorkout": DataType.PLANNED_WORKOUT,
    "sleep": DataType.SLEEP,
}
"""By the last part of the path."""

_ASK_AGAIN_SECONDS = 60
_NUMBER = {"schema": {"type": "integer"}, "required": True}
_HEADERS = {
    "x-terra-ratelimit-limit": {**_NUMBER, "description": "Days of a connection in an hour."},
    "x-terra-ratelimit-remaining": {**_NUMBER, "description": "Days that may still be asked for."},
    "x-terra-ratelimit-reset-after": {**_NUMBER, "description": "Seconds until some are free again."},
    "retry-after": RETRY_AFTER,
}


async def _wanted(
    request: Request,
    developer: CurrentDeveloper,
    svc: Svc,
    user_id: UserIdQuery,
    start_date: StartDate,
    end_date: EndDate = None,
    with_samples: WithSamples = False,
) -> Wanted:
    kind = _KINDS[request.url.path.rpartition("/")[2]]
    days = read_range(start_date, end_date, kind=kind, today=svc.clock().date())
    return Wanted(developer.dev_id, read_user_id(user_id), kind, days, with_samples)


async def _planned(
    request: Request,
    developer: CurrentDeveloper,
    svc: Svc,
    user_id: UserIdQuery,
    start_date: StartDate,
    end_date: EndDate = None,
) -> Wanted:
    return await _wanted(request, developer, svc, user_id, start_date, end_date, with_samples=True)


WantedData = Annotated[Wanted, Depends(_wanted)]
WantedPlans = Annotated[Wanted, Depends(_planned)]


def _responses(kind: DataType) -> dict[int | str, dict[str, Any]]:
    model = ANSWERS[kind] | AcceptedRequest | LargeRequest | NoData | NotYet
    description = "The data, or what became of the request for it."
    found = {"model": model, "description": description, "headers": _HEADERS}
    return {200: found, **refusals(403, 404, 502)}


async def data(
    developer: CurrentDeveloper, svc: Svc, wanted: WantedData, to_webhook: ToWebhook = True
) -> Response:
    """What the provider has of a connection from `start_date` to `end_date`."""
    return await _answer(svc, developer, wanted, to_webhook=to_webhook)


for _path, _kind in _KINDS.items():
    if _kind is not DataType.PLANNED_WORKOUT:
        router.add_api_route(
            f"/{_path}",
            data,
            summary=f"Ask for {_kind.value} data",
            operation_id=f"get{_kind.value.title()}",
            responses=_responses(_kind),
        )


@router.get(
    "/plannedWorkout",
    summary="Ask for planned workouts",
    operation_id="getPlannedWorkouts",
    responses=_responses(DataType.PLANNED_WORKOUT),
)
async def planned_workouts(
    developer: CurrentDeveloper, svc: Svc, wanted: WantedPlans, to_webhook: ToWebhook = True
) -> Response:
    """The workouts planned from `start_date` to `end_date`, which may lie in the future."""
    return await _answer(svc, developer, wanted, to_webhook=to_webhook)


@router.get(
    "/athlete",
    summary="Ask who the end user is",
    operation_id="getAthlete",
    responses=_responses(DataType.ATHLETE),
)
async def athlete(
    developer: CurrentDeveloper, svc: Svc, user_id: UserIdQuery, to_webhook: ToWebhook = True
) -> Response:
    """Who the provider says the end user is."""
    today = svc.clock().date()
    days = DateRange(today, today)
    wanted = Wanted(developer.dev_id, read_user_id(user_id), DataType.ATHLETE, days, with_samples=True)
    return await _answer(svc, developer, wanted, to_webhook=to_webhook)


async def _answer(svc: Services, developer: Developer, wanted: Wanted, *, to_webhook: bool) -> Response:
    admitted = await service.admit(svc.db, wanted, now=svc.clock())
    version = DeveloperSettings.of(developer.settings).api_version
    if admitted.grant is None:
        return _respond(admitted, _no_data(admitted, wanted.kind))
    if not to_webhook and not wanted.days.is_large:
        return await _inline(svc, wanted, admitted, version)
    async with svc.db.transaction() as session:
        request = await service.begin(session, wanted, admitted.connection, now=svc.clock())
    return _respond(admitted, _accepted(admitted, request, version), reference=request.id)


async def _inline(svc: Services, wanted: Wanted, admitted: Admitted, version: ApiVersion) -> Response:
    assert admitted.grant is not None  # noqa: S101 - looked at one step before
    user = connection_user(admitted.connection)
    try:
        bodies = await service.fetch(svc.db, svc.vendors, wanted, admitted, clock=svc.clock)
    except ProviderPendingError as error:
        return _respond(admitted, _later(admitted, "processing", error.detail, error.retry_after))
    except ProviderLimitError as error:
        detail = "the provider's limit is used up"
        return _respond(admitted, _later(admitted, "rate_limit", detail, error.retry_after))
    if wanted.kind is DataType.ATHLETE and not bodies:
        return _respond(admitted, _no_data(admitted, wanted.kind))
    return _respond(admitted, data_events.data_fields(wanted.kind, user, bodies, version))


def _no_data(admitted: Admitted, kind: DataType) -> dict[str, Any]:
    return {
        "status": "success",
        "type": "no_data",
        "message": f"{admitted.connection.provider} has no {kind.value} data",
        "user": connection_user(admitted.connection),
    }


def _later(admitted: Admitted, kind: str, detail: str, retry_after: float | None) -> dict[str, Any]:
    seconds = round(retry_after or _ASK_AGAIN_SECONDS)
    return {
        "status": "success",
        "type": kind,
        "message": f"{admitted.connection.provider}: {detail}; ask again in {seconds} seconds",
        "user": connection_user(admitted.connection),
        "retry_after_seconds": seconds,
    }


def _accepted(admitted: Admitted, request: DataRequest, version: ApiVersion) -> dict[str, Any]:
    """Terra's classic form names no type of data here, and its SDK's type for an athlete insists on that."""
    user = connection_user(admitted.connection)
    if request.is_large:
        return {**data_events.processing_fields(user, request.id), "trace_id": str(request.id)}
    return {
        "status": "success",
        "type": "webhook" if version is ApiVersion.CLASSIC else request.type.value,
        "reference": str(request.id),
        "trace_id": str(request.id),
        "message": "Data will be sent to your destinations",
        "user": user,
    }


def _respond(admitted: Admitted, body: Mapping[str, Any], *, reference: UUID | None = None) -> Response:
    budget = admitted.budget
    headers = {
        "x-terra-ratelimit-limit": str(LIMIT),
        "x-terra-ratelimit-remaining": str(budget.remaining),
        "x-terra-ratelimit-reset-after": str(budget.reset_after),
    }
    if reference is not None:
        headers["terra-reference"] = str(reference)
    if "retry_after_seconds" in body:
        headers["retry-after"] = str(body["retry_after_seconds"])
    return json_answer(body, headers=headers)
