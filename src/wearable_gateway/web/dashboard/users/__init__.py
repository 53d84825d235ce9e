"""Tools > Debug > Users: a developer's connections, everything about one, and what is done to many."""

from wearable_gateway.web.dashboard.users import bulk, details, forget, listing, selected

routes = [
    *listing.router.routes,
    *selected.router.routes,
    *bulk.router.routes,
    *forget.router.routes,
    # Last: `/{user_id}` would match the others' addresses too.
    *details.router.routes,
]
