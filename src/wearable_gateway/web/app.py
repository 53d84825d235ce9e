"""The application: its services, and the one list of everything it answers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from wearable_gateway import __version__
from wearable_gateway.connect.callback import Callback
from wearable_gateway.connections.access import Vendors
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries.afterwards.kept_events import KEPT_FOR
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.sign_on import SignOnConfig, SignOnService
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.web import admin, api, errors, health, notices
from wearable_gateway.web.admin import people, provider_apps
from wearable_gateway.web.admin.idempotency import Idempotency
from wearable_gateway.web.callers import AsAdmin, AsDeveloper
from wearable_gateway.web.connect import brand, disconnecting
from wearable_gateway.web.connect import routes as connect
from wearable_gateway.web.dashboard import routes as dashboard
from wearable_gateway.web.dashboard.kept_forms import LARGEST_FORM
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services
from wearable_gateway.web.direct import shortcuts
from wearable_gateway.web.middleware import RequestFrame
from wearable_gateway.web.openapi.application import Application
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import operation_id

_LARGEST_BODY = 2 * 1024 * 1024


def _largest_body(path: str) -> int:
    if path.startswith(HOME):
        return LARGEST_FORM
    return notices.largest_notice(path) or _LARGEST_BODY


@dataclass(frozen=True, slots=True)
class AppConfig:
    """What the application needs to know; the command line reads it from the settings."""

    database_url: str
    public_url: str
    keyring: Keyring
    hasher: KeyHasher
    policy: AddressPolicy
    events_kept_for: timedelta = KEPT_FOR
    pool_size: int = 16
    sign_on: SignOnConfig | None = None
    clock: Clock = field(default=utc_now)


def _sign_on(config: AppConfig) -> SignOnService | None:
    if config.sign_on is None:
        return None
    from wearable_gateway.developers.single_sign_on import SingleSignOn  # noqa: PLC0415 - carried where there is one

    return SingleSignOn(config.sign_on, config.public_url, config.clock)


def make_services(config: AppConfig, db: Database) -> Services:
    vendors = Vendors(db, config.keyring, config.clock)
    return Services(
        db=db,
        keyring=config.keyring,
        hasher=config.hasher,
        vendors=vendors,
        callback=Callback(db, vendors, config.public_url, config.clock),
        policy=config.policy,
        public_url=config.public_url,
        events_kept_for=config.events_kept_for,
        clock=config.clock,
        sign_on=_sign_on(config),
    )


def create_app(config: AppConfig) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_database(config.database_url, size=config.pool_size) as db:
            app.state.services = make_services(config, db)
            yield

    app = Application(
        public_url=config.public_url,
        title="wearable-gateway",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        # A field is limited by the body it comes in.
        form_limits={"max_part_size": LARGEST_FORM},
    )
    app.add_middleware(Idempotency)
    app.add_middleware(RequestFrame, largest_body=_largest_body, on_crash=errors.on_unexpected)
    errors.register(app)
    app.router.routes.extend(_routes())
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Once per process: they know no configuration. The order is that in which they are tried."""
    return [
        *(route for direct in (notices.direct_router, *api.direct_routers) for route in shortcuts(direct)),
        # /v2/…: developers' backends
        *api.routes,
        # /notices/{provider}/{app}: vendors
        *notices.direct_router.routes,
        *notices.router.routes,
        # /connect/…, /widget/session/…: end users
        *connect.router.routes,
        *disconnecting.router.routes,
        *brand.router.routes,
        # /dashboard/…: operators
        *dashboard.routes,
        # /admin/v1/…: operators' programs
        *admin.routes,
        *_in_two_places().routes,
        # /healthz: whoever restarts us
        *health.router.routes,
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static"),
    ]


def _in_two_places() -> APIRouter:
    """What is written once, and served with different rights at two addresses."""
    root = APIRouter(strict_content_type=False, generate_unique_id_function=operation_id)
    of_developer = "/admin/v1/developers/{dev_id}"
    # What developers may do under /v2, operators may do for them.
    for shared in api.shared_routers:
        root.include_router(shared, prefix="/v2", dependencies=[AsDeveloper])
    for shared in api.shared_routers:
        root.include_router(
            shared, prefix=of_developer, tags=["admin"], dependencies=[AsAdmin], responses=refusals(404)
        )
    # The gateway's own, and the same of each developer.
    for router, of_gateway, of_one in (
        (provider_apps.router, provider_apps.SharedApps, provider_apps.AppsOfDeveloper),
        (people.router, people.OfGateway, people.OfDeveloper),
    ):
        root.include_router(router, prefix="/admin/v1", tags=["admin"], dependencies=[of_gateway])
        root.include_router(router, prefix=of_developer, tags=["admin", "admin"], dependencies=[of_one])
    return root
