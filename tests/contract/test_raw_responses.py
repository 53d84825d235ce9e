"""`with_raw_response`: the headers beside the client's own types."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from terra.core.api_error import ApiError
from terra.core.http_response import AsyncHttpResponse, HttpResponse
from terra.daily.types.daily_fetch_response_data import DailyFetchResponseData
from terra.errors.not_found_error import NotFoundError

from tests.contract.clients import typed
from tests.contract.vendor_documents import EVERYTHING, FIRST, LAST
from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving

BUDGET = 6000
"""Days that may be asked for in an hour."""
DAYS = {"start_date": str(FIRST), "end_date": str(LAST), "to_webhook": False}


def is_reference(headers: Mapping[str, str]) -> bool:
    return str(UUID(headers["terra-reference"])) == headers["terra-reference"]


async def test_a_read_tells_its_reference_and_what_is_left_of_the_budget(
    gateway: Gateway, company: Company, terra: Any, mode: str
) -> None:
    user_id = await gateway.connected(company, "ann", scopes=EVERYTHING)
    left = BUDGET
    for group, cost in (("daily", 30), ("sleep", 30), ("plannedworkout", 30), ("athlete", 1)):
        dates = DAYS if group != "athlete" else {"to_webhook": False}
        raw = await getattr(terra, group).with_raw_response.fetch(user_id=user_id, **dates)
        assert type(raw) is (HttpResponse if mode == "sync" else AsyncHttpResponse)
        left -= cost
        assert is_reference(raw.headers)
        assert raw.headers["x-terra-ratelimit-limit"] == str(BUDGET)
        assert raw.headers["x-terra-ratelimit-remaining"] == str(left)
        assert 0 < int(raw.headers["x-terra-ratelimit-reset-after"]) <= 3600
        assert raw.data.user.user_id == user_id
    raw = await terra.daily.with_raw_response.fetch(user_id=user_id, **DAYS)
    assert len(typed(raw.data, DailyFetchResponseData).data) == 31


async def test_an_accepted_request_has_the_reference_of_its_events(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    async with receiving() as at_company:
        await gateway.destination(company, at_company.url)
        user_id = await gateway.connected(company, "ann")
        answer = await terra.sleep.fetch(user_id=user_id, start_date=str(LAST), end_date=str(LAST))
        await at_company.wait_for("sleep")
        (sent,) = [one for one in at_company.got if one.event["type"] == "sleep"]
        assert sent.headers["terra-reference"] == answer.reference == answer.trace_id


async def test_the_header_of_an_accepted_request_is_its_reference_as_well(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    user_id = await gateway.connected(company, "ann")
    for start in (LAST, FIRST.replace(month=1)):
        raw = await terra.sleep.with_raw_response.fetch(
            user_id=user_id, start_date=str(start), end_date=str(LAST)
        )
        assert raw.headers["terra-reference"] == raw.data.reference


async def test_other_calls_have_a_reference_and_no_budget(terra: Any) -> None:
    for raw in (
        await terra.authentication.with_raw_response.authenticateuser(resource="SANDBOX"),
        await terra.user.with_raw_response.getalluserids(),
        await terra.integrations.with_raw_response.fetch(),
    ):
        assert is_reference(raw.headers)
        assert "x-terra-ratelimit-limit" not in raw.headers


async def test_errors_have_headers_too(terra: Any) -> None:
    with pytest.raises(NotFoundError) as refused:
        await terra.user.with_raw_response.getinfoforuserid(user_id="nobody")
    assert is_reference(refused.value.headers or {})


async def test_more_than_five_years_at_once_are_refused_by_rule_r1(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    user_id = await gateway.connected(company, "ann")
    with pytest.raises(ApiError) as refused:
        await terra.daily.fetch(user_id=user_id, start_date="2020-01-01", end_date="2026-01-01")
    assert refused.value.status_code == 429
    assert refused.value.body["detail"] == "rate limit exceeded"
    headers = refused.value.headers or {}
    assert headers["x-terra-ratelimit-rule"] == "r1"
    assert "retry-after" not in headers


async def test_more_than_the_budget_of_an_hour_is_refused_by_rule_r2(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    user_id = await gateway.connected(company, "ann")
    years = {"start_date": "2020-01-01", "end_date": "2024-12-30"}
    for _ in range(3):
        await terra.daily.fetch(user_id=user_id, **years)
    with pytest.raises(ApiError) as refused:
        await terra.daily.fetch(user_id=user_id, **years)
    assert refused.value.status_code == 429
    headers = refused.value.headers or {}
    assert headers["x-terra-ratelimit-rule"] == "r2"
    assert 0 < int(headers["retry-after"]) <= 3600
