"""Tools > Debug > Users: a developer's connections, everything about one, and what is done to many."""

from fastapi import APIRouter

from wearable_gateway.web.dashboard.users import bulk, details, forget, listing, selected

router = APIRouter()
router.include_router(listing.router)
router.include_router(selected.router)
router.include_router(bulk.router)
router.include_router(forget.router)
# Last: `/{user_id}` would match the others' addresses too.
router.include_router(details.router)
