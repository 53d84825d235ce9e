"""STRAVA's push subscription and what it pushes, against its simulation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.fakes.waiting import eventually
from wearable_gateway.errors import NoticeRefusedError, ProviderRejectedError
from wearable_gateway.providers._base.client import plain_client
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers.strava import PROVIDER
from wearable_gateway.unified.records import DataType

from .talking import NOON, Talking, talking


async def subscribe(strava: Talking, url: str | None = None) -> str:
    async with plain_client(strava.app.hosts["api"]) as client:
        kept = await PROVIDER.subscribe_app(client, strava.app, url or strava.address.url)
    return kept["subscription_id"]


async def told(strava: Talking, number: int = 1) -> Notice:
    """The last of the first `number` pushes, once they are there."""

    async def arrived() -> bool:
        return len(strava.address.came) >= number

    await eventually(arrived)
    came = strava.address.came[number - 1]
    PROVIDER.verify(came, strava.app)
    [notice] = PROVIDER.notices(came.body)
    return notice


async def test_the_challenge_is_answered_while_the_subscription_is_being_made(strava: Talking) -> None:
    number = await subscribe(strava)
    assert number == str(strava.simulator.book.more["subscription"]["id"])
    assert await subscribe(strava) == number
    assert (await strava.calls())["POST /api/v3/push_subscriptions"] == 1


async def test_a_gateway_that_moved_takes_its_subscription_along(strava: Talking) -> None:
    port = httpx.URL(strava.address.url).port
    first = await subscribe(strava, f"http://localhost:{port}/notices/strava/app.older-key")
    assert await subscribe(strava) != first
    assert strava.simulator.book.more["subscription"]["callback_url"] == strava.address.url


@pytest.mark.parametrize("path", ["/somewhere/else/", "/notices/strava/another-app."])
async def test_a_subscription_that_somebody_else_uses_is_left_alone(strava: Talking, path: str) -> None:
    elsewhere = strava.address.url.replace("/notices/strava/app.", path)
    await subscribe(strava, elsewhere)
    with pytest.raises(ProviderRejectedError, match="in use elsewhere"):
        await subscribe(strava)
    assert strava.simulator.book.more["subscription"]["callback_url"] == elsewhere


async def test_a_challenge_with_another_token_is_not_answered(strava: Talking) -> None:
    strava.address.app = replace(strava.app, notice_secret="another")
    with pytest.raises(ProviderRejectedError):
        await subscribe(strava)


@pytest.mark.parametrize("query", [{}, {"hub.mode": "subscribe"}, {"hub.challenge": "c"}])
def test_a_get_that_is_no_challenge_is_none(query: dict[str, str], strava: Talking) -> None:
    assert PROVIDER.answer(NoticeRequest({}, b"", NOON, "GET", query), strava.app) is None


async def test_an_activity_that_is_pushed_is_fetched_by_its_number(strava: Talking) -> None:
    await subscribe(strava)
    tokens = await strava.tokens()
    await strava.control("push", account="ann", kind="activity", date="2026-11-19")
    created = await told(strava)
    assert (created.kind, created.account_id) == (
        NoticeKind.DATA_CHANGED,
        str(tokens.extra["athlete_id"]),
    )
    before = await strava.calls()
    async with strava.access(tokens) as access:
        dated = replace(created, start=NOON.date(), end=NOON.date())
        found = await PROVIDER.fetch_noticed(access, dated, [DataType.ACTIVITY])
    record = PROVIDER.normalise(DataType.ACTIVITY, found[DataType.ACTIVITY][0])
    assert record is not None
    assert (record.day.isoformat(), record.body["metadata"]["name"]) == ("2026-11-19", "Morning ride 1")
    assert "GET /api/v3/athlete/activities" not in before.keys() | (await strava.calls()).keys()


async def test_an_activity_that_is_deleted_is_told_by_the_key_of_its_record(strava: Talking) -> None:
    await subscribe(strava)
    tokens = await strava.tokens()
    await strava.control("push", account="ann", kind="activity", date="2026-11-19")
    created = await told(strava)
    await strava.control("delete", account="ann", kind="activity", date="2026-11-19")
    deleted = await told(strava, 2)
    assert (deleted.kind, deleted.record_keys) == (
        NoticeKind.DATA_DELETED,
        (str(created.hints["activity_id"]),),
    )
    async with strava.access(tokens) as access:
        dated = replace(created, start=NOON.date() - timedelta(days=2), end=NOON.date())
        assert await PROVIDER.fetch_noticed(access, dated, [DataType.ACTIVITY]) == {DataType.ACTIVITY: []}


async def test_a_consent_that_is_taken_back_is_pushed(strava: Talking) -> None:
    await subscribe(strava)
    await strava.tokens()
    await strava.control("revoke", account="ann")
    assert (await told(strava)).kind is NoticeKind.REVOKED


async def test_a_push_is_tried_three_times_at_most(strava: Talking) -> None:
    await subscribe(strava)
    await strava.tokens()
    strava.simulator.book.more["subscription"]["callback_url"] = "http://127.0.0.1:9/nobody"
    await strava.control("push", account="ann", kind="activity")

    async def given_up() -> bool:
        return strava.simulator.sender.sent[-1].attempts == 3

    assert await eventually(given_up)
    assert len(strava.simulator.retry_schedule) == 2


async def test_a_push_for_another_subscription_is_refused(strava: Talking) -> None:
    number = await subscribe(strava)
    await strava.tokens()
    await strava.control("push", account="ann", kind="activity")
    await told(strava)
    [came] = strava.address.came
    PROVIDER.verify(came, strava.with_extra(subscription_id=number))
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(came, strava.with_extra(subscription_id="1"))


@asynccontextmanager
async def signing() -> AsyncIterator[Talking]:
    async with talking(extra={"signing_secret": "whispered"}) as made:
        yield made


async def test_a_signature_counts_where_there_is_a_secret_for_it() -> None:
    async with signing() as strava:
        await subscribe(strava)
        await strava.tokens()
        await strava.control("push", account="ann", kind="activity")
        await told(strava)
        [came] = strava.address.came
        PROVIDER.verify(came, strava.with_extra(signing_secret="whispered"))
        for tampered in (
            replace(came, body=came.body + b" "),
            replace(came, headers={}),
            replace(came, received_at=NOON + timedelta(seconds=301)),
        ):
            with pytest.raises(NoticeRefusedError):
                PROVIDER.verify(tampered, strava.with_extra(signing_secret="whispered"))
