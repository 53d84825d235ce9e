"""Terra's surface: /v2 and /api/v2, one file per noun."""

from fastapi import APIRouter

from wearable_gateway.web.api import authentication, data, data_requests, integrations, users, writes

router = APIRouter()
for _part in (
    authentication.direct_router,
    authentication.router,
    users.direct_router,
    users.router,
    data.router,
    writes.router,
    data_requests.router,
    integrations.router,
):
    router.include_router(_part)

direct_routers = (authentication.direct_router, users.direct_router)
widget_router = authentication.widget_router
