"""Consent, tokens, refusals and limits, against the simulated vendor."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.providers.oura.accounts import APP, NOON, URL, connected, redeem, simulated
from wearable_gateway.errors import (
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.facts import Per
from wearable_gateway.providers._base.reaching import Access, AppAccess, Tokens
from wearable_gateway.providers.oura import PROVIDER
from wearable_gateway.unified.records import DataType

TOKENS = Tokens("a-1", "r-1", None, ())


async def test_the_token_answer_names_scopes_as_we_asked_for_them() -> None:
    account = await connected(simulated(), ["daily", "spo2"])
    assert account.tokens["scope"] == "extapi:daily extapi:spo2"
    assert PROVIDER.token_answer(200, account.tokens)["scope"] == "daily spo2"
    assert account.returned["scope"] == "extapi:daily extapi:spo2"


def test_an_answer_of_the_token_endpoint_without_scopes_stays_as_it_is() -> None:
    assert PROVIDER.token_answer(400, {"error": "invalid_grant"}) == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("granted", "asked", "scopes"),
    [
        (("extapi:daily", "extapi:spo2"), "", ("daily", "spo2")),
        (("daily", "spo2Daily"), "", ("daily", "spo2")),
        ((), "extapi:daily extapi:tag", ("daily", "tag")),
        ((), "", None),
    ],
)
async def test_an_account_is_known_by_the_profile_and_its_scopes_by_short_names(
    granted: Sequence[str], asked: str, scopes: Sequence[str] | None
) -> None:
    made = await connected(simulated(), [])
    app = AppAccess("c", "s", "n", {}, {"scopes": asked} if asked else {})
    found = await PROVIDER.account(made.access.client, app, Tokens("a", "r", None, tuple(granted)))
    assert (found.id, found.scopes) == (made.access.account_id, scopes)


async def test_a_refresh_token_is_good_once() -> None:
    account = await connected(simulated())
    http, first = account.access.client, account.tokens["refresh_token"]
    second = await redeem(http, grant_type="refresh_token", refresh_token=first)
    assert second["refresh_token"] != first
    assert await redeem(http, grant_type="refresh_token", refresh_token=first) == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ProviderRejectedError),
        (401, ProviderRefusedError),
        (403, ProviderRefusedError),
        (404, ProviderRejectedError),
        (422, ProviderRejectedError),
        (429, ProviderLimitError),
        (500, ProviderUnavailableError),
        (503, ProviderUnavailableError),
    ],
)
async def test_no_answer_of_the_api_alone_ends_a_grant(status: int, error: type[ProviderError]) -> None:
    """A 403 is a membership that has lapsed, or a scope; a grant is dead when it cannot be refreshed."""
    async with answering(status) as client:
        with pytest.raises(error):
            await PROVIDER.probe(Access(client, APP, "user-1", frozenset()))


async def test_a_revoked_token_is_refused_and_its_refresh_is_an_invalid_grant() -> None:
    account = await connected(simulated())
    account.vendor.withdraw(account.vendor.person("ann"))
    with pytest.raises(ProviderRefusedError) as refused:
        await PROVIDER.probe(account.access)
    assert refused.value.status == 401
    again = await redeem(
        account.access.client,
        grant_type="refresh_token",
        refresh_token=account.tokens["refresh_token"],
    )
    assert again == {"error": "invalid_grant"}


async def test_giving_a_grant_back_ends_its_tokens() -> None:
    account = await connected(simulated())
    await PROVIDER.revoke(account.access, Tokens(account.tokens["access_token"], None, None, ()))
    with pytest.raises(ProviderRefusedError):
        await PROVIDER.probe(account.access)


async def test_a_grant_is_given_back_by_get_where_post_is_not_known() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}?{request.url.query.decode()}")
        return httpx.Response(200 if request.method == "GET" else 405)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=URL) as client:
        await PROVIDER.revoke(Access(client, APP, "user-1", frozenset()), TOKENS)
    assert asked == ["POST /oauth/revoke?access_token=a-1", "GET /oauth/revoke?access_token=a-1"]


@pytest.mark.parametrize("status", [400, 401, 403, 500])
async def test_a_grant_is_given_back_once_where_post_is_refused(status: int) -> None:
    async with answering(status) as client:
        with pytest.raises(ProviderError):
            await PROVIDER.revoke(Access(client, APP, "user-1", frozenset()), TOKENS)


async def test_a_refusal_for_too_many_calls_says_of_which_limit_and_until_when() -> None:
    account = await connected(simulated())
    account.vendor.frame.limit(calls=0, seconds=42)
    answer = await account.access.client.get("/v2/usercollection/sleep")
    (usage,) = PROVIDER.usage(answer.headers, datetime.fromtimestamp(NOON, UTC))
    assert answer.status_code == 429
    assert (usage.calls, usage.used, usage.window, usage.per) == (5000, 5000, timedelta(minutes=5), Per.APP)
    assert usage.resets_in == 42
    with pytest.raises(ProviderLimitError) as refused:
        await account.documents(DataType.SLEEP)
    assert refused.value.retry_after == 42


@pytest.mark.parametrize(
    ("headers", "per"),
    [
        (
            {"x-ratelimit-limit": "60", "x-ratelimit-window": "60", "x-ratelimit-tier": "access-token"},
            Per.GRANT,
        ),
        ({"x-ratelimit-limit": "60", "x-ratelimit-window": "60"}, Per.GRANT),
        ({"x-ratelimit-limit": "60"}, None),
        ({"x-ratelimit-limit": "many", "x-ratelimit-window": "60"}, None),
        ({"x-ratelimit-limit": "0", "x-ratelimit-window": "0"}, None),
        ({}, None),
    ],
)
def test_other_headers_say_less(headers: dict[str, str], per: Per | None) -> None:
    found = [usage.per for usage in PROVIDER.usage(headers, datetime.now(UTC))]
    assert found == ([] if per is None else [per])


def answering(status: int) -> httpx.AsyncClient:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json={}))
    return httpx.AsyncClient(transport=transport, base_url=URL)
