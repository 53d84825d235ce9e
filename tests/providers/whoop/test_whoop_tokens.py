"""WHOOP: its tokens, its limits, and what says that a grant is over: a table of signals and outcomes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port
from wearable_gateway.errors import (
    ConsentRefusedError,
    GrantRevokedError,
    ProviderError,
    ProviderRefusedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.facts import Usage
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import AppAccess, Tokens
from wearable_gateway.providers.whoop import PROVIDER

from .accounts import BACK, EVERYTHING, Account, connected, consent

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)


def flow_to(url: str, secret: str = "client-secret") -> OAuth2Flow:
    hosts = dict.fromkeys(("authorize", "token", "api"), url)
    return OAuth2Flow(PROVIDER, AppAccess("client", secret, "notice-secret", hosts))


async def exchanged(flow: OAuth2Flow, account: Account, scopes: tuple[str, ...] = EVERYTHING) -> Tokens:
    code = await consent(account.http, "ada", scopes)
    return await flow.exchange(code=code, redirect_uri=BACK, verifier="v" * 43)


async def test_a_refresh_asks_to_stay_offline_and_keeps_what_may_be_read(account: Account) -> None:
    port = free_port()
    async with serving(account.vendor.app(), port):
        flow = flow_to(f"http://127.0.0.1:{port}")
        first = await exchanged(flow, account)
        second = await flow.refresh(first)
        third = await flow.refresh(second)
    assert first.scopes == EVERYTHING
    # The vendor names `offline` alone, which takes nothing away.
    assert second.scopes == third.scopes == ()
    assert len({one.refresh for one in (first, second, third)}) == 3
    assert None not in {first.refresh, second.refresh, third.refresh}


async def test_a_refresh_token_that_was_used_before_ends_everything_that_came_of_the_consent(
    account: Account,
) -> None:
    port = free_port()
    async with serving(account.vendor.app(), port):
        flow = flow_to(f"http://127.0.0.1:{port}")
        first = await exchanged(flow, account)
        second = await flow.refresh(first)
        for stale in (first, second):
            with pytest.raises(GrantRevokedError):
                await flow.refresh(stale)


async def test_the_old_access_token_is_over_with_the_refresh(account: Account) -> None:
    port = free_port()
    async with serving(account.vendor.app(), port):
        flow = flow_to(f"http://127.0.0.1:{port}")
        first = await exchanged(flow, account)
        second = await flow.refresh(first)
    statuses = [
        (
            await account.http.get(
                "/developer/v2/user/profile/basic", headers={"authorization": f"Bearer {one.access}"}
            )
        ).status_code
        for one in (first, second)
    ]
    assert statuses == [401, 200]


async def test_who_was_not_asked_for_offline_gets_no_refresh_token() -> None:
    async with connected(scopes=("read:profile",)) as account:
        assert "refresh_token" not in account.tokens


async def test_a_code_that_is_none_is_a_consent_refused(account: Account) -> None:
    port = free_port()
    async with serving(account.vendor.app(), port):
        with pytest.raises(ConsentRefusedError):
            await flow_to(f"http://127.0.0.1:{port}").exchange(
                code="none", redirect_uri=BACK, verifier="v" * 43
            )
        await flow_to(f"http://127.0.0.1:{port}").check(redirect_uri=BACK)
        with pytest.raises(ProviderRefusedError):
            await flow_to(f"http://127.0.0.1:{port}", "another").check(redirect_uri=BACK)


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (400, {"error": "invalid_grant", "error_description": "revoked"}, GrantRevokedError),
        (401, {"error": "invalid_grant"}, GrantRevokedError),
        (401, {"error": "invalid_client"}, ProviderRefusedError),
        (400, {"error": "invalid_request"}, ProviderUnavailableError),
        (429, {"message": "too many requests"}, ProviderUnavailableError),
        (500, {"error": "invalid_grant"}, ProviderUnavailableError),
        (503, {}, ProviderUnavailableError),
    ],
)
async def test_only_the_word_for_it_ends_a_grant(
    status: int, answer: dict[str, Any], outcome: type[ProviderError]
) -> None:
    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            response = httpx.Response(status, json=answer)
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": response.content})

    port = free_port()
    async with serving(app, port):
        with pytest.raises(outcome):
            await flow_to(f"http://127.0.0.1:{port}").refresh(Tokens("a", "r", None, ()))


@pytest.mark.parametrize(
    ("limit", "remaining", "reset", "usages"),
    [
        (
            "100, 100;window=60, 10000;window=86400", "98", "3",
            [(60, 100, 2, 3.0), (86_400, 10_000, 0, None)],
        ),
        (
            "10000, 100;window=60, 10000;window=86400", "0", "7200",
            [(60, 100, 0, None), (86_400, 10_000, 10_000, 7200.0)],
        ),
        ("100;window=60, 10000;window=86400", "40", "12", [(60, 100, 60, 12.0), (86_400, 10_000, 0, None)]),
        ("300, 300;window=60", "", "", [(60, 300, 0, None)]),
        ("100, 100;window=60", "100", "soon", [(60, 100, 0, None)]),
        ("100, 100;window=60", "250", "5", [(60, 100, 0, 5.0)]),
        ("100, 100;window=0", "10", "5", []),
        ("", "10", "5", []),
        ("many", "few", "later", []),
    ],
)  # fmt: skip
def test_the_limits_are_what_an_answer_says_of_them(
    limit: str, remaining: str, reset: str, usages: list[tuple[int, int, int, float | None]]
) -> None:
    headers = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    assert PROVIDER.usage(headers, NOW) == [
        Usage(timedelta(seconds=window), calls, used, resets_in=resets_in)
        for window, calls, used, resets_in in usages
    ]


def test_an_answer_that_names_no_limit_says_nothing_of_one() -> None:
    assert PROVIDER.usage({}, NOW) == []


async def test_the_simulated_vendor_counts_as_the_vendor_says_it_does(account: Account) -> None:
    answers = [await account.http.get("/developer/v2/user/profile/basic") for _ in range(2)]
    used = [PROVIDER.usage(answer.headers, NOW)[0].used for answer in answers]
    assert used[1] == used[0] + 1
    await account.order("limit", calls=0, seconds=30)
    refused = await account.http.get("/developer/v2/user/profile/basic")
    assert refused.status_code == 429
    (minute, _) = PROVIDER.usage(refused.headers, NOW)
    assert (minute.used, minute.resets_in) == (100, 30.0)
