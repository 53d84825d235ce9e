"""Python's clients try again when told to: `max_retries` counts from two, so that three is one more try."""

import time
from typing import Any

import httpx
import pytest
from terra.core.api_error import ApiError
from terra.daily.types.daily_fetch_response_data import DailyFetchResponseData

from tests.contract.clients import open_client, typed
from tests.contract.minutes import in_the_last_seconds
from tests.contract.vendor_documents import FIRST, LAST
from tests.fakes.gateway import Company, Gateway
from wearable_gateway.developers.settings_repository import change_settings

DAYS = {"start_date": str(FIRST), "end_date": str(LAST), "to_webhook": False}
ONE_MORE_TRY = {"request_options": {"max_retries": 3}}


async def test_a_vendor_that_is_down_is_asked_again_when_it_said(
    gateway: Gateway, company: Company, terra: Any, answers: list[httpx.Response]
) -> None:
    user_id = await gateway.connected(company, "ann")
    await gateway.control("fail", endpoint="data", status=503, times=1, retry_after=1)
    start = time.monotonic()
    days = await terra.daily.fetch(user_id=user_id, **DAYS, **ONE_MORE_TRY)
    assert time.monotonic() - start >= 1
    assert len(typed(days, DailyFetchResponseData).data) == 31
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[0].headers["retry-after"] == "1"


@pytest.mark.parametrize("options", [{}, {"request_options": {"max_retries": 2}}])
async def test_nothing_is_tried_again_unasked(
    gateway: Gateway, company: Company, terra: Any, answers: list[httpx.Response], options: dict[str, Any]
) -> None:
    user_id = await gateway.connected(company, "ann")
    await gateway.control("fail", endpoint="data", status=503, times=1, retry_after=1)
    with pytest.raises(ApiError) as failed:
        await terra.daily.fetch(user_id=user_id, **DAYS, **options)
    assert failed.value.status_code == 503
    assert failed.value.body["status"] == "error"
    assert (failed.value.headers or {})["retry-after"] == "1"
    assert len(answers) == 1


async def test_a_used_up_minute_is_waited_for(gateway: Gateway, company: Company, mode: str) -> None:
    async with gateway.db.transaction() as session:
        await change_settings(session, company.dev_id, {"requests_per_minute": 1}, actor="test:retries")
    answers: list[httpx.Response] = []
    async with (
        in_the_last_seconds(gateway) as base_url,
        open_client(company, base_url, mode=mode, seen=answers.append) as terra,
    ):
        await terra.user.getalluserids()
        answer = await terra.user.getalluserids(**ONE_MORE_TRY)
    assert answer.users == []
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].json()["detail"] == "rate limit exceeded"
    assert 1 <= int(answers[1].headers["retry-after"]) <= 3


async def test_a_vendors_limit_is_an_answer_and_no_error(
    gateway: Gateway, company: Company, terra: Any, answers: list[httpx.Response]
) -> None:
    user_id = await gateway.connected(company, "ann")
    for status, kind in ((429, "rate_limit"), (202, "processing")):
        await gateway.control("fail", endpoint="data", status=status, times=1, retry_after=7)
        answer = typed(await terra.daily.fetch(user_id=user_id, **DAYS), DailyFetchResponseData)
        assert answer.data is None
        assert (answer.type, answer.retry_after_seconds) == (kind, 7)
        assert answer.message
        assert answers[-1].status_code == 200
