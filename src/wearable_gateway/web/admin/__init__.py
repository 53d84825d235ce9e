"""/admin/v1: what an operator's programs do to developers and their settings, with an admin token."""

from fastapi import APIRouter

from wearable_gateway.web.admin import developers, logos, settings, tokens

router = APIRouter(prefix="/admin/v1", tags=["admin"])
for _part in (
    developers.router,
    settings.router,
    logos.router,
    tokens.router,
):
    router.include_router(_part)
