"""Bringing a destination what it missed: what and from when, how much it is, how far it has come."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Form, Response

from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries.afterwards import recovery as recoveries
from wearable_gateway.deliveries.afterwards.recoveries import Only
from wearable_gateway.deliveries.afterwards.recovery import Estimate, Wanted
from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.errors import DisallowedError, InvalidInputError
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.destinations.showing import common, path_of
from wearable_gateway.web.dashboard.events.filters import minute
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id, read_moment

router = section("/{dev_id}/destinations/{destination_id}")

_CHOICES = {
    Only.UNDELIVERED: (
        "Everything missing",
        "given up, made while the destination was disabled, or due for another attempt later",
    ),
    Only.EXHAUSTED: ("Failed only", "given up after all their attempts"),
    Only.ALL: ("All again", "also what arrived; whoever drops repeats drops it"),
}
_USUAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """As it was typed; `until` empty: now."""

    since: str = ""
    until: str = ""
    only: str = Only.UNDELIVERED.value

    def wanted(self, destination_id: UUID) -> Wanted:
        """Raises InvalidInputError."""
        return Wanted(
            destination_id,
            since=read_moment(self.since, "since"),
            until=read_moment(self.until, "until") if self.until else None,
            only=Only(self.only) if self.only in set(Only) else Only.UNDELIVERED,
        )


def _asked_by_form(
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    only: Annotated[str, Form()] = Only.UNDELIVERED.value,
) -> Asked:
    return Asked(since, until, only)


def _asked_in_address(since: str = "", until: str = "", only: str = Only.UNDELIVERED.value) -> Asked:
    return Asked(since, until, only)


@router.get("/recover")
async def show_recoveries(
    svc: Svc,
    here: Here,
    destination_id: str,
    asked: Annotated[Asked, Depends(_asked_in_address)],
    count: str = "",
) -> Response:
    wanted = read_id(destination_id, "destination")
    if not count:
        return await _page(svc, here, wanted, asked if asked.since else None)
    try:
        counted = await recoveries.estimate(
            svc.db.autocommit,
            here.dev_id,
            asked.wanted(wanted),
            kept_for=svc.events_kept_for,
            now=svc.clock(),
        )
    except (InvalidInputError, DisallowedError) as error:
        return await _page(svc, here, wanted, asked, problem=error)
    return await _page(svc, here, wanted, asked, counted=counted)


@router.post("/recover")
async def recover(
    svc: Svc,
    here: Working,
    destination_id: str,
    asked: Annotated[Asked, Depends(_asked_by_form)],
    enable: Annotated[str, Form()] = "",
    count: Annotated[str, Form()] = "",
) -> Response:
    """`enable`: a disabled destination is enabled first, so that both take one click. `count`: only say how much it is."""
    wanted, now = read_id(destination_id, "destination"), svc.clock()
    if count:
        return go_to(f"{path_of(here, wanted)}/recover?{urlencode({**asdict(asked), 'count': '1'})}#recover")
    try:
        order = asked.wanted(wanted)
        if enable:
            await changes.enable(Change(svc.db, here.dev_id, here.actor, now), wanted)
        async with svc.db.transaction() as session:
            await recoveries.begin(
                session, here.dev_id, order, actor=here.actor, kept_for=svc.events_kept_for, now=now
            )
    except (InvalidInputError, DisallowedError) as error:
        return await _page(svc, here, wanted, asked, problem=error)
    return go_to(f"{path_of(here, wanted)}/recover#recoveries")


@router.post("/recoveries/{recovery_id}/cancel")
async def cancel(svc: Svc, here: Working, destination_id: str, recovery_id: str) -> Response:
    wanted = read_id(destination_id, "destination")
    async with svc.db.transaction() as session:
        await recoveries.cancel(
            session, here.dev_id, read_id(recovery_id, "recovery"), actor=here.actor, now=svc.clock()
        )
    return go_to(f"{path_of(here, wanted)}/recover#recoveries")


async def _page(
    svc: Services,
    here: Workplace,
    destination_id: UUID,
    asked: Asked | None,
    *,
    counted: Estimate | None = None,
    problem: InvalidInputError | DisallowedError | None = None,
) -> Response:
    shown = await common(svc, here, destination_id)
    field = problem.parameter if isinstance(problem, InvalidInputError) else ""
    told = problem.expected if isinstance(problem, InvalidInputError) else str(problem)
    usual = shown["missing_field"] or minute(svc.clock() - _USUAL)
    return framed(
        "destination_recover.html", here, "destinations",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        **shown, tab="recover", asked=asked or Asked(since=usual), counted=counted,
        problems={field: told} if problem else {}, choices=_CHOICES,
        running=any(one.finished_at is None for one in shown["recoveries"]),
    )  # fmt: skip
