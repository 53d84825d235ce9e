"""Terra's own Python client, told nothing but our address: the judge of whether we speak Terra's contract."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import httpx
import pytest
from terra import AsyncTerra, Terra
from terra.activity.types.activity_fetch_response_data import ActivityFetchResponseData
from terra.core.api_error import ApiError
from terra.daily.types.daily_fetch_response_data import DailyFetchResponseData
from terra.errors.bad_request_error import BadRequestError
from terra.errors.not_found_error import NotFoundError
from terra.sleep.types.sleep_fetch_response_data import SleepFetchResponseData
from terra.utils.verify_signature import WebhookVerificationError, verify_terra_webhook_signature

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving

DAY = "2026-11-20"
NOBODY = "01a20425-b71b-77e5-9bd9-d8a42cd85b62"


@pytest.fixture
async def company(gateway: Gateway) -> Company:
    return await gateway.company("Company A")


@pytest.fixture
async def terra(gateway: Gateway, company: Company) -> AsyncIterator[AsyncTerra]:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        yield AsyncTerra(
            dev_id=company.dev_id,
            api_key=company.api_key,
            base_url=f"{gateway.url}/v2",
            httpx_client=client,
        )


async def test_an_end_user_connects_by_the_clients_auth_url(gateway: Gateway, terra: AsyncTerra) -> None:
    for choices in ({}, {"reference_id": "ann", "auth_success_redirect_url": "https://app.example/done"}):
        begun = await terra.authentication.authenticateuser(resource="SANDBOX", **choices)
        assert begun.status == "success"
        assert begun.auth_url
        assert begun.user_id
        pending = await terra.user.getinfoforuserid(user_id=begun.user_id)
        assert pending.is_authenticated is False
        answer = await gateway.end_user().connect(begun.auth_url, "ann")
        assert answer.status_code == (303 if choices else 200)
        connected = await terra.user.getinfoforuserid(user_id=begun.user_id)
        assert connected.is_authenticated is True
        assert connected.user.user_id == begun.user_id
        assert connected.user.provider == "SANDBOX"
        assert connected.user.reference_id == choices.get("reference_id")
        assert connected.user.active is True
        assert connected.user.scopes == "daily,activity,sleep"


async def test_a_widget_session_leads_to_a_page(gateway: Gateway, terra: AsyncTerra) -> None:
    session = await terra.authentication.generatewidgetsession(
        reference_id="ann", providers="SANDBOX", language="en"
    )
    assert (session.status, session.expires_in) == ("success", 900)
    assert session.session_id
    assert session.url
    page = await gateway.end_user().browser.get(session.url)
    assert page.status_code == 200
    assert "Company A" in page.text


async def test_users_are_listed_changed_and_removed(
    gateway: Gateway, company: Company, terra: AsyncTerra
) -> None:
    ids = [await gateway.connected(company, account, "ann") for account in ("ann", "ann-2")]

    everyone = await terra.user.getalluserids()
    assert [user.user_id for user in everyone.users] == ids
    page = await terra.user.getalluserids(page=0, per_page=1)
    assert [user["user_id"] for user in page.data["results"]] == ids[:1]
    assert (page.data["next"], page.data["max_page"]) == (1, 1)

    by_reference = await terra.user.getinfoforuserid(reference_id="ann")
    assert [user["user_id"] for user in by_reference.users] == ids
    assert (await terra.user.getinfoforuserid(reference_id="nobody")).users == []

    many = await terra.user.getinfoformultipleuserids(request=[ids[1], NOBODY])
    assert [(user.user_id, user.reference_id) for user in many] == [(ids[1], "ann")]

    changed = await terra.user.modifyuser(ids[0], reference_id="anna", active=False)
    assert changed.status == "success"
    assert changed.user is not None
    assert (changed.user.reference_id, changed.user.active) == ("anna", False)

    gone = await terra.authentication.deauthenticateuser(user_id=ids[0])
    assert gone.status == "success"
    with pytest.raises(NotFoundError) as refused:
        await terra.user.getinfoforuserid(user_id=ids[0])
    assert refused.value.body["message"] == "user not found"


async def test_refusals_arrive_as_the_clients_own_errors(gateway: Gateway, terra: AsyncTerra) -> None:
    with pytest.raises(BadRequestError):
        await terra.user.getinfoforuserid()
    with pytest.raises(NotFoundError):
        await terra.authentication.deauthenticateuser(user_id=NOBODY)
    with pytest.raises(NotFoundError):
        await terra.authentication.authenticateuser(resource="NOBODY")
    with pytest.raises(BadRequestError):
        await terra.authentication.authenticateuser(
            resource="SANDBOX", auth_success_redirect_url="javascript:alert(1)"
        )
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        stranger = AsyncTerra(
            dev_id="company-a", api_key="wrong", base_url=f"{gateway.url}/v2", httpx_client=client
        )
        with pytest.raises(ApiError) as refused:
            await stranger.user.getalluserids()
    assert refused.value.status_code == 401
    assert refused.value.body["status"] == "error"


async def test_providers_are_listed(terra: AsyncTerra) -> None:
    brief = await terra.integrations.fetch()
    assert "SANDBOX" in (brief.providers or [])
    assert brief.sdk_resource == []
    detailed = await terra.integrations.detailedfetch()
    assert detailed.providers is not None
    (sandbox,) = [one for one in detailed.providers if one.provider == "SANDBOX"]
    assert sandbox.enabled is True
    assert sandbox.types is not None
    assert (sandbox.types.daily, sandbox.types.body) == (True, False)
    assert (await terra.integrations.detailedfetch(sdk=True)).providers == []


async def test_data_comes_back_typed_and_never_as_raw_dictionaries(
    gateway: Gateway, company: Company, terra: AsyncTerra
) -> None:
    """A number of the wrong kind anywhere in an answer would make the client fall back without a word."""
    start, end = "2026-10-20", "2026-11-19"
    for account in ("ann", "ben", "cleo"):
        user_id = await gateway.connected(company, account)
        days = await terra.daily.fetch(user_id=user_id, start_date=start, end_date=end, to_webhook=False)
        assert isinstance(days, DailyFetchResponseData)
        assert len(days.data or []) == 31
        day = (days.data or [])[0]
        assert str(day.metadata.start_time)[:10] == start
        assert isinstance(day.distance_data.steps, int)  # type: ignore[union-attr]
        assert days.user.user_id == user_id  # type: ignore[union-attr]

        workouts = await terra.activity.fetch(
            user_id=user_id, start_date=start, end_date=end, to_webhook=False
        )
        assert isinstance(workouts, ActivityFetchResponseData)
        assert workouts.data
        for workout in workouts.data:
            assert workout.metadata.summary_id
            assert workout.metadata.start_time < workout.metadata.end_time
            assert isinstance(workout.calories_data.total_burned_calories, int | float)  # type: ignore[union-attr]

        nights = await terra.sleep.fetch(user_id=user_id, start_date=start, end_date=end, to_webhook=False)
        assert isinstance(nights, SleepFetchResponseData)
        assert nights.data
        for night in nights.data:
            assert night.metadata.start_time < night.metadata.end_time
            assert night.sleep_durations_data.asleep is not None  # type: ignore[union-attr]


async def test_unix_seconds_and_sending_work_as_well(
    gateway: Gateway, company: Company, terra: AsyncTerra
) -> None:
    user_id = await gateway.connected(company, "ann")
    noon = int(datetime.combine(date.fromisoformat(DAY), datetime.min.time(), UTC).timestamp()) + 43_200
    days = await terra.daily.fetch(user_id=user_id, start_date=noon, end_date=noon, to_webhook=False)
    assert isinstance(days, DailyFetchResponseData)
    assert [str(day.metadata.start_time)[:10] for day in days.data or []] == [DAY]
    async with receiving() as at_company:
        await gateway.destination(company, at_company.url)
        sent = await terra.sleep.fetch(user_id=user_id, start_date=DAY, end_date=DAY, to_webhook=True)
        await at_company.wait_for("sleep")
        assert at_company.got[0].headers["terra-reference"] == sent.reference


async def test_the_clients_verifier_accepts_our_signature_and_nothing_else(
    gateway: Gateway, company: Company
) -> None:
    async with receiving() as at_company:
        secret = await gateway.destination(company, at_company.url)
        await gateway.connected(company, "ann", "ünï")
        await gateway.control("push", account="ann", date=DAY)
        for kind in ("auth", "daily", "sleep"):
            await at_company.wait_for(kind)
        for delivery in at_company.got:
            header, text = delivery.headers["terra-signature"], delivery.body.decode()
            assert verify_terra_webhook_signature(text, header, secret)
            assert delivery.headers["x-terra-signature"] == header
            for body, key in ((text + " ", secret), (text, secret + "x")):
                with pytest.raises(WebhookVerificationError):
                    verify_terra_webhook_signature(body, header, key)


async def test_the_client_that_blocks_works_the_same(gateway: Gateway, company: Company) -> None:
    user_id = await gateway.connected(company, "ann", "ann")

    def use() -> tuple[str | None, list[str], int, str | None]:
        with httpx.Client(timeout=30, trust_env=False) as http:
            terra = Terra(
                dev_id=company.dev_id,
                api_key=company.api_key,
                base_url=f"{gateway.url}/v2/",
                httpx_client=http,
            )
            begun = terra.authentication.authenticateuser(resource="SANDBOX")
            users = [user.user_id for user in terra.user.getalluserids().users]
            days = terra.daily.fetch(user_id=user_id, start_date=DAY, end_date=DAY, to_webhook=False)
            assert isinstance(days, DailyFetchResponseData)
            gone = terra.authentication.deauthenticateuser(user_id=user_id)
            return begun.status, users, len(days.data or []), gone.status

    assert await asyncio.to_thread(use) == ("success", [user_id], 1, "success")
