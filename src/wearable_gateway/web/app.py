"""The application: its services, and the one list of everything it answers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute
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
from wearable_gateway.web.admin import bulk_jobs, people, provider_apps, users
from wearable_gateway.web.admin.idempotency import Idempotency
from wearable_gateway.web.callers import AsAdmin
from wearable_gateway.web.connect import brand, disconnecting
from wearable_gateway.web.connect import routes as connect
from wearable_gateway.web.dashboard import routes as dashboard
from wearable_gateway.web.dashboard.kept_forms import LARGEST_FORM
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services
from wearable_gateway.web.direct import shortcuts
from wearable_gateway.web.middleware import RequestFrame
from wearable_gateway.web.openapi.application import Application, operation_id
from wearable_gateway.web.refusals import refusals

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
    )
    app.add_middleware(Idempotency)
    app.add_middleware(RequestFrame, largest_body=_largest_body, on_crash=errors.on_unexpected)
    errors.register(app)
    app.router.routes.extend(_routes())
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Once per process: they know no configuration, and FastAPI reads every signature anew for each it includes."""
    root = APIRouter(strict_content_type=False, generate_unique_id_function=operation_id)
    root.routes.extend(shortcuts(notices.direct_router, ""))
    for direct in api.direct_routers:
        for prefix in ("/v2", "/api/v2"):
            root.routes.extend(shortcuts(direct, prefix))
    # /v2/… and /api/v2/…: developers' backends
    root.include_router(api.router, prefix="/v2")
    root.include_router(api.router, prefix="/api/v2", include_in_schema=False)
    # /api/widget/session and /widget/api/session
    root.include_router(api.widget_router)
    # /notices/{provider}/{app}: vendors
    root.include_router(notices.direct_router)
    root.include_router(notices.router)
    # /connect/…, /widget/session/…: end users
    root.include_router(connect.router)
    root.include_router(disconnecting.router)
    root.include_router(brand.router)
    # /dashboard/…: operators
    root.include_router(dashboard.router)
    # /admin/v1/…: operators' programs
    root.include_router(admin.router)
    # /admin/v1/provider-apps, and the same of each developer
    root.include_router(
        provider_apps.router, prefix="/admin/v1", tags=["admin"], dependencies=[provider_apps.SharedApps]
    )
    root.include_router(
        provider_apps.router,
        prefix="/admin/v1/developers/{dev_id}",
        tags=["admin", "admin"],
        dependencies=[provider_apps.AppsOfDeveloper],
    )
    # /admin/v1/operators and /invitations, and the same of each developer
    root.include_router(people.router, prefix="/admin/v1", tags=["admin"], dependencies=[people.OfGateway])
    root.include_router(
        people.router,
        prefix="/admin/v1/developers/{dev_id}",
        tags=["admin", "admin"],
        dependencies=[people.OfDeveloper],
    )
    # /admin/v1/developers/{dev_id}/users, …/bulk-jobs, …/erasures
    for of_developer in (users.router, bulk_jobs.router):
        root.include_router(of_developer, prefix="/admin/v1/developers/{dev_id}", tags=["admin"])
    # /admin/v1/developers/{dev_id}/…: what developers may do under /v2 as well
    for shared in api.shared_routers:
        root.include_router(
            shared,
            prefix="/admin/v1/developers/{dev_id}",
            tags=["admin"],
            dependencies=[AsAdmin],
            responses=refusals(404),
        )
    # /healthz: whoever restarts us
    root.include_router(health.router)
    root.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return root.routes
