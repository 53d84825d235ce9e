"""The data explorer's pages. What they show is health data: that it was looked at is kept in the audit log."""

import re
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import Response

from wearable_gateway.connections.models import Connection
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.stored_records import Place
from wearable_gateway.connections.viewing import Viewer
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit import json
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.unified.reading import fields
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.data import drawing
from wearable_gateway.web.dashboard.data.asked import VIEWS, Asked, WantedRecords
from wearable_gateway.web.dashboard.data.reasons import Known, Reason, why_nothing
from wearable_gateway.web.dashboard.data.table import table_of
from wearable_gateway.web.dashboard.deps import Here, Workplace
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.deps import Services, Svc, read_user_id

router = section("/{dev_id}/data")

PAGE_SIZE = 25
_FOUND_AT_MOST = 20


@router.get("")
async def show_data(svc: Svc, here: Here, asked: WantedRecords) -> Response:
    user_id = asked.wanted_user
    if user_id is None:
        return await _choice(svc, here, asked)
    viewer = _viewer(svc, here)
    connection = await viewer.connection(user_id)
    provider = PROVIDERS.get(connection.provider)
    kind = asked.wanted_type or _first_type(provider)
    show = _plot if asked.view == "plot" else _table
    return framed(
        "data.html",
        here,
        "data",
        asked=asked,
        connection=connection,
        provider=provider,
        kind=kind,
        kinds=_kinds(provider),
        days=asked.days(_today(svc)),
        views=VIEWS,
        **await show(svc, here, asked, connection, kind),
    )


@router.get("/{user_id}/{type}")
async def show_record(svc: Svc, here: Here, user_id: str, type: str, key: str = "") -> Response:  # noqa: A002 - the path's name
    viewer = _viewer(svc, here)
    record = await viewer.record(read_user_id(user_id), _read_type(type), key)
    read = [one for one in fields(record.type, record.body) if one.path[0] != "metadata"]
    about = [one for one in fields(record.type, record.body) if one.path[0] == "metadata"]
    groups = [(title, list(members)) for title, members in groupby(read, key=lambda one: one.group)]
    return framed(
        "data_record.html",
        here,
        "data",
        connection=await viewer.connection(read_user_id(user_id)),
        record=record,
        about=about,
        groups=groups,
        source=json.dump_pretty(record.body).decode(),
    )


@router.get("/{user_id}/{type}/download")
async def download_record(svc: Svc, here: Here, user_id: str, type: str, key: str = "") -> Response:  # noqa: A002 - the path's name
    record = await _viewer(svc, here).record(read_user_id(user_id), _read_type(type), key)
    headers = {
        "content-disposition": f'attachment; filename="{_file_name(record)}"',
        "cache-control": "no-store",
    }
    return Response(json.dump_pretty(record.body), media_type="application/json", headers=headers)


def _viewer(svc: Services, here: Workplace) -> Viewer:
    return Viewer(svc.db.autocommit, here.dev_id, here.actor)


def _today(svc: Services) -> date:
    return svc.clock().date()


def _read_type(text: str) -> DataType:
    try:
        return DataType(text)
    except ValueError:
        raise NotFoundError("record") from None


def _file_name(record: Record) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", record.key)[:60].strip(".-")
    return f"{record.type.value}-{plain or record.day}.json"


def _first_type(provider: Provider | None) -> DataType:
    delivered = provider.data_scopes if provider else {}
    return next((kind for kind in (DataType.DAILY, *delivered) if kind in delivered), DataType.DAILY)


def _kinds(provider: Provider | None) -> list[tuple[DataType, bool]]:
    """Every type, and whether the provider delivers it; those first that it does."""
    delivered = provider.data_scopes if provider else {}
    return sorted(((kind, kind in delivered) for kind in DataType), key=lambda one: not one[1])


async def _choice(svc: Services, here: Workplace, asked: Asked) -> Response:
    found = await ConnectionRepository(svc.db.autocommit, here.dev_id).search(
        text=asked.text or None, limit=_FOUND_AT_MOST + 1
    )
    return framed(
        "data_choice.html",
        here,
        "data",
        asked=asked,
        connections=found[:_FOUND_AT_MOST],
        more=len(found) > _FOUND_AT_MOST,
        names={slug: provider.name for slug, provider in PROVIDERS.items()},
    )


async def _table(
    svc: Services, here: Workplace, asked: Asked, connection: Connection, kind: DataType
) -> dict[str, Any]:
    days = asked.days(_today(svc))
    found = await _viewer(svc, here).page(
        connection.id, kind, days, before=asked.wanted_place, limit=PAGE_SIZE + 1
    )
    shown = found[:PAGE_SIZE]
    older = str(Place(shown[-1].day, shown[-1].key)) if len(found) > PAGE_SIZE else None
    reason = None if shown or asked.before else await _reason(svc, here, asked, connection, kind)
    return {"table": table_of(shown), "older": older, "reason": reason, "chart": None, "choice": None}


async def _plot(
    svc: Services, here: Workplace, asked: Asked, connection: Connection, kind: DataType
) -> dict[str, Any]:
    viewer, days = _viewer(svc, here), asked.days(_today(svc))
    newest = await viewer.page(connection.id, kind, days, limit=PAGE_SIZE)
    known = drawing.choices(newest)
    choice = drawing.chosen(known, asked.field)
    nothing = {"table": None, "older": None, "choices": known, "choice": choice, "cut": False}
    if choice is None:
        reason = await _reason(svc, here, asked, connection, kind) if not newest else None
        return {**nothing, "chart": None, "reason": reason}
    parts = await viewer.parts(connection.id, kind, days, choice.path, limit=choice.most + 1)
    chart = drawing.draw(choice, parts[: choice.most])
    return {**nothing, "chart": chart, "reason": None, "cut": len(parts) > choice.most}


async def _reason(
    svc: Services, here: Workplace, asked: Asked, connection: Connection, kind: DataType
) -> Reason:
    stored, days = _viewer(svc, here).stored(connection.id, kind), asked.days(_today(svc))
    known = Known(
        history_days=DeveloperSettings.of(here.developer.settings).history_days,
        forgotten=await stored.has_forgotten(days),
        newest=await stored.newest_day(),
        today=_today(svc),
    )
    return why_nothing(connection, PROVIDERS.get(connection.provider), kind, days, known)
