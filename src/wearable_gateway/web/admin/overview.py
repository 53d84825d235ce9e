"""/admin/v1/overview, and that of each developer: the figures of the dashboard's first page."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from wearable_gateway.developers.keys import find_developer
from wearable_gateway.overview import models
from wearable_gateway.overview.models import Condition, Overview
from wearable_gateway.overview.ranges import Range
from wearable_gateway.overview.service import developer_overview, gateway_overview
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.answers.base import Answer, Moment
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin", route_class=JsonRoute)

_Numbers = Annotated[list[int], Field(description="One for each part of the time, oldest first.")]
_Range = Annotated[
    Range, Query(alias="range", description="How far to look back: in hours, quarters of a day, or days.")
]


class ConnectionNumber(Answer):
    provider: str
    state: str
    number: int
    troubled: int = Field(description="Of these, active ones that their provider refused the last time.")


class EventNumbers(Answer):
    type: str = Field(description="`auth_failed`: an `auth` that says that connecting failed.")
    numbers: _Numbers


class DeliveryNumbers(Answer):
    succeeded: _Numbers
    failed: _Numbers = Field(description="Attempts that failed; most are tried again.")
    given_up: _Numbers = Field(description="Deliveries that are not tried again.")
    success_rate: float | None = Field(description="Share of attempts, 0 to 1; null when there was none.")


class BacklogAnswer(Answer):
    waiting: int
    is_more: bool = Field(description="true: there are more; counting ends at some thousands.")
    oldest: Moment | None = Field(description="Since when one waits.")


class RecipientAnswer(Answer):
    dev_id: str
    destination_id: UUID
    url: str | None
    condition: Condition
    state_reason: str | None
    failing_since: Moment | None
    backlog: BacklogAnswer


class ConnectionTroubleAnswer(Answer):
    user_id: UUID
    provider: str
    reference_id: str | None
    detail: str
    at: Moment


class AppTroubleAnswer(Answer):
    provider: str
    dev_id: str | None = Field(description="null: it is the gateway's own app.")
    detail: str | None


class LargestDeveloper(Answer):
    dev_id: str
    connections: int


class OverviewAnswer(Answer):
    range: Range
    start: Moment
    step_seconds: int = Field(description="How long each part of the time is; the last one is running.")
    as_of: Moment | None = Field(description="Counted up to then; null: nothing was counted yet.")
    connections: list[ConnectionNumber]
    changes: dict[str, _Numbers] = Field(description="Connections that came and went, by how.")
    events: list[EventNumbers]
    deliveries: DeliveryNumbers
    backlog: BacklogAnswer
    destinations: list[RecipientAnswer] = Field(
        description="Those in trouble first; for the whole gateway only those that fail, and not all of them."
    )
    connection_troubles: list[ConnectionTroubleAnswer] = Field(description="The newest.")
    app_troubles: list[AppTroubleAnswer] = Field(
        description="Provider apps whose vendor cannot be asked to tell of changes."
    )
    developers: list[LargestDeveloper] = Field(description="For the whole gateway, the largest.")


@router.get("/overview", summary="Show how the gateway fares")
async def show_gateway(_admin: CurrentAdmin, svc: Svc, chosen: _Range = Range.DAY) -> OverviewAnswer:
    """All developers together, in numbers that the worker keeps."""
    return _answer(await gateway_overview(svc.db.autocommit, chosen, now=svc.clock()))


@router.get("/developers/{dev_id}/overview", summary="Show how a developer fares", responses=refusals(404))
async def show_developer_overview(
    dev_id: NamedDeveloper, svc: Svc, chosen: _Range = Range.DAY
) -> OverviewAnswer:
    """Connections, events and deliveries over a time, and what does not work."""
    await find_developer(svc.db.autocommit, dev_id)
    return _answer(await developer_overview(svc.db.autocommit, dev_id, chosen, now=svc.clock()))


def _answer(seen: Overview) -> OverviewAnswer:
    told = seen.deliveries
    return OverviewAnswer(
        range=seen.range,
        start=seen.parts.start,
        step_seconds=round(seen.parts.step.total_seconds()),
        as_of=seen.as_of,
        connections=[
            ConnectionNumber(
                provider=one.provider, state=one.state, number=one.number, troubled=one.troubled
            )
            for one in seen.connections
        ],
        changes={name: list(numbers) for name, numbers in seen.changes.items()},
        events=[
            EventNumbers(type=kind, numbers=list(numbers)) for kind, numbers in sorted(seen.events.items())
        ],
        deliveries=DeliveryNumbers(
            succeeded=list(told.succeeded),
            failed=list(told.failed),
            given_up=list(told.given_up),
            success_rate=told.success_rate,
        ),
        backlog=_backlog(seen.backlog),
        destinations=[_recipient(one) for one in seen.destinations],
        connection_troubles=[
            ConnectionTroubleAnswer(
                user_id=one.user_id, provider=one.provider, reference_id=one.reference_id,
                detail=one.detail, at=one.at,
            )
            for one in seen.connection_troubles
        ],
        app_troubles=[
            AppTroubleAnswer(provider=one.provider, dev_id=one.dev_id, detail=one.detail)
            for one in seen.app_troubles
        ],
        developers=[
            LargestDeveloper(dev_id=dev_id, connections=number) for dev_id, number in seen.developers
        ],
    )  # fmt: skip


def _backlog(one: models.Backlog) -> BacklogAnswer:
    return BacklogAnswer(waiting=one.waiting, is_more=one.is_more, oldest=one.oldest)


def _recipient(one: models.Recipient) -> RecipientAnswer:
    destination = one.destination
    return RecipientAnswer(
        dev_id=destination.dev_id,
        destination_id=destination.id,
        url=destination.url,
        condition=one.condition,
        state_reason=destination.state_reason,
        failing_since=destination.failing_since,
        backlog=_backlog(one.backlog),
    )
