"""What a vendor's answer is taken for that is none of those it should give."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.client import json_of, retry_after, send
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import AppAccess, Tokens

VENDOR = "https://vendor.test"
APP = AppAccess("client", "secret", "notice-secret", {"token": VENDOR})
TOKENS = Tokens("old", "refresh", None, ())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0), ("30", 30.0), ("86400", 86_400.0), ("", None), ("-1", None), ("1.5", None), ("²", None),
        ("99999999999", 86_400.0), ("9" * 5000, 86_400.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)  # fmt: skip
def test_a_wait_is_in_seconds_and_no_longer_than_a_day(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000])
def test_what_is_no_json_may_be_better_later(body: bytes) -> None:
    with pytest.raises(ProviderUnavailableError):
        json_of("ACME", httpx.Response(200, content=body))


async def test_a_token_that_no_header_can_hold_is_no_answer() -> None:
    async with httpx.AsyncClient(base_url=VENDOR) as client:
        with pytest.raises(ProviderUnavailableError):
            await send("ACME", client, "GET", "/", headers={"Authorization": "Bearer ²"})


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"null", b"[]", b"7", b"<html>", b"[" * 100_000, b"{}", b'{"access_token": 7}', b'{"access_token": null}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("slug", ["GARMIN", "OURA", "WHOOP", "GOOGLE_HEALTH"])
async def test_tokens_that_cannot_be_read_end_no_grant(slug: str, answer: bytes) -> None:
    flow = OAuth2Flow(PROVIDERS[slug], APP)
    with respx.mock:
        respx.post(url__startswith=VENDOR).respond(content=answer)
        with pytest.raises(ProviderUnavailableError):
            await flow.refresh(TOKENS)
        with pytest.raises(ProviderUnavailableError):
            await flow.exchange(code="code", redirect_uri="https://gateway.test/back", verifier="v" * 43)


@pytest.mark.parametrize(
    "seconds",
    [10**15, -1, 1e300, float("nan"), float("inf"), "soon", "9" * 5000, "²", [], [7], {}, None, True],
)
async def test_tokens_whose_end_cannot_be_read_are_kept(seconds: Any) -> None:
    """The refresh token before them may be good for nothing any more."""
    tokens = await _refreshed({"access_token": "a", "refresh_token": "next", "expires_in": seconds})
    assert (tokens.access, tokens.refresh, tokens.expires_at) == ("a", "next", None)


async def test_a_lifetime_is_read_in_words_too() -> None:
    tokens = await _refreshed({"access_token": "a", "expires_in": "3600"})
    assert tokens.expires_at is not None
    assert tokens.expires_at > datetime.now(UTC)
    assert tokens.refresh == "refresh"


async def _refreshed(answer: Mapping[str, Any]) -> Tokens:
    with respx.mock:
        respx.post(url__startswith=VENDOR).respond(content=json.dumps(answer))
        return await OAuth2Flow(PROVIDERS["OURA"], APP).refresh(TOKENS)
