"""What the clients send that a server may stumble over: empty bodies, bodies on DELETE, two forms of a date."""

import json
from datetime import UTC, datetime, time
from typing import Any

import httpx
import pytest
from terra.daily.types.daily_fetch_response_data import DailyFetchResponseData

from tests.contract.clients import open_client, typed
from tests.contract.vendor_documents import EVERYTHING, FIRST, LAST
from tests.fakes.gateway import Company, Gateway


async def test_a_post_without_a_body_is_a_post_without_choices(
    terra: Any, answers: list[httpx.Response]
) -> None:
    begun = await terra.authentication.authenticateuser(resource="SANDBOX")
    (answer,) = answers
    assert answer.request.headers["content-length"] == "0"
    assert answer.request.headers["content-type"] == "application/json"
    assert begun.status == "success"
    assert begun.user_id
    assert (await terra.authentication.generatewidgetsession()).url
    assert len((await terra.authentication.generateauthtoken()).token) == 64


async def test_a_patch_without_a_body_changes_nothing(gateway: Gateway, company: Company, terra: Any) -> None:
    user_id = await gateway.connected(company, "ann", "ann")
    user = (await terra.user.modifyuser(user_id)).user
    assert (user.reference_id, user.active) == ("ann", True)


async def test_a_delete_carries_a_body(
    gateway: Gateway, company: Company, terra: Any, answers: list[httpx.Response]
) -> None:
    user_id = await gateway.connected(company, "ann", scopes=EVERYTHING)
    gone = await terra.body.delete(user_id=user_id, log_ids=["msr_0"])
    assert answers[-1].request.method == "DELETE"
    assert json.loads(answers[-1].request.content) == {"log_ids": ["msr_0"]}
    assert [one.id for one in gone.processed_data] == ["msr_0"]
    gone = await terra.nutrition.delete(user_id=user_id, data=["mea_0"])
    assert json.loads(answers[-1].request.content) == {"data": ["mea_0"]}
    assert [one.id for one in gone.processed_data] == ["mea_0"]


async def test_dates_are_days_or_unix_seconds(gateway: Gateway, company: Company, terra: Any) -> None:
    user_id = await gateway.connected(company, "ann")
    midnight, noon = (
        int(datetime.combine(day, at, UTC).timestamp())
        for day, at in ((FIRST, time()), (LAST, time(hour=12)))
    )
    told = [
        typed(
            await terra.daily.fetch(user_id=user_id, start_date=start, end_date=end, to_webhook=False),
            DailyFetchResponseData,
        ).data
        for start, end in (
            (str(FIRST), str(LAST)),
            (midnight, noon),
            (str(midnight), str(noon)),
            (str(FIRST), noon),
        )
    ]
    assert len(told[0]) == 31
    assert all(days == told[0] for days in told)


async def test_truth_values_are_lower_case_words(
    gateway: Gateway, company: Company, terra: Any, answers: list[httpx.Response]
) -> None:
    user_id = await gateway.connected(company, "ann")
    for to_webhook in (True, False):
        answer = await terra.daily.fetch(
            user_id=user_id,
            start_date=str(LAST),
            end_date=str(LAST),
            to_webhook=to_webhook,
            with_samples=True,
        )
        sent = answers[-1].request.url.params
        assert (sent["to_webhook"], sent["with_samples"]) == (str(to_webhook).lower(), "true")
        assert (answer.data is None) is to_webhook


@pytest.mark.parametrize("path", ["/v2", "/v2/", "/api/v2", "/api/v2/"])
async def test_the_base_url_may_be_written_in_either_way(
    gateway: Gateway, company: Company, mode: str, path: str
) -> None:
    async with open_client(company, gateway.url + path, mode=mode) as terra:
        begun = await terra.authentication.authenticateuser(resource="SANDBOX", reference_id="ann")
        await gateway.end_user().connect(begun.auth_url, "ann")
        (user,) = (await terra.user.getalluserids()).users
        assert user.user_id == begun.user_id
        assert (await terra.user.modifyuser(user.user_id, reference_id="b")).user.reference_id == "b"
        days = await terra.daily.fetch(
            user_id=user.user_id, start_date=str(LAST), end_date=str(LAST), to_webhook=False
        )
        assert len(typed(days, DailyFetchResponseData).data) == 1
        assert (await terra.authentication.deauthenticateuser(user_id=user.user_id)).status == "success"
