"""The simulated vendor keeps to what is known of the real one."""

from typing import Any

import httpx
import pytest

from tests.providers.garmin.vendor import APP, URL, Scene
from wearable_gateway.simulators._base.consent import challenge_of

DAY = 86_400
NOON = 1_763_640_000
REST = "/wellness-api/rest"
VERIFIER = "v" * 43
CODE = {
    "grant_type": "authorization_code",
    "client_id": APP.client_id,
    "client_secret": APP.client_secret,
    "code_verifier": VERIFIER,
}
REDIRECT = "https://gateway.test/connect/callback"


async def backfilled(client: httpx.AsyncClient, name: str, first: int, last: int) -> int:
    days = {"summaryStartTimeInSeconds": first, "summaryEndTimeInSeconds": last}
    return (await client.get(f"{REST}/backfill/{name}", params=days)).status_code


async def redeemed(scene: Scene, **changes: str) -> httpx.Response:
    """What a code is worth that was just given to somebody with a challenge."""
    consent = {
        "response_type": "code",
        "client_id": APP.client_id,
        "redirect_uri": REDIRECT,
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    async with httpx.AsyncClient(transport=httpx.ASGITransport(scene.app), base_url=URL) as http:
        form = {**consent, "account": "ann", "answer": "allow", "scope": "HEALTH_EXPORT"}
        back = await http.post("/oauth2Confirm", data=form)
        code = httpx.URL(back.headers["location"]).params["code"]
        return await http.post("/di-oauth2-service/oauth/token", data={**CODE, "code": code, **changes})


async def test_its_token_answer_says_nothing_of_what_was_allowed() -> None:
    answer = await redeemed(Scene())
    assert answer.json()["scope"] == "PARTNER_WRITE PARTNER_READ CONNECT_READ CONNECT_WRITE"
    assert answer.json()["expires_in"] == DAY


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"code_verifier": "w" * 43}, 400), ({"client_secret": "wrong"}, 401), ({"code": "used"}, 400)],
)
async def test_it_wants_both_the_secret_and_the_verifier(changes: dict[str, str], status: int) -> None:
    assert (await redeemed(Scene(), **changes)).status_code == status


async def test_a_refresh_token_is_good_once() -> None:
    scene = Scene()
    given = scene.tokens()
    form = {**CODE, "grant_type": "refresh_token", "refresh_token": given.refresh or ""}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(scene.app), base_url=URL) as http:
        first = await http.post("/di-oauth2-service/oauth/token", data=form)
        again = await http.post("/di-oauth2-service/oauth/token", data=form)
    assert first.json()["refresh_token"] != given.refresh
    assert again.status_code == 400


@pytest.mark.parametrize(
    ("name", "first", "last", "status"),
    [
        ("sleeps", NOON, NOON + DAY, 202),
        ("sleeps", NOON, NOON + 90 * DAY, 202),
        ("sleeps", NOON, NOON + 91 * DAY, 400),
        ("activities", NOON, NOON + 31 * DAY, 400),
        ("sleeps", NOON, NOON, 400),
        ("sleeps", NOON * 1000, NOON * 1000 + DAY, 400),
        ("pulseOx", NOON, NOON + DAY, 202),
        ("pulseox", NOON, NOON + DAY, 404),
        ("nothing", NOON, NOON + DAY, 404),
    ],
)
async def test_a_backfill_is_taken_or_refused_at_once(name: str, first: int, last: int, status: int) -> None:
    async with Scene().access() as access:
        assert await backfilled(access.client, name, first, last) == status


@pytest.mark.parametrize(
    ("allowed", "status"), [(("HEALTH_EXPORT",), 403), (("HISTORICAL_DATA_EXPORT", "ACTIVITY_EXPORT"), 412)]
)
async def test_a_backfill_needs_leave_for_history_and_for_its_type(allowed: Any, status: int) -> None:
    async with Scene().access(allowed=allowed) as access:
        assert await backfilled(access.client, "sleeps", NOON, NOON + DAY) == status


async def test_days_are_backfilled_once_until_the_person_comes_back() -> None:
    scene = Scene()
    async with scene.access() as access:
        assert await backfilled(access.client, "sleeps", NOON, NOON + 2 * DAY) == 202
        assert await backfilled(access.client, "sleeps", NOON + DAY, NOON + 3 * DAY) == 409
    scene.vendor.withdraw(scene.vendor.person("ann"))
    async with scene.access() as access:
        assert await backfilled(access.client, "sleeps", NOON, NOON + 2 * DAY) == 202


@pytest.mark.parametrize("query", [{}, {"token": "guessed"}])
async def test_nothing_is_pulled_but_what_was_pinged(query: dict[str, str]) -> None:
    async with Scene().access() as access:
        assert (await access.client.get(f"{REST}/dailies", params=query)).status_code == 401


async def test_what_was_not_allowed_is_not_pushed() -> None:
    scene = Scene()
    async with scene.access(allowed=("ACTIVITY_EXPORT",)):
        person, today = scene.vendor.person("ann"), scene.vendor.today()
        await scene.vendor.changed(person, "sleep", today)
        await scene.vendor.changed(person, "activity", today)
        assert set(await scene.told()) == {"activities", "activityDetails"}


async def test_what_happens_at_once_comes_in_one_body() -> None:
    scene = Scene()
    async with scene.access("ann"), scene.access("bo"):
        for name in ("ann", "bo"):
            await scene.vendor.changed(scene.vendor.person(name), "sleep", scene.vendor.today())
        body = await scene.told()
    assert [item["userId"] for item in body["sleeps"]] == [
        scene.vendor.person(name).id for name in ("ann", "bo")
    ]
