"""Terra's surface, /v2: one file per noun."""

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
from wearable_gateway.web.destinations import routes as destinations

routes = [
    *authentication.direct_router.routes,
    *authentication.router.routes,
    *authentication.widget_router.routes,
    *users.direct_router.routes,
    *users.router.routes,
    *data.router.routes,
    *writes.router.routes,
    *data_requests.router.routes,
    *integrations.router.routes,
]
direct_routers = (authentication.direct_router, users.direct_router)
shared_routers = (destinations.router, events.router, deliveries.router, feed.router, recoveries.router)
"""What developers do below `/v2`, and operators for them below `/admin/v1/developers/{dev_id}`.

`/events/log` before `/events/{event_id}`.
"""
