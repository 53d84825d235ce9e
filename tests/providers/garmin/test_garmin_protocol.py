"""What the connector asks its vendor, and what it makes of the answers."""

import datetime as dt
from typing import Any

import httpx
import pytest
import respx

from tests.providers.garmin.vendor import APP, EVERYTHING, URL, Scene
from wearable_gateway.errors import (
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import Access, Ask, Tokens
from wearable_gateway.providers.garmin import PROVIDER
from wearable_gateway.unified.records import DataType

FIRST = dt.date.today() - dt.timedelta(days=3)  # noqa: DTZ011 - any few days of late do
LAST = FIRST + dt.timedelta(days=1)
SET = Tokens("access", "refresh", None, ())
PULLED = f"{URL}/wellness-api/rest/dailies"


def ask(kind: DataType, first: dt.date = FIRST, last: dt.date = LAST) -> Ask:
    return Ask(kind, first, last, samples=True)


def pinged(url: str) -> Notice:
    return Notice("k", NoticeKind.DATA_CHANGED, "ann", hints={"summaries": "dailies", "url": url})


async def test_an_account_is_its_user_and_what_they_allowed() -> None:
    scene = Scene()
    async with scene.access(allowed=("HEALTH_EXPORT",)) as access:
        account = await PROVIDER.account(access.client, APP, SET)
        await PROVIDER.probe(access)
    assert account.id == scene.vendor.person("ann").id
    assert account.scopes == ("HEALTH_EXPORT",)


@pytest.mark.parametrize(
    ("answer", "scopes"),
    [
        (["HEALTH_EXPORT"], ("HEALTH_EXPORT",)),
        ({"permissions": ["HEALTH_EXPORT", 7]}, ("HEALTH_EXPORT",)),
        ({"HEALTH_EXPORT": True, "ACTIVITY_EXPORT": False}, ("HEALTH_EXPORT",)),
        ([], ()),
    ],
)
async def test_permissions_are_read_in_each_of_their_forms(answer: Any, scopes: tuple[str, ...]) -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        with respx.mock:
            respx.get(f"{URL}/wellness-api/rest/user/id").respond(json={"userId": "u1"})
            respx.get(f"{URL}/wellness-api/rest/user/permissions").respond(json=answer)
            assert (await PROVIDER.account(client, APP, SET)).scopes == scopes


@pytest.mark.parametrize(
    ("me", "permissions"),
    [({}, []), ({"userId": 7}, []), ([], []), ({"userId": "u1"}, "all"), ({"userId": "u1"}, None)],
)
async def test_an_account_that_cannot_be_read_is_asked_for_again(me: Any, permissions: Any) -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        with respx.mock(assert_all_called=False) as garmin:
            garmin.get(f"{URL}/wellness-api/rest/user/id").respond(json=me)
            garmin.get(f"{URL}/wellness-api/rest/user/permissions").respond(json=permissions)
            with pytest.raises(ProviderUnavailableError):
                await PROVIDER.account(client, APP, SET)


def test_the_browser_is_sent_with_a_challenge_and_without_scopes() -> None:
    app = APP.__class__("client-1", "secret-1", "n", PROVIDER.hosts({}))
    url = httpx.URL(
        OAuth2Flow(PROVIDER, app).authorize_url(redirect_uri="https://g.test/c", state="s", verifier="v" * 43)
    )
    assert (url.host, url.path) == ("connect.garmin.com", "/oauth2Confirm")
    assert url.params["code_challenge_method"] == "S256"
    assert "scope" not in url.params


def test_tokens_are_used_long_before_an_idle_refresh_token_ends() -> None:
    assert PROVIDER.probe_every is not None
    assert PROVIDER.probe_every < dt.timedelta(days=90) / 2


def test_of_a_token_answer_only_the_tokens_are_kept() -> None:
    answer = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 86_400,
        "token_type": "bearer",
        "scope": "PARTNER_READ CONNECT_READ",
        "jti": "j",
        "refresh_token_expires_in": 7_775_998,
    }
    assert set(PROVIDER.token_answer(200, answer)) == {
        "access_token",
        "refresh_token",
        "expires_in",
        "token_type",
    }


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (400, {"error": "invalid_grant"}, "invalid_grant"),
        (400, {"error": "invalid_request", "error_description": "Token is not active"}, "invalid_grant"),
        (401, {"errorMessage": "Token is not active."}, "invalid_grant"),
        (401, {"error": "invalid_client"}, "invalid_client"),
        (400, {"message": "bad"}, None),
    ],
)
def test_a_dead_refresh_token_is_known_by_its_words(status: int, answer: Any, error: str | None) -> None:
    assert PROVIDER.token_answer(status, answer).get("error") == error


