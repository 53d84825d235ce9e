"""The simulated vendor as one ASGI app."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearable_gateway.sandbox import account_pages, api, consent, control, sign_in, token_endpoints, writes
from wearable_gateway.sandbox.config import Clock, VendorConfig
from wearable_gateway.sandbox.kinds import READ_BY_DAY
from wearable_gateway.sandbox.looks import FOLDER
from wearable_gateway.sandbox.rejections import RequestError, answer_http_exception, answer_request_error
from wearable_gateway.sandbox.store import Store
from wearable_gateway.sandbox.vendor import build_vendor


def create_vendor(config: VendorConfig, *, clock: Clock = time.time) -> Starlette:
    vendor = build_vendor(config, clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sending = asyncio.create_task(vendor.sender.run())
        yield
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        await vendor.store.saved()
        vendor.store.close()

    app = Starlette(
        routes=[*_for_people(), *_for_clients(), *_for_tests()],
        middleware=[Middleware(AnswersWhenSaved, store=vendor.store)],
        exception_handlers={RequestError: answer_request_error, HTTPException: answer_http_exception},
        lifespan=lifespan,
    )
    app.state.vendor = vendor
    return app


class AnswersWhenSaved:
    """Holds back every answer until the state it speaks of is on disk."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_when_saved(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._store.saved()
            await send(message)

        await self._app(scope, receive, send_when_saved)


def _for_people() -> list[Route | Mount]:
    return [
        Route("/", account_pages.show_home),
        Route("/account", account_pages.show_account),
        Route("/account/sign-in", sign_in.sign_in, methods=["POST"]),
        Route("/account/sign-out", sign_in.sign_out, methods=["POST"]),
        Route("/account/revoke", account_pages.revoke_app, methods=["POST"]),
        Route("/account/scopes", account_pages.change_app_scopes, methods=["POST"]),
        Route("/account/sync", account_pages.sync_today, methods=["POST"]),
        Route("/oauth/authorize", consent.ask_consent),
        Route("/oauth/authorize", consent.answer_consent, methods=["POST"]),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]


def _for_clients() -> list[Route]:
    return [
        Route("/oauth/token", token_endpoints.exchange_token, methods=["POST"]),
        Route("/oauth/revoke", token_endpoints.revoke_token, methods=["POST"]),
        Route("/v1/me", api.show_me),
        Route("/v1/profile", api.show_profile),
        *(Route(f"/v1/{kind.name}", api.show_items(kind)) for kind in READ_BY_DAY),
        *(_adding(writable) for writable in writes.WRITABLE),
        *(_removing(writable) for writable in writes.WRITABLE if writable.removable),
    ]


def _adding(writable: writes.Writable) -> Route:
    return Route(f"/v1/{writable.kind.name}", writes.add_item(writable), methods=["POST"])


def _removing(writable: writes.Writable) -> Route:
    return Route(f"/v1/{writable.kind.name}/{{id}}", writes.delete_item(writable), methods=["DELETE"])


def _for_tests() -> list[Route]:
    return [
        Route("/control/push", control.push, methods=["POST"]),
        Route("/control/revoke", control.revoke, methods=["POST"]),
        Route("/control/scopes", control.change_scopes, methods=["POST"]),
        Route("/control/fail", control.plan_failure, methods=["POST"]),
        Route("/control/switch", control.switch, methods=["POST"]),
        Route("/control/counters", control.count),
        Route("/control/resend", control.resend, methods=["POST"]),
        Route("/control/ping", control.ping, methods=["POST"]),
    ]
