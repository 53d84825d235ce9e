"""The settings page: shown, saved, and shown again with what was typed where something cannot be saved."""

from fastapi import Request, Response

from wearable_gateway.developers import developer_changes
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Managing
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.dashboard.settings import branding, forms
from wearable_gateway.web.dashboard.settings.showing import settings_page
from wearable_gateway.web.deps import Svc

router = section("/{dev_id}/settings")


@router.get("")
async def show_settings(svc: Svc, here: Here, saved: str = "") -> Response:
    return await settings_page(svc, here, saved=saved)


@router.post("")
async def save_settings(request: Request, svc: Svc, here: Managing) -> Response:
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    submitted = forms.read(form, limits_too=here.manages_gateway)
    if not submitted.is_fine:
        return await settings_page(svc, here, submitted)
    async with svc.db.transaction() as tx:
        await developer_changes.rename(tx, here.dev_id, submitted.name, actor=here.actor)
        await change_settings(
            tx, here.dev_id, submitted.chosen, submitted.reset,
            actor=here.actor, by_developer=not here.manages_gateway,
        )  # fmt: skip
    return go_to(f"{here.home}/settings?saved=1")


routes = [*router.routes, *branding.router.routes]
