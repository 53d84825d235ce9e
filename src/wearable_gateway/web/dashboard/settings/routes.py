"""The settings page: shown, saved, and shown again with what was typed where something cannot be saved."""

from http import HTTPStatus

from fastapi import Request, Response

from wearable_gateway.developers import developer_changes
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.settings_repository import change_settings, describe
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Managing, Workplace
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.settings import forms
from wearable_gateway.web.dashboard.settings.controls import GROUPS
from wearable_gateway.web.dashboard.settings.forms import Submitted
from wearable_gateway.web.deps import Services, Svc

router = section("/{dev_id}/settings")


@router.get("")
async def show_settings(svc: Svc, here: Here, saved: str = "") -> Response:
    return await _page(svc, here, saved=bool(saved))


@router.post("")
async def save_settings(request: Request, svc: Svc, here: Managing) -> Response:
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    submitted = forms.read(form, limits_too=here.manages_gateway)
    if not submitted.is_fine:
        return await _page(svc, here, submitted, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    async with svc.db.transaction() as tx:
        await developer_changes.rename(tx, here.dev_id, submitted.name, actor=here.actor)
        await change_settings(
            tx, here.dev_id, submitted.chosen, submitted.reset,
            actor=here.actor, by_developer=not here.manages_gateway,
        )  # fmt: skip
    return go_to(f"{here.home}/settings?saved=1")


async def _page(
    svc: Services,
    here: Workplace,
    submitted: Submitted | None = None,
    *,
    status: int = HTTPStatus.OK,
    saved: bool = False,
) -> Response:
    developer = await find_developer(svc.db.autocommit, here.dev_id)
    settings = describe(developer.settings)
    return framed(
        "settings.html",
        here,
        "settings",
        status=status,
        saved=saved,
        groups=GROUPS,
        stored={setting.name: setting for setting in settings},
        was={**forms.was(settings), **(submitted.was if submitted else {})},
        typed={**forms.shown(settings), **(submitted.typed if submitted else {})},
        name=submitted.name if submitted else developer.name,
        name_problem=submitted.name_problem if submitted else None,
        failed=submitted is not None,
    )
