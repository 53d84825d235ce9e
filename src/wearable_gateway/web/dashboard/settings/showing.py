"""The settings page: as things are, or with what was typed where it could not be saved."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Response

from wearable_gateway.developers.branding import branding_of
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.settings_repository import describe
from wearable_gateway.web.connect.brand import logo_path
from wearable_gateway.web.dashboard.deps import Workplace
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.dashboard.settings import forms
from wearable_gateway.web.dashboard.settings.controls import GROUPS
from wearable_gateway.web.dashboard.settings.forms import Submitted
from wearable_gateway.web.deps import Services


async def settings_page(
    svc: Services,
    here: Workplace,
    submitted: Submitted | None = None,
    *,
    color: str | None = None,
    branding_problems: Mapping[str, str] | None = None,
    saved: str = "",
) -> Response:
    """`color` is what was typed instead of the one there is."""
    developer = await find_developer(svc.db.autocommit, here.dev_id)
    settings = describe(developer.settings)
    look = await branding_of(svc.db.autocommit, developer)
    failed = submitted is not None or bool(branding_problems)
    return framed(
        "settings.html",
        here,
        "settings",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK,
        saved=saved,
        groups=GROUPS,
        stored={setting.name: setting for setting in settings},
        was={**forms.was(settings), **(submitted.was if submitted else {})},
        typed={**forms.shown(settings), **(submitted.typed if submitted else {})},
        name=submitted.name if submitted else developer.name,
        name_problem=submitted.name_problem if submitted else None,
        failed=submitted is not None,
        logo=logo_path(developer.dev_id, look.logo) if look.logo else None,
        brand_color=look.color,
        typed_color=(look.color or "") if color is None else color,
        branding_problems=branding_problems or {},
    )
