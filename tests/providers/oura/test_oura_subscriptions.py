"""The vendor is told to tell us: over real HTTP, since it calls back while it is asked."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port
from tests.fakes.waiting import eventually
from tests.providers.oura.accounts import APP, URL, simulated
from wearable_gateway.errors import NoticeRefusedError, ProviderError, ProviderRejectedError
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.oura import PROVIDER
from wearable_gateway.providers.oura.subscriptions import WANTED
from wearable_gateway.simulators.oura import Oura

_PATH = "/v2/webhook/subscription"


class Ours:
    """The gateway's address for notices, with the connector behind it and nothing else."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}/notices"
        self.status = 200
        self.keys: list[str] = []

    async def receive(self, request: Request) -> Response:
        came = NoticeRequest(
            dict(request.headers),
            await request.body(),
            datetime.now(UTC),
            request.method,
            dict(request.query_params),
        )
        try:
            answer = PROVIDER.answer(came, APP)
            if answer is not None:
                return JSONResponse(answer.body, answer.status)
            PROVIDER.verify(came, APP)
        except NoticeRefusedError:
            return Response(status_code=401)
        self.keys += [notice.key for notice in PROVIDER.notices(came.body)]
        return Response(status_code=self.status)


@pytest.fixture
async def ours() -> AsyncIterator[Ours]:
    made = Ours()
    app = Starlette(routes=[Route("/notices", made.receive, methods=["GET", "POST"])])
    async with serving(app, int(made.url.rpartition(":")[2].partition("/")[0])):
        yield made


@asynccontextmanager
async def desk(vendor: Oura) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token, while the vendor sends its notices."""
    app = vendor.app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        yield client


def kept(vendor: Oura) -> list[dict[str, str]]:
    return list(vendor.book.more.get("subscriptions", {}).values())


def writes(vendor: Oura) -> dict[str, int]:
    return {call: number for call, number in vendor.frame.calls.items() if not call.startswith("GET")}


async def test_everything_we_want_is_subscribed_to_and_that_once(ours: Ours) -> None:
    vendor = simulated(time.time)
    async with desk(vendor) as client:
        for _ in range(2):
            await PROVIDER.subscribe_app(client, APP, ours.url)
    assert {(one["event_type"], one["data_type"]) for one in kept(vendor)} == set(WANTED)
    assert {one["callback_url"] for one in kept(vendor)} == {ours.url}
    assert writes(vendor) == {f"POST {_PATH}": len(WANTED)}


async def test_what_points_elsewhere_is_moved_and_what_ends_soon_renewed(ours: Ours) -> None:
    vendor = simulated(time.time)
    async with desk(vendor) as client:
        await PROVIDER.subscribe_app(client, APP, ours.url)
        first, second, third, *_ = kept(vendor)
        first["callback_url"] = "https://before.example/notices"
        second["expiration_time"] = "2020-01-01T00:00:00"
        third["expiration_time"] = "soon"
        await PROVIDER.subscribe_app(client, APP, ours.url)
    assert first["callback_url"] == ours.url
    assert min(second["expiration_time"], third["expiration_time"]) > "2026-12"
    assert writes(vendor) == {
        f"POST {_PATH}": len(WANTED),
        f"PUT {_PATH}/{{id}}": 1,
        f"PUT {_PATH}/renew/{{id}}": 2,
    }


@pytest.mark.parametrize("gone", [403, 404])
async def test_one_that_is_gone_before_it_is_renewed_is_made_anew(ours: Ours, gone: int) -> None:
    listed = [
        {"id": "gone", "event_type": "create", "data_type": "sleep", "callback_url": ours.url},
        {"id": "no more than an id"},
    ]
    made: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=listed)
        if request.method == "PUT":
            return httpx.Response(gone)
        made.append(request.content)
        return httpx.Response(409 if len(made) == 1 else 201, json={})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=URL) as client:
        await PROVIDER.subscribe_app(client, APP, ours.url)
    assert len(made) == len(WANTED)
    assert {orjson.loads(body)["verification_token"] for body in made} == {APP.notice_secret}


async def test_one_that_is_not_taken_does_not_cost_the_others(ours: Ours) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=[])
        asked.append(orjson.loads(request.content)["data_type"])
        return httpx.Response(422 if asked[-1] == "daily_activity" else 201, json={})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=URL) as client:
        with pytest.raises(ProviderRejectedError):
            await PROVIDER.subscribe_app(client, APP, ours.url)
    assert len(asked) == len(WANTED)


@pytest.mark.parametrize(
    ("app", "url"),
    [
        (AppAccess(APP.client_id, "another secret", APP.notice_secret, {}), None),
        (AppAccess(APP.client_id, APP.client_secret, "not what we answer to", {}), None),
        (APP, "http://127.0.0.1:1/nobody"),
    ],
)
async def test_who_is_not_known_or_does_not_answer_gets_no_subscription(
    ours: Ours, app: AppAccess, url: str | None
) -> None:
    vendor = simulated(time.time)
    async with desk(vendor) as client:
        with pytest.raises(ProviderError):
            await PROVIDER.subscribe_app(client, app, url or ours.url)
    assert kept(vendor) == []


@pytest.mark.parametrize(
    ("status", "attempts", "left"),
    [(200, 1, True), (302, 1, True), (500, 3, True), (404, 3, True), (410, 1, False)],
)
async def test_how_the_vendor_takes_our_answers(ours: Ours, status: int, attempts: int, left: bool) -> None:
    vendor = simulated(time.time, retry_schedule=(0, 0))
    person = vendor.person("ann")
    vendor.consent(person, vendor.scopes)
    async with desk(vendor) as client, sending(vendor):
        await PROVIDER.subscribe_app(client, APP, ours.url)
        ours.status = status
        person.revise("sleep", vendor.today())
        await vendor.changed(person, "sleep", vendor.today())
        await eventually(lambda: _as_expected(vendor, status, attempts, subscribed=left))


async def test_nothing_is_told_of_who_took_their_consent_back(ours: Ours) -> None:
    """The vendor says nothing of the revocation itself, either."""
    vendor = simulated(time.time)
    person = vendor.person("ann")
    vendor.consent(person, vendor.scopes)
    async with desk(vendor) as client:
        await PROVIDER.subscribe_app(client, APP, ours.url)
        vendor.withdraw(person)
        await vendor.withdrawn(person)
        await vendor.changed(person, "daily", vendor.today())
    assert not vendor.sender.sent


async def _as_expected(vendor: Oura, status: int, attempts: int, *, subscribed: bool) -> bool:
    (sent,) = vendor.sender.sent
    told = {(one["event_type"], one["data_type"]) for one in kept(vendor)}
    return (sent.status, sent.attempts, ("create", "sleep") in told) == (status, attempts, subscribed)


@asynccontextmanager
async def sending(vendor: Oura) -> AsyncIterator[None]:
    task = asyncio.create_task(vendor.sender.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
