"""The gateway has itself told of all accounts, and mends what has come apart."""

import json
import traceback
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port
from tests.fakes.waiting import eventually
from tests.providers.google_health.vendor import CONTROL, Simulated, simulated
from wearable_gateway.errors import NoticeRefusedError, ProviderError, ProviderRejectedError
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.google_health import PROVIDER
from wearable_gateway.simulators.google_health.signing import Credentials


class Door:
    """Where the vendor knocks: it is answered with the provider's own judgement."""

    def __init__(self, app: AppAccess, url: str) -> None:
        self.app = app
        self.url = url
        self.taken: list[bytes] = []

    async def has_taken(self) -> bool:
        return bool(self.taken)

    async def take(self, request: Request) -> Response:
        came = NoticeRequest(dict(request.headers), await request.body(), datetime.now(UTC))
        try:
            answer = PROVIDER.answer(came, self.app)
            if answer is not None:
                return Response(status_code=answer.status)
            PROVIDER.verify(came, self.app)
        except NoticeRefusedError:
            return Response(status_code=401)
        self.taken.append(came.body)
        return Response(status_code=204)


@pytest.fixture
async def vendor() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


@pytest.fixture
async def door(vendor: Simulated) -> AsyncIterator[Door]:
    port = free_port()
    made = Door(vendor.app, f"http://127.0.0.1:{port}/notices")
    async with serving(Starlette(routes=[Route("/{path}", made.take, methods=["POST"])]), port):
        yield made


async def subscribe(vendor: Simulated, door: Door, **kept: str) -> Mapping[str, str]:
    """As the worker does: what is returned is kept with the app."""
    door.app = replace(door.app, extra={**door.app.extra, **kept})
    added = await PROVIDER.subscribe_app(vendor.http, door.app, door.url)
    door.app = replace(door.app, extra={**door.app.extra, **added})
    return added


async def test_a_subscriber_is_made_once_and_left_alone(vendor: Simulated, door: Door) -> None:
    first = await subscribe(vendor, door)
    second = await subscribe(vendor, door)

    (made,) = vendor.simulator.subscribers.all.values()
    assert first["subscriber"] == made["name"]
    assert second["subscriber"] == made["name"]
    assert made["endpointUri"] == door.url
    assert made["subscriberConfigs"][0]["subscriptionCreatePolicy"] == "AUTOMATIC"
    assert not [call for call in vendor.simulator.frame.calls if call.startswith("PATCH")]


@pytest.mark.parametrize("state", ["UNVERIFIED", "INACTIVE"])
async def test_a_subscriber_that_has_fallen_silent_is_woken(
    vendor: Simulated, door: Door, state: str
) -> None:
    await subscribe(vendor, door)
    (made,) = vendor.simulator.subscribers.all.values()
    made["state"] = state
    await subscribe(vendor, door)
    (woken,) = vendor.simulator.subscribers.all.values()
    assert (woken["name"], woken["state"]) == (made["name"], "ACTIVE")


async def test_a_subscriber_that_points_elsewhere_is_moved(vendor: Simulated, door: Door) -> None:
    await subscribe(vendor, door)
    door.url += "2"

    await subscribe(vendor, door)

    (moved,) = vendor.simulator.subscribers.all.values()
    assert moved["endpointUri"] == door.url


async def test_a_new_secret_is_told(vendor: Simulated, door: Door) -> None:
    await subscribe(vendor, door)
    door.app = replace(door.app, notice_secret="another")

    await subscribe(vendor, door)

    (told,) = vendor.simulator.subscribers.all.values()
    assert told["endpointAuthorization"]["secret"] == "Bearer another"


async def test_one_that_was_deleted_is_made_anew(vendor: Simulated, door: Door) -> None:
    await subscribe(vendor, door)
    vendor.simulator.subscribers.all.clear()

    await subscribe(vendor, door)

    assert len(vendor.simulator.subscribers.all) == 1


async def test_one_of_our_address_is_adopted_when_its_name_was_not_told(
    vendor: Simulated, door: Door
) -> None:
    await subscribe(vendor, door)

    await subscribe(vendor, door, subscriber="")

    assert len(vendor.simulator.subscribers.all) == 1


async def test_without_a_service_account_nothing_is_asked(vendor: Simulated, door: Door) -> None:
    door.app = replace(door.app, extra={})

    assert await subscribe(vendor, door) == {}
    assert not vendor.simulator.frame.calls


