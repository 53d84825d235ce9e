"""Giving a grant back, signed; and refresh tokens that outlive their rotation a little."""

import hashlib
import hmac
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.providers.withings.accounts import APP, TODAY, Vendor, answering, read

from wearable_gateway.errors import ProviderRefusedError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.reaching import Tokens
from wearable_gateway.providers.withings import PROVIDER
from wearable_gateway.providers.withings.signing import signed
from wearable_gateway.unified.records import DataType

TOKENS = Tokens("a", "r", None, ())


def test_a_signature_is_over_the_values_in_the_order_of_their_names() -> None:
    form = {"timestamp": "1700000000", "client_id": "c", "action": "getnonce", "userid": "363"}
    wanted = hmac.new(b"s", b"getnonce,c,1700000000", hashlib.sha256).hexdigest()
    assert signed(form, "s") == {**form, "signature": wanted}


async def test_a_grant_is_given_back_with_all_its_tokens() -> None:
    vendor = Vendor()
    access = vendor.access()
    await PROVIDER.revoke(access, TOKENS)
    assert vendor.simulator.person("ann").scopes is None
    vendor.tokens.made_anew = lambda: "none"
    with pytest.raises(ProviderRefusedError):
        await PROVIDER.probe(access)


async def test_a_grant_is_given_back_without_a_token_that_lives() -> None:
    vendor = Vendor()
    await PROVIDER.revoke(vendor.access(token="long-gone"), TOKENS)
    assert vendor.simulator.person("ann").scopes is None
    assert vendor.tokens.refreshes == 0


async def test_no_token_is_sent_where_the_app_signs() -> None:
    sent: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers)
        return httpx.Response(200, json={"status": 0, "body": {"nonce": "n"}})

    access, _ = answering({})
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://vendor.test", auth=("no", "token")
    ) as client:
        await PROVIDER.revoke(replace(access, client=client), TOKENS)
    assert len(sent) == 2
    assert not any("authorization" in headers for headers in sent)


async def test_a_grant_that_is_gone_already_is_rejected() -> None:
    vendor = Vendor()
    access = vendor.access()
    await PROVIDER.revoke(access, TOKENS)
    with pytest.raises(ProviderRejectedError):
        await PROVIDER.revoke(access, TOKENS)


async def test_a_wrong_secret_gives_nothing_back() -> None:
    vendor = Vendor()
    access = replace(vendor.access(), app=replace(APP, client_secret="another"))
    with pytest.raises(ProviderRejectedError):
        await PROVIDER.revoke(access, TOKENS)
    assert vendor.simulator.person("ann").scopes


@pytest.mark.parametrize("nonce", [None, 5, ["n"]])
async def test_without_a_nonce_nothing_is_revoked(nonce: Any) -> None:
    access, forms = answering({"status": 0, "body": {"nonce": nonce}})
    with pytest.raises(ProviderUnavailableError):
        await PROVIDER.revoke(access, TOKENS)
    assert [form["action"] for form in forms] == ["getnonce"]


async def refreshed(vendor: Vendor, refresh: str) -> dict[str, Any]:
    form = {
        "action": "requesttoken",
        "grant_type": "refresh_token",
        "client_id": APP.client_id,
        "client_secret": APP.client_secret,
        "refresh_token": refresh,
    }
    async with httpx.AsyncClient(transport=vendor.transport, base_url="http://vendor.test") as client:
        found: dict[str, Any] = dict(
            PROVIDER.token_answer(200, (await client.post("/v2/oauth2", data=form)).json())
        )
    return found


async def test_a_rotated_refresh_token_lives_until_the_new_token_is_used() -> None:
    vendor = Vendor()
    access = vendor.access()
    old = vendor.simulator.book.tokens[vendor.tokens.access].refresh or ""
    first = await refreshed(vendor, old)
    again = await refreshed(vendor, old)
    assert again["access_token"] != first["access_token"]
    vendor.tokens.access = again["access_token"]
    await read(access, DataType.ATHLETE, TODAY, TODAY)
    assert await refreshed(vendor, old) == {"error": "invalid_grant"}
    assert "access_token" in await refreshed(vendor, again["refresh_token"])


async def test_a_rotated_refresh_token_lives_for_eight_hours_at_most() -> None:
    vendor = Vendor()
    vendor.access()
    old = vendor.simulator.book.tokens[vendor.tokens.access].refresh or ""
    await refreshed(vendor, old)
    vendor.now += 8 * 3600
    assert await refreshed(vendor, old) == {"error": "invalid_grant"}
