"""`Idempotency-Key` on what changes something under /admin/v1; every other request passes by untouched."""

import hashlib

from fastapi import HTTPException, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearable_gateway.db.session import with_every_transaction
from wearable_gateway.developers import idempotency
from wearable_gateway.developers.idempotency import Answer, Claim
from wearable_gateway.errors import GatewayError
from wearable_gateway.web.admin.scopes import PREFIX
from wearable_gateway.web.deps import Services
from wearable_gateway.web.errors import on_gateway_error, on_http_error

HEADER = "idempotency-key"
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_KEPT_HEADERS = {"content-type", "location"}


class Idempotency:
    """Pure ASGI, around the routes: it works alike for those that operators share with developers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] not in _CHANGING
            or not scope["path"].startswith(PREFIX)
            or HEADER not in (request := Request(scope, receive)).headers
        ):
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(request)
        except GatewayError as error:
            answer = on_gateway_error(request, error)
        except HTTPException as error:
            answer = on_http_error(request, error)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        svc: Services = request.app.state.services
        body = await request.body()
        claim = _claim(svc, request, body)
        before = await idempotency.claim(svc.db.autocommit, svc.keyring, claim, now=svc.clock())
        if before is not None:
            return _response(before, **{"idempotency-replayed": "true"})
        try:
            with with_every_transaction(lambda session: idempotency.mark_done(session, claim)):
                answer = await self._carry_out(request, body)
        except BaseException:
            await idempotency.give_back(svc.db.autocommit, claim)
            raise
        # A refusal changed nothing, and sent again it may well be taken; one that did change something stands.
        refused = answer.status >= 300  # noqa: PLR2004 - none of our answers here is a redirect
        if not (refused and await idempotency.give_back(svc.db.autocommit, claim)):
            await idempotency.keep(svc.db.autocommit, svc.keyring, claim, answer)
        return _response(answer)

    async def _carry_out(self, request: Request, body: bytes) -> Answer:
        started: Message = {"status": 500, "headers": []}
        parts: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(request.scope, receive, send)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in started["headers"]
        )
        return Answer(started["status"], headers, b"".join(parts))


def _claim(svc: Services, request: Request, body: bytes) -> Claim:
    """A key belongs to who sends it, and to what it is sent to: elsewhere it is another key."""
    key = idempotency.check_key(request.headers[HEADER])
    owner = "\n".join((request.headers.get("authorization", ""), request.method, request.url.path, key))
    asked = "\n".join((request.url.query, request.headers.get("content-type", "")))
    return Claim(
        key_hash=svc.hasher.hash(owner, label="idempotency-key"),
        fingerprint=hashlib.sha256(asked.encode() + b"\n" + body).digest(),
    )


def _response(answer: Answer, **more: str) -> Response:
    headers = {name: value for name, value in answer.headers if not more or name in _KEPT_HEADERS}
    headers.pop("content-length", None)
    return Response(answer.body, answer.status, headers={**headers, **more})