async def test_giving_the_registration_back_ends_it_and_is_told_back() -> None:
    scene = Scene()
    async with scene.access() as access:
        await PROVIDER.revoke(access, SET)
        with pytest.raises(ProviderRefusedError) as refused:
            await PROVIDER.probe(access)
    assert refused.value.status == 401
    assert await scene.told() == {"deregistrations": [{"userId": scene.vendor.person("ann").id}]}


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
async def test_what_is_asked_for_is_pushed_and_readable(kind: DataType) -> None:
    scene = Scene()
    async with scene.access() as access:
        assert await PROVIDER.backfill(access, ask(kind)) is True
    await scene.told()
    found = [
        PROVIDER.normalise(of_kind, document)
        for notice in PROVIDER.notices(scene.body())
        for of_kind, documents in notice.documents.items()
        for document in documents
    ]
    assert found
    assert None not in found
    assert kind in {record.type for record in found if record}


async def test_what_was_asked_for_before_is_not_asked_for_again() -> None:
    scene = Scene()
    async with scene.access() as access:
        assert await PROVIDER.backfill(access, ask(DataType.DAILY)) is True
        assert await PROVIDER.backfill(access, ask(DataType.DAILY)) is False


async def test_days_side_by_side_do_not_overlap() -> None:
    async with Scene().access() as access:
        assert await PROVIDER.backfill(access, ask(DataType.SLEEP, FIRST, FIRST)) is True
        assert await PROVIDER.backfill(access, ask(DataType.SLEEP, LAST, LAST)) is True


async def test_history_that_was_not_allowed_is_not_asked_for() -> None:
    scene = Scene()
    async with scene.access(allowed=("HEALTH_EXPORT",)) as access:
        assert await PROVIDER.backfill(access, ask(DataType.DAILY)) is False
    assert not scene.vendor.frame.calls


async def test_a_type_that_the_end_user_switched_off_is_refused() -> None:
    async with Scene().access(allowed=("HISTORICAL_DATA_EXPORT",)) as access:
        with pytest.raises(ProviderRefusedError) as refused:
            await PROVIDER.backfill(access, ask(DataType.DAILY))
    assert refused.value.status == 412


async def test_more_days_than_the_key_has_are_asked_for_later_and_nothing_twice() -> None:
    scene = Scene()
    month = ask(DataType.DAILY, LAST - dt.timedelta(days=29), LAST)
    scene.vendor.backfilled_days_a_minute = 100
    async with scene.access() as access:
        with pytest.raises(ProviderLimitError):
            await PROVIDER.backfill(access, month)
        scene.vendor.backfilled_days_a_minute = 10_000
        assert await PROVIDER.backfill(access, month) is True
        assert await PROVIDER.backfill(access, month) is False


@pytest.mark.parametrize(("status", "error"), [(404, ProviderRejectedError), (500, ProviderUnavailableError)])
async def test_another_refusal_of_a_backfill_is_told(status: int, error: type[Exception]) -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        access = Access(client, APP, "u1", frozenset(EVERYTHING))
        with respx.mock:
            respx.get(url__startswith=f"{URL}/wellness-api/rest/backfill/sleeps").respond(status)
            with pytest.raises(error):
                await PROVIDER.backfill(access, ask(DataType.SLEEP))


async def test_days_before_the_vendors_memory_are_not_waited_for() -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        access = Access(client, APP, "u1", frozenset(EVERYTHING))
        with respx.mock:
            respx.get(url__startswith=f"{URL}/wellness-api/rest/backfill/sleeps").respond(400)
            assert await PROVIDER.backfill(access, ask(DataType.SLEEP)) is False


async def test_what_is_only_announced_is_pulled_from_where_it_was_said_to_be() -> None:
    scene = Scene()
    scene.vendor.pings = True
    async with scene.access() as access:
        await scene.vendor.changed(scene.vendor.person("ann"), "sleep", FIRST)
        await scene.told()
        (notice,) = PROVIDER.notices(scene.body())
        found = await PROVIDER.fetch_noticed(access, notice, [DataType.SLEEP])
    assert [document["document"] for document in found[DataType.SLEEP]] == ["sleeps", "nap"]


