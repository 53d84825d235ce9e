"""Suunto's ways: two keys for each call, JWTs that name their user, drafts of sleeps, products that are not there."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.alone import Alone, answering
from wearable_gateway.errors import (
    GrantRevokedError,
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask, Tokens
from wearable_gateway.providers.suunto import PROVIDER
from wearable_gateway.providers.suunto.asking import finished
from wearable_gateway.unified.records import DataType, Record

APP = AppAccess("client", "secret", "notice-secret", {})


def ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


async def fetched(
    access: Access, kind: DataType, first: date, last: date, *, samples: bool = True
) -> Sequence[Mapping[str, Any]]:
    return await PROVIDER.fetch(access, Ask(kind, first, last, samples=samples))


def record(kind: DataType, document: Mapping[str, Any]) -> Record:
    found = PROVIDER.normalise(kind, document)
    assert found is not None
    return found


def jwt(**claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.signature"


def tokens(access: str, **extra: Any) -> Tokens:
    return Tokens(access, "refresh", None, (), extra)


# --- tokens and their user ---


async def test_tokens_name_the_user_that_notices_are_about(suunto: Alone) -> None:
    async with suunto.linked("ann") as ann:
        assert ann.access.account_id == suunto.vendor.person("ann").id
        assert ann.held.tokens.extra == {"user": ann.access.account_id}


@pytest.mark.parametrize(
    ("held", "user"),
    [
        (tokens("opaque", user="ann"), "ann"),
        (tokens(jwt(user="ann", sub="7")), "ann"),
        (tokens(jwt(user="older"), user="ann"), "ann"),
    ],
)
async def test_the_user_is_in_the_answer_or_in_the_token(held: Tokens, user: str) -> None:
    async with httpx.AsyncClient() as client:
        assert (await PROVIDER.account(client, APP, held)).id == user


@pytest.mark.parametrize("access", ["opaque", "a.b.c", "e30.W10.x", jwt(sub="7"), jwt(user=7)])
async def test_tokens_of_nobody_make_no_account(access: str) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.account(client, APP, tokens(access))


@pytest.mark.parametrize(
    ("status", "answer", "meant"),
    [
        (401, {"error": "invalid_token", "error_description": "x"}, "invalid_grant"),
        (400, {"error": "invalid_grant"}, "invalid_grant"),
        (401, {"error": "unauthorized"}, "invalid_client"),
        (500, {"error": "server_error"}, "server_error"),
        (401, {"message": "Unauthorized"}, None),
    ],
)
def test_refusals_are_put_in_the_words_of_the_rfc(
    status: int, answer: dict[str, str], meant: str | None
) -> None:
    assert PROVIDER.token_answer(status, answer).get("error") == meant


async def test_an_app_the_vendor_does_not_know_ends_no_grant(suunto: Alone) -> None:
    held = await suunto.tokens("ann")
    wrong = AppAccess(suunto.app.client_id, "wrong", "", suunto.app.hosts, suunto.app.extra)
    suunto.app = wrong
    with pytest.raises(ProviderRefusedError):
        await suunto.flow.refresh(held)


async def test_a_call_without_the_subscription_key_is_refused(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        ann.access.client.headers["Ocp-Apim-Subscription-Key"] = "another"
        with pytest.raises(ProviderRefusedError):
            await PROVIDER.probe(ann.access)


async def test_giving_a_grant_back_ends_every_token_of_the_user(suunto: Alone) -> None:
    async with suunto.linked("ann") as first, suunto.linked("ann") as second, suunto.linked("bob") as other:
        await PROVIDER.revoke(first.access, first.held.tokens)
        with pytest.raises(GrantRevokedError):
            await PROVIDER.probe(second.access)
        await PROVIDER.probe(other.access)


# --- data ---


def calls(suunto: Alone, end: str) -> int:
    """How often a path with that end was asked for."""
    return sum(number for path, number in suunto.vendor.frame.calls.items() if path.endswith(end))


async def test_workouts_come_in_pages_and_only_those_of_the_days(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        found = await fetched(ann.access, DataType.ACTIVITY, ago(110), ago(1))
    days = [record(DataType.ACTIVITY, workout).day for workout in found]
    assert sorted(days) == [ago(back) for back in range(110, 0, -1)]
    assert calls(suunto, "/workouts/") == 2


async def test_a_workout_that_is_told_of_is_fetched_alone_and_gets_the_watch_it_came_with(
    suunto: Alone,
) -> None:
    async with suunto.linked() as ann:
        (listed,) = await fetched(ann.access, DataType.ACTIVITY, ago(1), ago(1))
        told = a_notice({"workout": listed["workoutKey"], "gear": {"name": "Suunto Race"}})
        documents = await PROVIDER.fetch_noticed(ann.access, told, [DataType.ACTIVITY])
    (document,) = documents[DataType.ACTIVITY]
    assert document == {**listed, "gear": {"name": "Suunto Race"}}
    assert record(DataType.ACTIVITY, document).body["device_data"]["name"] == "Suunto Race"


async def test_a_workout_that_is_no_more_is_answered_with_nothing(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        told = a_notice({"workout": "0" * 24, "gear": None})
        assert await PROVIDER.fetch_noticed(ann.access, told, [DataType.ACTIVITY]) == {}


def a_notice(hints: dict[str, Any]) -> Notice:
    return Notice(
        "key", NoticeKind.DATA_CHANGED, "ann", None, (DataType.ACTIVITY,), ago(1), ago(1), hints=hints
    )


async def test_a_key_from_outside_stays_in_its_place() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return httpx.Response(200, json={"payload": [{"workoutKey": "w"}]})

    async with answering(PROVIDER, httpx.MockTransport(answer)) as access:
        told = a_notice({"workout": "../oauth?x=/", "gear": None})
        documents = await PROVIDER.fetch_noticed(access, told, [DataType.ACTIVITY])
    assert asked == ["/v3/workouts/..%2Foauth%3Fx%3D%2F"]
    assert documents[DataType.ACTIVITY] == [{"workoutKey": "w", "gear": None}]


async def test_sleeps_are_found_by_the_day_they_end_on_and_without_their_drafts(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        found = await fetched(ann.access, DataType.SLEEP, ago(40), ago(1))
    records = [record(DataType.SLEEP, row) for row in found]
    assert [one.day for one in records] == [ago(back) for back in range(40, 0, -1)]
    assert len({one.key for one in records}) == 40
    assert all(one.body["scores"]["sleep"] for one in records)
    assert calls(suunto, "/sleep") == 2


@pytest.mark.parametrize(
    ("durations", "kept"),
    [([60, 3600], 3600), ([3600, 60], 3600), ([None, 60], 60), ([60, None], 60), ([None, None], None)],
)
def test_of_the_versions_of_a_sleep_the_longest_is_the_last(
    durations: list[int | None], kept: int | None
) -> None:
    rows = [{"entryData": {"SleepId": 7, "Duration": duration}} for duration in durations]
    (row,) = finished(rows)
    assert row["entryData"]["Duration"] == kept


def test_of_equals_the_later_is_the_last() -> None:
    rows = [{"entryData": {"SleepId": 7, "Duration": 60, "Feeling": number}} for number in (1, 2)]
    assert finished(rows) == rows[1:]


async def test_a_day_is_laid_together_from_three_products_in_windows(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        found = await fetched(ann.access, DataType.DAILY, ago(30), ago(1))
    assert [document["date"] for document in found] == [str(ago(back)) for back in range(30, 0, -1)]
    body = record(DataType.DAILY, found[0]).body
    assert body["metadata"]["start_time"] == f"{ago(30)}T00:00:00.000000+02:00"
    assert len(body["stress_data"]["body_battery_samples"]) == 14
    assert len(body["heart_rate_data"]["detailed"]["hr_samples"]) == 14
    assert body["distance_data"]["steps"] >= 3000
    assert calls(suunto, "/activity") == calls(suunto, "/daily-activity-statistics") == 2


async def test_who_wants_no_samples_costs_no_call_for_recovery(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        await fetched(ann.access, DataType.DAILY, ago(1), ago(1), samples=False)
    assert (calls(suunto, "/activity"), calls(suunto, "/recovery")) == (1, 0)


async def test_a_product_the_app_is_not_subscribed_to_leaves_the_others(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        for product in ("/247samples/recovery", "/247/daily-activity-statistics"):
            await control(suunto, "fail", path=product, status=404)
        (document,) = await fetched(ann.access, DataType.DAILY, ago(1), ago(1))
    assert set(document) == {"date", "activity"}


async def control(suunto: Alone, order: str, **body: Any) -> None:
    headers = {"authorization": "Bearer control"}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{suunto.vendor.config.url}/control/{order}", json=body, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("product", ["activity", "sleep", "recovery"])
async def test_the_simulated_vendor_takes_28_days_at_most(suunto: Alone, product: str) -> None:
    async with suunto.linked() as ann:
        query = {"from": "0", "to": str(28 * 24 * 3600 * 1000 + 1)}
        answer = await ann.access.client.get(f"/247samples/{product}", params=query)
    assert answer.status_code == 400


# --- signals and outcomes ---


async def test_a_limit_that_is_answered_401_costs_no_refresh(suunto: Alone) -> None:
    said = httpx.Response(401, json={"error": {"code": "RateLimitExceeded"}})
    async with suunto.linked() as ann:
        ann.access.client._transport = httpx.MockTransport(lambda _: said)
        with pytest.raises(ProviderLimitError) as raised:
            await fetched(ann.access, DataType.ACTIVITY, ago(1), ago(0))
        assert (ann.held.refreshed, raised.value.retry_after) == (0, 120)


async def test_nor_does_it_pass_for_a_grant_that_is_gone_when_it_is_given_back(suunto: Alone) -> None:
    said = httpx.Response(401, json={"error": {"code": "RateLimitExceeded"}})
    async with suunto.linked() as ann:
        ann.access.client._transport = httpx.MockTransport(lambda _: said)
        with pytest.raises(ProviderLimitError):
            await PROVIDER.revoke(ann.access, ann.held.tokens)
        assert ann.held.refreshed == 0


async def test_a_grant_that_was_revoked_dies_by_its_refresh(suunto: Alone) -> None:
    async with suunto.linked() as ann:
        suunto.vendor.withdraw(suunto.vendor.person("ann"))
        for kind in PROVIDER.data_scopes:
            with pytest.raises(GrantRevokedError):
                await fetched(ann.access, kind, ago(1), ago(0))


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (400, {}, ProviderRejectedError),
        (401, {}, ProviderRefusedError),
        (403, {}, ProviderRefusedError),
        (429, {"retry-after": "60"}, ProviderLimitError),
        (500, {}, ProviderUnavailableError),
    ],
)
async def test_each_refusal_has_its_outcome(
    status: int, headers: dict[str, str], outcome: type[ProviderError]
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, json={}))
    async with answering(PROVIDER, transport) as access:
        for kind in PROVIDER.data_scopes:
            with pytest.raises(outcome) as raised:
                await fetched(access, kind, ago(1), ago(0))
            assert type(raised.value) is outcome


@pytest.mark.parametrize("answer", [{}, {"payload": {}}, {"payload": None}, 5, "text"])
async def test_an_answer_in_another_shape_is_no_empty_day(answer: Any) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with answering(PROVIDER, transport) as access:
        for kind in PROVIDER.data_scopes:
            with pytest.raises(ProviderUnavailableError):
                await fetched(access, kind, ago(1), ago(0))


async def test_rows_of_another_shape_are_left_out() -> None:
    rows = [
        None,
        7,
        {},
        {"timestamp": 5},
        {"entryData": 5},
        {"Name": "stepcount", "Aggregation": "sum", "Sources": 5},
    ]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=rows))
    async with answering(PROVIDER, transport) as access:
        assert await fetched(access, DataType.DAILY, ago(1), ago(0)) == []
        assert await fetched(access, DataType.SLEEP, ago(1), ago(0)) == []


async def test_workouts_that_cannot_be_placed_are_left_out() -> None:
    odd = [None, {}, {"startTime": "soon"}, {"startTime": 1e30}, {"startTime": 0, "timeOffsetInMinutes": "x"}]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"payload": odd}))
    async with answering(PROVIDER, transport) as access:
        assert await fetched(access, DataType.ACTIVITY, ago(1), ago(0)) == []
