"""/admin/v1: what an operator's programs do to developers and what is theirs, with an admin token."""

from fastapi import APIRouter

from wearable_gateway.web.admin import (
    accounts,
    audit,
    developers,
    keys,
    logos,
    overview,
    records,
    settings,
    tokens,
)

router = APIRouter(prefix="/admin/v1", tags=["admin"])
for _part in (
    developers.router,
    settings.router,
    logos.router,
    keys.router,
    records.router,
    overview.router,
    accounts.router,
    audit.router,
    tokens.router,
):
    router.include_router(_part)