async def test_a_callback_url_is_called_as_it_is_and_only_the_accounts_own_is_taken() -> None:
    url = f"{PULLED}?uploadStartTimeInSeconds=1&uploadEndTimeInSeconds=2&token=a%2Fb+c%3D"
    day = {"startTimeInSeconds": 1_795_154_400}
    async with httpx.AsyncClient(base_url=URL) as client:
        access = Access(client, APP, "u1", frozenset(EVERYTHING))
        with respx.mock:
            route = respx.get(url__startswith=PULLED).respond(
                json=[day, {"userId": "u1", **day}, {"userId": "u2", **day}, "none"]
            )
            found = await PROVIDER.fetch_noticed(access, pinged(url), [DataType.DAILY])
            assert str(route.calls.last.request.url) == url
    assert len(found[DataType.DAILY]) == 2


async def test_of_what_is_pulled_only_what_may_be_given_is_kept() -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        access = Access(client, APP, "u1", frozenset(EVERYTHING))
        with respx.mock:
            respx.get(url__startswith=PULLED).respond(json=[{"startTimeInSeconds": 1_795_154_400}])
            assert await PROVIDER.fetch_noticed(access, pinged(PULLED), [DataType.SLEEP]) == {}


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/wellness-api/rest/dailies?token=t",
        "https://apis.garmin.com.evil.test/wellness-api/rest/dailies",
        "https://apis.garmin.com@evil.test/wellness-api/rest/dailies",
        "http://apis.garmin.com/wellness-api/rest/dailies",
        "https://apis.garmin.com:8443/wellness-api/rest/dailies",
        "https://apis.garmin.com/partner-gateway/rest/user/registration",
        "https://apis.garmin.com/wellness-api/rest/../../secret",
        "/wellness-api/rest/dailies",
        "no url at all",
        "https://[",
        "https://a:b/c",
        "",
    ],
)
async def test_a_callback_url_that_points_elsewhere_is_not_called(url: str) -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        with respx.mock, pytest.raises(ProviderRejectedError):
            await PROVIDER.fetch_noticed(
                Access(client, APP, "u1", frozenset(EVERYTHING)), pinged(url), [DataType.DAILY]
            )


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"errorMessage": "no"}, ProviderUnavailableError),
        (401, {"errorMessage": "Unauthorized pull request"}, ProviderRefusedError),
        (429, {}, ProviderLimitError),
        (503, {}, ProviderUnavailableError),
    ],
)
async def test_a_pull_that_fails_says_how(status: int, body: Any, error: type[Exception]) -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        access = Access(client, APP, "u1", frozenset(EVERYTHING))
        with respx.mock:
            respx.get(url__startswith=PULLED).respond(status, json=body)
            with pytest.raises(error):
                await PROVIDER.fetch_noticed(access, pinged(PULLED), [DataType.DAILY])


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (200, None, None),
        (401, ProviderRefusedError, 401),
        (403, ProviderRefusedError, 403),
        (412, ProviderRefusedError, 412),
        (404, ProviderRejectedError, 404),
        (429, ProviderLimitError, None),
        (500, ProviderUnavailableError, None),
    ],
)
async def test_a_probe_tells_a_grant_that_is_gone_from_a_vendor_that_is_away(
    status: int, error: type[Exception] | None, said: int | None
) -> None:
    async with httpx.AsyncClient(base_url=URL) as client:
        access = Access(client, APP, "u1", frozenset(EVERYTHING))
        with respx.mock:
            respx.get(f"{URL}/wellness-api/rest/user/id").respond(status, json={"userId": "u1"})
            if error is None:
                await PROVIDER.probe(access)
                return
            with pytest.raises(error) as raised:
                await PROVIDER.probe(access)
    assert getattr(raised.value, "status", None) == said


async def test_it_is_never_asked_a_question_for_data() -> None:
    async with Scene().access() as access:
        with pytest.raises(NotImplementedError):
            await PROVIDER.fetch(access, ask(DataType.DAILY))


@pytest.mark.parametrize(
    ("kind", "document"),
    [(DataType.SLEEP, {"document": "dailies"}), (DataType.DAILY, {}), (DataType.DAILY, {"document": 7})],
)
def test_a_document_of_another_type_is_no_record(kind: DataType, document: dict[str, Any]) -> None:
    assert PROVIDER.normalise(kind, document) is None
