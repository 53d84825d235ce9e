"""/admin/v1: what an operator's programs do to developers and wearable accounts, with an admin token."""

from fastapi import APIRouter

from wearable_gateway.web.admin import accounts, audit, developers, keys, records, settings

router = APIRouter(prefix="/admin/v1", tags=["admin"])
router.include_router(developers.router)
router.include_router(settings.router)
router.include_router(keys.router)
router.include_router(audit.router)
router.include_router(records.router)
router.include_router(accounts.router)
