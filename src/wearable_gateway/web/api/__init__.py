"""Terra's surface: /v2 and /api/v2, one file per noun."""

from fastapi import APIRouter

from wearable_gateway.web.api import (
    authentication,
    data,
    data_requests,
    deliveries,
    events,
    feed,
    integrations,
    recoveries,
    users,
    writes,
)
from wearable_gateway.web.callers import AsDeveloper
from wearable_gateway.web.destinations import routes as destinations

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

# Also below /admin/v1/developers/{dev_id}, for operators.
# `/events/log` before `/events/{event_id}`.
shared_routers = (destinations.router, events.router, deliveries.router, feed.router, recoveries.router)
for _part in shared_routers:
    router.include_router(_part, dependencies=[AsDeveloper])

direct_routers = (authentication.direct_router, users.direct_router)
widget_router = authentication.widget_router
