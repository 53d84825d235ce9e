"""Terra's surface: /v2 and /api/v2, one file per noun."""

from fastapi import APIRouter

from wearable_gateway.web.api import authentication, data, data_requests, integrations, users, writes

router = APIRouter()
router.include_router(authentication.router)
router.include_router(users.router)
router.include_router(data.router)
router.include_router(writes.router)
router.include_router(data_requests.router)
router.include_router(integrations.router)

widget_router = authentication.widget_router
