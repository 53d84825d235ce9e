"""A connection's data, answered here or sent to the destinations (https://docs.tryterra.co/reference/rest-api)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests import service
from wearable_gateway.data_requests.dates import DateRange, read_range
from wearable_gateway.events.catalog import VERSION
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.deps import CurrentDeveloper, Services, Svc, read_user_id

router = APIRouter(tags=["data"])


async def _range(svc: Svc, start_date: str, end_date: str | None = None) -> DateRange:
    return read_range(start_date, end_date, today=svc.clock().date())


Range = Annotated[DateRange, Depends(_range)]


async def _data(
    svc: Services, dev_id: str, kind: DataType, user_id: str, days: DateRange, *, to_webhook: bool
) -> dict[str, Any]:
    wanted = service.DataRequest(dev_id, read_user_id(user_id), kind, days)
    connection, records = await service.fetch(svc.db, svc.vendors, wanted)
    user = connection_user(connection)
    if not to_webhook:
        return {"user": user, "type": kind.value, "version": VERSION, "data": records}
    reference = await service.send(svc.db, wanted, records, now=svc.clock())
    return {
        "status": "success",
        "type": kind.value,
        "reference": str(reference),
        "trace_id": str(reference),
        "message": "Data will be sent to your destinations",
        "user": user,
    }


@router.get("/daily")
async def daily(
    developer: CurrentDeveloper, svc: Svc, user_id: str, days: Range, to_webhook: bool = True
) -> dict[str, Any]:
    return await _data(svc, developer.dev_id, DataType.DAILY, user_id, days, to_webhook=to_webhook)


@router.get("/activity")
async def activity(
    developer: CurrentDeveloper, svc: Svc, user_id: str, days: Range, to_webhook: bool = True
) -> dict[str, Any]:
    return await _data(svc, developer.dev_id, DataType.ACTIVITY, user_id, days, to_webhook=to_webhook)


@router.get("/sleep")
async def sleep(
    developer: CurrentDeveloper, svc: Svc, user_id: str, days: Range, to_webhook: bool = True
) -> dict[str, Any]:
    return await _data(svc, developer.dev_id, DataType.SLEEP, user_id, days, to_webhook=to_webhook)
