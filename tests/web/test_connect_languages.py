"""End users read the connect pages in their language."""

import re
from datetime import date
from string import Formatter

import httpx
import pytest

from tests.web.callers import Caller, Callers
from tests.web.connect_pages import NOBODYS, Stage, token_of
from tests.web.pages import page
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.connect.language import ENGLISH, LANGUAGES, Language, find_language

EVERY = pytest.mark.parametrize("language", LANGUAGES.values(), ids=str)


@pytest.fixture
def stage(callers: Callers, a: Caller) -> Stage:
    return Stage(callers, a)


def _placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_every_message_with_the_same_placeholders(code: str) -> None:
    language = LANGUAGES[code]
    assert list(language.messages) == list(ENGLISH.messages)
    for name, message in language.messages.items():
        assert message.strip() == message != "", name
        assert "<" not in message, name
        if code != "en" and len(ENGLISH.messages[name]) > 30:
            assert message != ENGLISH.messages[name], f"{name} is not translated"
        assert _placeholders(message) == _placeholders(ENGLISH.messages[name]), name
    assert {f"kind_{kind}" for kind in DataType} <= set(language.messages)
    assert language.direction == ("rtl" if code == "ar" else "ltr")
    assert len(set(language.months)) == 12


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "5 March 2026"), ("de", "5. März 2026"), ("es", "5 de marzo de 2026"), ("fr", "5 mars 2026"),
        ("pt", "5 de março de 2026"), ("ja", "2026年3月5日"), ("ar", "5 مارس 2026"),
    ],
)  # fmt: skip
def test_a_date_is_said_as_people_write_it(code: str, said: str) -> None:
    assert LANGUAGES[code].date(date(2026, 3, 5)) == said


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), ("pt-BR", "pt"), ("zh-Hant-TW", None), ("ja-JP", "ja"),
        ("ar-EG", "ar"), ("", None), (None, None), ("d", None), ("-", None), ("deutsch", None),
    ],
)  # fmt: skip
def test_a_region_falls_back_to_its_language(tag: str | None, code: str | None) -> None:
    found = find_language(tag)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("session", "accepted", "code"),
    [
        (None, None, "en"),
        (None, "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "nl, ja;q=0.4, es;q=0.5", "es"),
        (None, "de;q=0, *;q=0.5", "en"),
        (None, "de;q=x,,;;=,\x7f", "en"),
        (None, "x" * 20_000, "en"),
        ("pt-BR", "fr", "pt"),
        ("nl", "fr", "fr"),
        ("ar", None, "ar"),
    ],
)
async def test_the_sessions_language_comes_before_the_browsers(
    stage: Stage, client: httpx.AsyncClient, session: str | None, accepted: str | None, code: str
) -> None:
    link = await stage.session(language=session)
    shown = page(await client.get(link, headers={"accept-language": accepted} if accepted else {}))
    language = LANGUAGES[code]
    assert f'<html lang="{code}" dir="{language.direction}">' in shown
    assert language.messages["consent_next"] in shown


async def test_what_is_chosen_on_the_page_stays_until_the_end(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    link = await stage.session(language="fr")
    shown = page(await client.get(link))
    for code, language in LANGUAGES.items():
        assert f'href="?lang={code}" lang="{code}"' in shown
        assert language.name in shown
    page(await client.get(link, params={"lang": "ja"}), 200, LANGUAGES["ja"].messages["consent_next"])
    page(await client.get(f"{link}/SANDBOX"), 200, LANGUAGES["ja"].messages["consent_next"])
    page(await client.get("/connect/nothing"), 400, LANGUAGES["ja"].messages["refused_link"])
    for odd in ("zz", "<script>", "", "x" * 5000):
        assert '<html lang="ja"' in page(await client.get(link, params={"lang": odd}))


async def test_who_comes_back_unknown_is_told_in_the_language_they_left_in(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    assert (await client.get(await stage.auth_url(language="es"))).status_code == 303
    answer = await client.get("/connect/callback", params={"state": f"{stage.caller.dev_id}.x", "code": "y"})
    page(answer, 400, LANGUAGES["es"].messages["refused_sign_in"])
    # The switch keeps no code, and of the state no more than it needs.
    assert "code=" not in answer.text


async def test_an_ending_is_told_in_the_sessions_language(stage: Stage, client: httpx.AsyncClient) -> None:
    for code, language in LANGUAGES.items():
        link = await stage.session(language=code)
        await stage.callers.db.autocommit.execute("UPDATE flows SET expires_at = created_at")
        page(await client.get(link), 200, language.messages["ending_expired"])


@EVERY
def test_every_message_can_be_said_with_names_that_mean_harm(language: Language) -> None:
    bad = "<b>{0} {developer} %s</b>"
    values = dict.fromkeys(("developer", "provider", "query", "date", "count", "minutes"), bad)
    for name in language.messages:
        said = str(language.say(name, **values))
        assert "<b>" not in said
        assert re.sub(r"</?bdi>", "", said).count("&lt;b&gt;") == len(
            re.findall(r"\{\w+\}", language.messages[name])
        )


async def test_what_is_refused_is_told_in_the_language_of_the_session(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    mine = await stage.callers.connected(stage.caller, "acc-1", "ann")
    session = await stage.session(language="fr", reference_id="ann", show_disconnect=True)
    french = LANGUAGES["fr"].messages
    page(await client.get(f"{session}/COFFEE"), 404, french["refused_provider"])
    other = f"/connect/{token_of(session)}/disconnect/{NOBODYS}"
    page(await client.get(other), 404, french["refused_connection"])
    page(await client.post(other.replace(NOBODYS, mine), data={}), 403, french["refused_form"])
    page(
        await client.get(f"{session}/COFFEE", params={"lang": "ja"}),
        404,
        LANGUAGES["ja"].messages["refused_provider"],
    )
