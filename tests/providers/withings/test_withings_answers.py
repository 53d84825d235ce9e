"""Answers of HTTP 200 that mean something else: what becomes of each."""

from typing import Any

import httpx
import pytest
from tests.providers.withings.accounts import TODAY, Vendor, answering, read

from wearable_gateway.errors import (
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.reaching import Tokens
from wearable_gateway.providers.withings import PROVIDER
from wearable_gateway.unified.records import DataType


@pytest.mark.parametrize(
    ("status", "error", "http"),
    [
        (100, ProviderRefusedError, 401),
        (102, ProviderRefusedError, 401),
        (200, ProviderRefusedError, 401),
        (401, ProviderRefusedError, 401),
        (214, ProviderRefusedError, 403),
        (277, ProviderRefusedError, 403),
        (2555, ProviderRefusedError, 403),
        (201, ProviderRejectedError, 400),
        (293, ProviderRejectedError, 400),
        (503, ProviderRejectedError, 400),
        (2554, ProviderRejectedError, 400),
        (601, ProviderLimitError, None),
        (522, ProviderUnavailableError, None),
        (524, ProviderUnavailableError, None),
        (5000, ProviderUnavailableError, None),
        (987_654, ProviderUnavailableError, None),
        (-1, ProviderUnavailableError, None),
    ],
)
async def test_a_status_in_the_body_is_what_counts(
    status: int, error: type[ProviderError], http: int | None
) -> None:
    access, _ = answering({"status": status, "body": {}, "error": "as it is"})
    with pytest.raises(error) as raised:
        await PROVIDER.probe(access)
    assert getattr(raised.value, "status", None) == http


@pytest.mark.parametrize(
    "answer",
    [[], "0", None, {}, {"status": "0"}, {"status": None, "body": {}}, httpx.Response(200, text="<html>")],
)
async def test_an_answer_that_is_no_envelope_is_none(answer: Any) -> None:
    access, _ = answering(answer)
    with pytest.raises(ProviderUnavailableError):
        await PROVIDER.probe(access)


async def test_a_status_of_http_still_counts() -> None:
    access, _ = answering(httpx.Response(502, text="bad gateway"))
    with pytest.raises(ProviderUnavailableError):
        await PROVIDER.probe(access)


async def test_a_token_refused_in_the_body_is_refreshed_and_the_call_made_again() -> None:
    vendor = Vendor()
    access = vendor.access(token="long-gone")
    records = await read(access, DataType.DAILY, TODAY, TODAY, samples=False)
    assert len(records) == 1
    assert vendor.tokens.refreshes == 1
    assert vendor.budget.learnt == [401, 200]


async def test_a_token_refused_twice_is_a_refusal() -> None:
    vendor = Vendor()
    access = vendor.access()
    vendor.simulator.withdraw(vendor.simulator.person("ann"))
    vendor.tokens.made_anew = lambda: "also-gone"
    with pytest.raises(ProviderRefusedError) as raised:
        await PROVIDER.probe(access)
    assert raised.value.status == 401
    assert vendor.tokens.refreshes == 1


async def test_the_limit_of_a_minute_is_learnt_from_the_body() -> None:
    vendor = Vendor()
    access = vendor.access()
    for _ in range(120):
        await read(access, DataType.ATHLETE, TODAY, TODAY)
    with pytest.raises(ProviderLimitError):
        await read(access, DataType.ATHLETE, TODAY, TODAY)
    assert vendor.budget.learnt[-1] == 429
    vendor.now += 60
    assert await read(access, DataType.ATHLETE, TODAY, TODAY)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 503, "body": {}, "error": "Invalid Params: invalid code"}, "invalid_grant"),
        ({"status": 503, "body": {}, "error": "Invalid Params: invalid refresh_token"}, "invalid_grant"),
        ({"status": 503, "body": {}, "error": "Invalid Params: invalid token"}, "invalid_grant"),
        ({"status": 401, "body": {}, "error": "Unauthorized"}, "invalid_grant"),
        ({"status": 100, "body": {}}, "invalid_grant"),
        ({"status": 503, "body": {}, "error": "Invalid Params: invalid client_secret"}, "invalid_client"),
        ({"status": 401, "error": "invalid client_id"}, "invalid_client"),
        ({"status": 503, "body": {}, "error": "Invalid Params: missing redirect_uri"}, "invalid_request"),
        ({"status": 503, "body": {}}, "invalid_request"),
        ({"status": 503, "error": "Invalid Params: invalid action requesttoken"}, "invalid_request"),
        ({"status": 503, "error": "Invalid Params: invalid grant_type refresh_token"}, "invalid_request"),
        ({"status": 503, "error": "Invalid Params: error code 12"}, "invalid_request"),
        ({"status": 503, "error": "Expired refresh token"}, "invalid_grant"),
        ({"status": 503, "error": "Invalid Params: refresh_token"}, "invalid_grant"),
        ({"status": 503, "error": "The refresh_token is no longer valid"}, "invalid_grant"),
        ({"status": 601, "body": {}, "error": "too many token requests"}, "temporarily_unavailable"),
        ({"status": 522, "error": "timeout of the token service"}, "temporarily_unavailable"),
        ({"status": 0, "body": []}, "temporarily_unavailable"),
        ({"status": "0", "body": {"access_token": "a"}}, "temporarily_unavailable"),
        ({}, "temporarily_unavailable"),
    ],
)
def test_a_grant_ends_by_a_refusal_of_its_own_token_alone(answer: dict[str, Any], error: str) -> None:
    assert PROVIDER.token_answer(200, answer) == {"error": error}


def test_tokens_come_out_of_their_envelope_without_what_nobody_needs() -> None:
    body = {
        "userid": 363,
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 10_800,
        "scope": "user.info,user.metrics",
        "token_type": "Bearer",
    }
    answer = {"status": 0, "body": {**body, "csrf_token": "c"}}
    assert PROVIDER.token_answer(200, answer) == body


@pytest.mark.parametrize("stated", [363, "363"])
async def test_an_account_is_the_user_that_came_with_the_tokens(stated: int | str) -> None:
    access, forms = answering({})
    tokens = Tokens("a", "r", None, (), {"userid": stated})
    assert (await PROVIDER.account(access.client, access.app, tokens)).id == "363"
    assert forms == []


@pytest.mark.parametrize("stated", [None, True, "", [363]])
async def test_tokens_of_nobody_are_refused(stated: Any) -> None:
    access, _ = answering({})
    with pytest.raises(ProviderError):
        await PROVIDER.account(access.client, access.app, Tokens("a", "r", None, (), {"userid": stated}))