@pytest.mark.parametrize(
    "account", ["no json", "{}", '{"client_email":"a","private_key":"no key","project_id":"p"}']
)
async def test_a_service_account_that_is_none_says_so(vendor: Simulated, door: Door, account: str) -> None:
    with pytest.raises(ProviderRejectedError):
        await subscribe(vendor, door, service_account=account)


async def test_a_service_account_that_the_vendor_does_not_know_is_given_no_token(
    vendor: Simulated, door: Door
) -> None:
    with pytest.raises(ProviderError):
        await subscribe(vendor, door, **dict(Credentials()))


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_an_address_that_lets_everybody_in_or_nobody_is_not_subscribed(
    vendor: Simulated, door: Door, status: int
) -> None:
    async def careless(_request: Request) -> Response:
        return Response(status_code=status)

    port = free_port()
    async with serving(Starlette(routes=[Route("/", careless, methods=["POST"])]), port):
        door.url = f"http://127.0.0.1:{port}/"
        with pytest.raises(ProviderError):
            await subscribe(vendor, door)
    assert not vendor.simulator.subscribers.all


async def test_keys_that_are_not_to_be_had_do_not_stand_in_the_way(vendor: Simulated, door: Door) -> None:
    failing = {"path": "/googlehealthapi", "status": 503, "times": 1}
    control = {"authorization": f"Bearer {CONTROL}"}
    await vendor.http.post("/control/fail", json=failing, headers=control)

    added = await subscribe(vendor, door, keyset="known before")

    assert "keyset" not in added
    assert door.app.extra["keyset"] == "known before"


async def test_what_is_sent_then_is_an_array_signed_with_a_key_that_is_known(
    vendor: Simulated, door: Door
) -> None:
    await subscribe(vendor, door)
    await vendor.consent("ann")

    await push(vendor, "ann")
    await eventually(door.has_taken)

    (envelope, *_) = json.loads(door.taken[0])
    assert envelope["data"]["healthUserId"] == vendor.simulator.person("ann").id
    assert door.app.extra["keyset"]
    headers = vendor.simulator.sender.sent[-1].sent_headers
    altered = NoticeRequest(
        {name.lower(): value for name, value in headers.items()}, b"[]", datetime.now(UTC)
    )
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(altered, door.app)


async def test_a_notice_that_is_refused_comes_again(vendor: Simulated, door: Door) -> None:
    await subscribe(vendor, door)
    await vendor.consent("ann")
    known, door.app = door.app, replace(door.app, notice_secret="forgotten")

    await push(vendor, "ann")

    async def was_refused() -> bool:
        return vendor.simulator.sender.sent[-1].status == httpx.codes.UNAUTHORIZED

    await eventually(was_refused)
    door.app = known

    await eventually(door.has_taken)


async def push(vendor: Simulated, account: str) -> None:
    answer = await vendor.http.post(
        "/control/push",
        json={"account": account, "kind": "daily"},
        headers={"authorization": f"Bearer {CONTROL}"},
    )
    assert answer.status_code == 200


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, password: bytes | None = None) -> str:
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden).decode()


@pytest.mark.parametrize(
    "key",
    [
        "none",
        "",
        _pem(ec.generate_private_key(ec.SECP256R1())),
        _pem(rsa.generate_private_key(65537, 2048), b"password"),
    ],
    ids=["none", "empty", "elliptic", "encrypted"],
)
async def test_a_key_that_cannot_sign_is_said_to_be_none(key: str) -> None:
    account = {"client_email": "a@b", "private_key": key, "project_id": "p"}
    app = AppAccess(
        "c",
        "s",
        "n",
        {"keys": "http://k.test", "token": "http://t.test"},
        {"service_account": json.dumps(account)},
    )
    async with httpx.AsyncClient(
        base_url="http://v.test", transport=httpx.MockTransport(lambda _: httpx.Response(404))
    ) as client:
        with pytest.raises(ProviderRejectedError, match="private key"):
            await PROVIDER.subscribe_app(client, app, "https://gateway.test/notices")


async def test_a_key_file_that_cannot_be_read_is_not_quoted() -> None:
    app = AppAccess(
        "c", "s", "n", {"keys": "http://k.test"}, {"service_account": json.dumps({"private_key": "SECRET"})}
    )
    async with httpx.AsyncClient(
        base_url="http://v.test", transport=httpx.MockTransport(lambda _: httpx.Response(404))
    ) as client:
        with pytest.raises(ProviderRejectedError) as raised:
            await PROVIDER.subscribe_app(client, app, "https://gateway.test/notices")
    assert "SECRET" not in "".join(traceback.format_exception(raised.value))
