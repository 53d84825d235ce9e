"""Data written to, and removed from, the end user's account at the provider."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.writing import ItemResult, Writer, Written
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.answers.writes import Added, PartlyAdded, PartlyRemoved, Removed
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.deps import CurrentDeveloper, Services, Svc, read_user_id
from wearable_gateway.web.parameters import USER_ID, MaybeUuid, OptionalUserIdQuery, UserIdQuery
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/v2", tag="writes", route_class=JsonRoute)

_MOST_ITEMS = 100
LogId = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Items = Annotated[list[dict[str, Any]], Field(min_length=1, max_length=_MOST_ITEMS)]
LogIds = Annotated[list[LogId], Field(min_length=1, max_length=_MOST_ITEMS)]


class Additions(BaseModel):
    """Records as they are read. Terra's Python client has no place for a user_id here: it may stand in the query,
    beside `data`, or in each item.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": USER_ID,
                    "data": [
                        {
                            "metadata": {
                                "start_time": "2026-11-20T07:30:00.000000+01:00",
                                "end_time": "2026-11-20T08:00:00.000000+01:00",
                                "planned_date": "2026-11-21",
                                "summary_id": "my-1",
                                "type": 8,
                                "upload_type": 2,
                            }
                        }
                    ],
                }
            ]
        }
    )

    data: Items = Field(
        description="Records of the type that GET on this path answers with; what one cannot be read as, is left out."
    )
    user_id: MaybeUuid | None = Field(
        default=None, description="The connection, if the query does not name it."
    )


class Removals(BaseModel):
    """The ids of what was added; Terra's clients call them `log_ids` or `data`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"log_ids": ["msr_1"]}],
            "anyOf": [
                {"required": ["log_ids"], "properties": {"log_ids": {"type": "array"}}},
                {"required": ["data"], "properties": {"data": {"type": "array"}}},
            ],
        }
    )

    log_ids: LogIds | None = None
    data: LogIds | None = Field(default=None, description="The same as `log_ids`.")


_ADDED: dict[int | str, dict[str, Any]] = {
    201: {"model": Added, "description": "All of it was taken."},
    207: {"model": PartlyAdded, "description": "Some of it was not taken: see `processed_data`."},
    **refusals(403, 404, 502),
}
_REMOVED: dict[int | str, dict[str, Any]] = {
    200: {"model": Removed, "description": "All of it was removed."},
    207: {"model": PartlyRemoved, "description": "Some of it was not removed: see `processed_data`."},
    **refusals(403, 404, 502),
}


@router.post("/activity", status_code=201, summary="Write activities", responses=_ADDED)
async def add_activities(
    developer: CurrentDeveloper, svc: Svc, body: Additions, user_id: OptionalUserIdQuery = None
) -> Response:
    """Item by item, in order; the outcome of each is in `processed_data`."""
    return await _add(svc, developer.dev_id, DataType.ACTIVITY, body, user_id)


@router.post("/body", status_code=201, summary="Write body measurements", responses=_ADDED)
async def add_body(
    developer: CurrentDeveloper, svc: Svc, body: Additions, user_id: OptionalUserIdQuery = None
) -> Response:
    """Item by item, in order; the outcome of each is in `processed_data`."""
    return await _add(svc, developer.dev_id, DataType.BODY, body, user_id)


@router.post("/nutrition", status_code=201, summary="Write meals and drinks", responses=_ADDED)
async def add_nutrition(
    developer: CurrentDeveloper, svc: Svc, body: Additions, user_id: OptionalUserIdQuery = None
) -> Response:
    """Item by item, in order; the outcome of each is in `processed_data`."""
    return await _add(svc, developer.dev_id, DataType.NUTRITION, body, user_id)


@router.post("/plannedWorkout", status_code=201, summary="Write planned workouts", responses=_ADDED)
async def add_planned_workouts(
    developer: CurrentDeveloper, svc: Svc, body: Additions, user_id: OptionalUserIdQuery = None
) -> Response:
    """Item by item, in order; the outcome of each is in `processed_data`."""
    return await _add(svc, developer.dev_id, DataType.PLANNED_WORKOUT, body, user_id)


@router.delete("/body", summary="Remove body measurements", responses=_REMOVED)
async def remove_body(
    developer: CurrentDeveloper, svc: Svc, user_id: UserIdQuery, body: Removals
) -> Response:
    """Only what was written through this API can be removed."""
    return await _remove(svc, developer.dev_id, DataType.BODY, body, user_id)


@router.delete("/nutrition", summary="Remove meals and drinks", responses=_REMOVED)
async def remove_nutrition(
    developer: CurrentDeveloper, svc: Svc, user_id: UserIdQuery, body: Removals
) -> Response:
    """Only what was written through this API can be removed."""
    return await _remove(svc, developer.dev_id, DataType.NUTRITION, body, user_id)


@router.delete("/plannedWorkout", summary="Remove planned workouts", responses=_REMOVED)
async def remove_planned_workouts(
    developer: CurrentDeveloper, svc: Svc, user_id: UserIdQuery, body: Removals
) -> Response:
    """Only what was written through this API can be removed."""
    return await _remove(svc, developer.dev_id, DataType.PLANNED_WORKOUT, body, user_id)


async def _add(svc: Services, dev_id: str, kind: DataType, body: Additions, user_id: str | None) -> Response:
    writer = Writer(svc.db, svc.vendors, dev_id, svc.clock)
    items = [{name: value for name, value in item.items() if name != "user_id"} for item in body.data]
    written = await writer.write(_user_id(body, user_id), kind, items)
    answer = {
        "status": "success" if written.complete else "warning",
        "message": "Data was written"
        if written.complete
        else "Some items were not taken: see processed_data",
        "user": connection_user(written.connection),
        "log_ids": [result.id for result in written.results],
        "processed_data": [_result(result) for result in written.results],
    }
    return _respond(answer, written, complete=201)


async def _remove(svc: Services, dev_id: str, kind: DataType, body: Removals, user_id: str) -> Response:
    log_ids = body.log_ids or body.data
    if log_ids is None:
        raise InvalidInputError("log_ids", "a list of the ids that writing returned")
    writer = Writer(svc.db, svc.vendors, dev_id, svc.clock)
    written = await writer.delete(read_user_id(user_id), kind, log_ids)
    answer = {
        "status": "success" if written.complete else "warning",
        "user": connection_user(written.connection),
        "processed_data": [_result(result) for result in written.results],
    }
    return _respond(answer, written, complete=200)


def _user_id(body: Additions, in_query: str | None) -> UUID:
    """The one connection that query, body and items name. Raises InvalidInputError when it is none, or several."""
    named = [one for one in (in_query, body.user_id, *(item.get("user_id") for item in body.data)) if one]
    first = named[0] if named else None
    if not isinstance(first, str) or any(one != first for one in named):
        raise InvalidInputError(
            "user_id", "the user_id of one connection, in the query, beside data, or in each item of data"
        )
    return read_user_id(first)


def _result(result: ItemResult) -> dict[str, Any]:
    found = {"id": result.id, "response_code": int(result.response_code)}
    return found if result.reason is None else {**found, "message": result.reason}


def _respond(answer: Mapping[str, Any], written: Written, *, complete: int) -> Response:
    """207 when the items fared differently, or none was taken (https://www.rfc-editor.org/rfc/rfc4918#section-13)."""
    status = complete if written.complete else 207
    return json_answer(answer, status)
