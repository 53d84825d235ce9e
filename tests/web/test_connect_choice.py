"""The choice of a provider, and what an end user reads before they leave for it."""

import httpx
import pytest

from tests.web.callers import Caller, Callers
from tests.web.connect_pages import Stage, links, token_of
from tests.web.pages import page, plain, redirected
from wearable_gateway.connect.consent import sharing
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.connect.choices import choices

MANY = sorted(set(PROVIDERS) - {"SANDBOX"})


@pytest.fixture
async def stage(callers: Callers, a: Caller) -> Stage:
    made = Stage(callers, a)
    for slug in MANY:
        await made.provider(slug)
    return made


async def test_every_provider_is_offered_by_name_and_searched_on_the_server(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    session = await stage.session()
    everything = await client.get(session)
    page(everything, 200, "Find your brand")
    named = sorted(PROVIDERS, key=lambda slug: PROVIDERS[slug].name)
    assert links(everything, session + "/[A-Z_]+") == [f"{session}/{slug}" for slug in named]
    for query, found in (
        ("fitbit", ["GOOGLE_HEALTH"]),
        ("  GÖOGLE health ", ["GOOGLE_HEALTH"]),
        ("su", ["SUUNTO"]),
        ("sandbox wear", ["SANDBOX"]),
        ("", named),
        (" ", named),
        ("zzz", []),
        ("<b>'\"%", []),
        ("x" * 5000, []),
    ):
        answer = await client.get(session, params={"q": query})
        assert links(answer, session + "/[A-Z_]+") == [f"{session}/{slug}" for slug in found], query
        assert "<b>" not in page(answer)
    page(await client.get(session, params={"q": "zzz"}), 200, "Nothing found for “zzz”")
    assert f'href="{session}"' in (await client.get(session, params={"q": "zzz"})).text  # a way back


async def test_what_stands_on_the_device_is_named_in_the_choice_and_not_in_every_sentence(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    session = await stage.session()
    assert "Fitbit, Pixel" in page(await client.get(session))
    asked = page(await client.get(f"{session}/GOOGLE_HEALTH"), 200, "Continue to Google Health")
    assert "Fitbit" not in asked
    assert links(await client.get(session, params={"q": "pixel"}), session + "/[A-Z_]+") == [
        f"{session}/GOOGLE_HEALTH"
    ]


async def test_a_filtered_page_runs_no_script(stage: Stage, client: httpx.AsyncClient) -> None:
    """What is not on it could not be found by one."""
    session = await stage.session()
    assert "connect.js" in (await client.get(session)).text
    assert "<script" not in (await client.get(session, params={"q": "polar"})).text


async def test_what_was_chosen_last_stands_first(stage: Stage, client: httpx.AsyncClient) -> None:
    session = await stage.session()
    for slug in ("POLAR", "OURA", "GARMIN", "polar", "WITHINGS"):
        left = await client.post(f"/connect/{token_of(session)}/start", data={"provider": slug})
        assert left.status_code == 303, left.text
    kept = {(cookie.value, cookie.path) for cookie in client.cookies.jar if cookie.name == "wg_recent"}
    assert kept == {("WITHINGS.POLAR.GARMIN", path) for path in ("/connect", "/widget")}
    answer = await client.get(session)
    assert "Recently used" in page(answer)
    shown = [link.rpartition("/")[2] for link in links(answer, session + "/[A-Z_]+")]
    assert shown[:3] == ["WITHINGS", "POLAR", "GARMIN"]
    assert sorted(shown) == sorted(PROVIDERS)
    only = await stage.session(providers="OURA,POLAR")
    answer = await client.get(only)
    assert [link.rpartition("/")[2] for link in links(answer, only + "/[A-Z_]+")] == ["POLAR", "OURA"]


@pytest.mark.parametrize("recent", ["", ".", "<script>.x", "COFFEE.OURA", "A" * 4000, "\xff", "OURA." * 99])
async def test_a_forged_list_of_what_was_chosen_last_does_no_harm(
    stage: Stage, client: httpx.AsyncClient, recent: str
) -> None:
    session = await stage.session()
    headers = [(b"cookie", f"wg_recent={recent}".encode("latin-1"))]
    shown = page(await client.get(session, headers=headers))
    assert "<script>" not in shown
    left = await client.post(
        f"/connect/{token_of(session)}/start", data={"provider": "OURA"}, headers=headers
    )
    assert left.status_code == 303


async def test_what_a_provider_delivers_is_said_before_anybody_leaves_for_it(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    session = await stage.session()
    shown = await client.get(f"{session}/DEXCOM")
    page(shown, 200, "Company A would like to receive from your Dexcom account:")
    for said in ("Body measurements", "Nutrition", "Profile", "Your password stays with Dexcom"):
        assert said in plain(shown)
    for not_delivered in ("Workouts", "Sleep", "Menstrual", "could also add"):
        assert not_delivered not in plain(shown)
    page(await client.get(f"{session}/sandbox"), 200, "Company A could also add to your Sandbox Wearables")
    # An app that asks for less is given less.
    await stage.provider("WHOOP", scopes="read:sleep")
    shown = await client.get(f"{session}/WHOOP")
    assert "Sleep" in plain(shown)
    assert "Workouts" not in plain(shown)


async def test_every_provider_says_what_it_delivers_and_nothing_else(stage: Stage) -> None:
    apps = ProviderApps(stage.callers.db.autocommit, stage.callers.keyring)
    for slug in MANY:
        told = sharing(await apps.for_developer(slug, stage.caller.dev_id))
        assert told.reads
        assert set(told.reads) <= set(PROVIDERS[slug].data_scopes)
        assert set(told.writes) <= set(PROVIDERS[slug].write_scopes)


async def test_where_there_is_no_choice_the_question_comes_at_once(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    session = await stage.session(providers="POLAR")
    page(await client.get(session), 200, "Continue to Polar")
    assert "Choose another brand" not in (await client.get(session)).text
    assert "Choose another brand" in (await client.get(f"{await stage.session()}/POLAR")).text


async def test_a_provider_that_is_not_offered_leads_back_to_the_choice(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    session = await stage.session(providers="POLAR,OURA")
    for slug in ("GARMIN", "COFFEE", "a%00b", "x" * 3000):
        answer = await client.get(f"{session}/{slug}")
        page(answer, 404, "This brand cannot be connected now")
        assert f'href="/connect/{token_of(session)}"' in answer.text
    answer = await client.post(f"/connect/{token_of(session)}/start", data={"provider": "GARMIN"})
    page(answer, 404, "Back to the list")
    assert await stage.events("auth_cancelled") == 0


async def test_a_choice_sent_twice_begins_two_trips_of_one_flow(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    """Only one of them can end it; whoever went back may choose another provider."""
    session = await stage.session()
    for slug in ("POLAR", "POLAR", "OURA"):
        left = await client.post(f"/connect/{token_of(session)}/start", data={"provider": slug})
        assert left.status_code == 303
    ((state, _, left_at, trips),) = await stage.begun()
    assert (state, trips, left_at is not None) == ("open", 3, True)
    page(await client.get(session), 200, "Connect your wearable")


async def test_who_only_looks_opens_nothing(stage: Stage, client: httpx.AsyncClient) -> None:
    session, link = await stage.session(), await stage.auth_url()
    before = await stage.begun()
    for path in (session, link, session.replace("/widget/session/", "/connect/")):
        looked = await client.head(path)
        assert (looked.status_code, looked.content) == (200, b"")
        for headers in (
            {"sec-purpose": "prefetch;prerender"},
            {"purpose": "prefetch"},
            {"x-moz": "prefetch"},
        ):
            page(await client.get(path, headers=headers), 503)
    await client.get(f"{session}/POLAR")
    await client.get(f"/connect/callback?state={stage.caller.dev_id}.x", headers={"purpose": "prefetch"})
    assert await stage.begun() == before
    assert (await client.head("/connect/nothing")).status_code == 400
    await client.get(session)
    assert await stage.begun() != before


async def test_an_auth_url_under_the_widgets_address_goes_where_it_leads(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    link = await stage.auth_url()
    answer = await client.get(link.replace("/connect/", "/widget/session/"))
    assert redirected(answer, f"http://gateway.test{link}") == {}


def test_searching_needs_every_word_and_no_case() -> None:
    offered = ["GARMIN", "GOOGLE_HEALTH", "POLAR"]
    found = choices(offered, query="pixel HEALTH", recent=["POLAR"])
    assert [one.slug for one in found.others] == ["GOOGLE_HEALTH"]
    assert (found.recent, found.count, found.is_searchable) == ([], 1, True)
    assert not choices(offered, query="", recent=[]).is_searchable
