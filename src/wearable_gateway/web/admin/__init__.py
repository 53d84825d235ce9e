"""/admin/v1: what an operator's programs do to developers and what is theirs, with an admin token."""

from wearable_gateway.web.admin import (
    accounts,
    audit,
    bulk_jobs,
    developers,
    keys,
    logos,
    overview,
    providers,
    records,
    settings,
    tokens,
    users,
)

routes = [
    *developers.router.routes,
    *settings.router.routes,
    *providers.router.routes,
    *logos.router.routes,
    *keys.router.routes,
    *records.router.routes,
    *overview.router.routes,
    *accounts.router.routes,
    *audit.router.routes,
    *tokens.router.routes,
    *users.router.routes,
    *bulk_jobs.router.routes,
]
