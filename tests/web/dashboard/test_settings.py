"""The settings page: every setting with a control, only what was changed is chosen, what cannot be saved stays typed."""

import html
import re

from tests.fakes.pictures import PNG
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Signer, changes_at
from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys
from wearable_gateway.developers.roles import Operator
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.web.dashboard.settings.controls import CONTROLS, ELSEWHERE, Kind

SETTINGS = "/dashboard/acme/settings"
BRANDING = f"{SETTINGS}/branding"
_INPUT = re.compile(r"<(input|select|textarea|button)\b([^>]*)>")
_NAME, _VALUE = re.compile(r'\bname="([^"]+)"'), re.compile(r'\bvalue="([^"]*)"')


def filled_in(page: str) -> dict[str, str]:
    """The form as a browser would send it."""
    sent = {}
    for tag, attributes in _INPUT.findall(page):
        name = _NAME.search(attributes)
        if name is None or tag in {"button", "textarea", "select"} or " disabled" in attributes:
            continue
        if 'type="checkbox"' in attributes and " checked" not in attributes:
            continue
        value = _VALUE.search(attributes)
        sent[name[1]] = html.unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', page):
        sent[name] = html.unescape(inside)
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]+)" selected', inside)
        sent[name] = chosen[1] if chosen else ""
    sent.pop("csrf")
    return sent


async def stored(db: Database) -> dict[str, object]:
    return (await keys.find_developer(db.autocommit, "acme")).settings


async def form_of(browser: Browser) -> dict[str, str]:
    return filled_in((await browser.open(SETTINGS)).text)


def test_every_setting_has_a_control_or_another_place() -> None:
    assert set(DeveloperSettings.model_fields) <= set(CONTROLS) | set(ELSEWHERE)
    assert set(CONTROLS) <= set(DeveloperSettings.model_fields)
    defaults = DeveloperSettings().model_dump(mode="json")
    for name, control in CONTROLS.items():
        schema = DeveloperSettings.model_json_schema()["properties"][name]
        assert (control.none is not None) == ({"type": "null"} in schema.get("anyOf", ())), name
        if control.kind is Kind.CHOICE:
            kind = DeveloperSettings.model_json_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
            assert set(control.choices) == set(kind["enum"])
        assert control.in_words(defaults[name])


async def test_saving_an_untouched_page_chooses_nothing(sign_in: Signer, ann: Operator, db: Database) -> None:
    browser = await sign_in(ann)
    answer = await browser.follow(await browser.submit(SETTINGS, **await form_of(browser)))
    assert "Saved." in answer.text
    assert await stored(db) == {}
    assert await changes_at(db) == []


async def test_what_was_changed_is_chosen_and_what_somebody_else_changed_stays(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    browser = await sign_in(ann)
    form = await form_of(browser)
    async with db.transaction() as tx:
        await change_settings(tx, "acme", {"api_version": "current"}, actor="operator:olga@example.org")
    form |= {
        "developer_name": "Acme Fitness", "history_days": "7", "duplicate_policy": "replace",
        "redirect_urls": "https://app.example.com/\r\n\r\nacme://done ", "user_limit": "12",
    }  # fmt: skip
    for gone in ("healthcheck", "none.redirect_urls", "none.user_limit"):
        form.pop(gone)
    form["none.requests_per_minute"] = "on"
    page = (await browser.follow(await browser.submit(SETTINGS, **form))).text
    assert await stored(db) == {
        "api_version": "current", "history_days": 7, "duplicate_policy": "replace", "healthcheck": False,
        "redirect_urls": ["https://app.example.com/", "acme://done"], "user_limit": 12,
        "requests_per_minute": None,
    }  # fmt: skip
    assert (await keys.find_developer(db.autocommit, "acme")).name == "Acme Fitness"
    assert "Default: 90 days" in page
    actions = [entry.action for entry in await changes_at(db)]
    assert actions == ["settings.changed", "developer.renamed", "settings.changed"]

    form = await form_of(browser)
    await browser.submit(SETTINGS, **form, reset="history_days")
    assert "history_days" not in await stored(db)
    assert "healthcheck" in await stored(db)


async def test_what_cannot_be_saved_stays_typed_with_its_problem_beside_it(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    browser = await sign_in(ann)
    form = await form_of(browser)
    form.pop("none.redirect_urls")
    form.pop("healthcheck")
    form |= {"developer_name": " ", "history_days": "40000", "redirect_urls": "javascript:alert(1)"}
    form |= {"disable_failing_destinations_after_days": "5.5", "duplicate_policy": "nonsense"}
    answer = await browser.submit(SETTINGS, **form)
    assert answer.status_code == 422
    page = answer.text
    assert "Nothing was saved" in page
    for name in (
        "developer_name", "history_days", "redirect_urls", "disable_failing_destinations_after_days",
        "duplicate_policy",
    ):  # fmt: skip
        problem = re.search(rf'id="{name}-problem">It needs: ([^<]+)<', page)
        assert problem, name
        assert "(" not in problem[1]
    assert 'value="40000"' in page
    assert ">javascript:alert(1)</textarea>" in page
    assert "a whole number, or “Never”" in page
    assert filled_in(page) | {"duplicate_policy": "nonsense"} == form
    assert await stored(db) == {}
    assert (await keys.find_developer(db.autocommit, "acme")).name == "Acme Health"


async def test_a_developers_owner_cannot_raise_its_limits(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    browser = await sign_in(olga)
    page = (await browser.open(SETTINGS)).text
    assert "These are changed by those who run the gateway." in page
    assert re.search(r'name="user_limit"[^>]* disabled', page)
    form = filled_in(page) | {"user_limit": "1000000", "requests_per_minute": "9999999", "history_days": "5"}
    await browser.submit(SETTINGS, **form)
    await browser.submit(SETTINGS, **form, reset="requests_per_minute")
    assert await stored(db) == {"history_days": 5}


async def test_who_may_only_look_sees_the_settings_and_no_button(sign_in: Signer, rea: Operator) -> None:
    page = (await (await sign_in(rea)).open(SETTINGS)).text
    assert "Save changes" not in page
    assert "An owner can change them." in page
    assert not re.search(r'<(input|select|textarea) id="(?![^>]* disabled)', page)


async def test_logo_and_colour_are_saved_shown_to_end_users_and_taken_away(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    browser = await sign_in(olga)
    page = await browser.open(SETTINGS)
    assert "There is none." in page.text
    form = {"csrf": browser.csrf, "brand_color": "#C2185B"}
    answer = await browser.client.post(BRANDING, data=form, files={"logo_file": ("logo.png", PNG)})
    page = await browser.follow(answer)
    assert 'value="#c2185b"' in page.text
    logo = re.search(r'class="logo" src="([^"]+)"', page.text)
    assert logo is not None
    assert (await browser.client.get(logo[1])).content == PNG
    assert await stored(db) == {"brand_color": "#c2185b"}

    await browser.follow(await browser.submit(BRANDING, brand_color="", remove_logo="1"))
    assert await stored(db) == {}
    assert (await browser.client.get(logo[1])).status_code == 404
    actions = [entry.action for entry in await changes_at(db)]
    assert actions == ["logo.removed", "settings.changed", "logo.changed", "settings.changed"]
    assert (await browser.open(BRANDING)).headers["location"] == f"{SETTINGS}#branding"


async def test_a_logo_or_colour_that_cannot_be_saved_says_why_and_nothing_changes(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    browser = await sign_in(olga)
    await browser.open(SETTINGS)
    form = {"csrf": browser.csrf, "brand_color": "red<b>"}
    answer = await browser.client.post(BRANDING, data=form, files={"logo_file": ("logo.svg", b"<svg/>")})
    assert answer.status_code == 422
    assert "a PNG, JPEG or WebP picture of at most 200 KiB" in answer.text
    assert "six hexadecimal digits" in answer.text
    assert 'value="red&lt;b&gt;"' in answer.text
    assert await changes_at(db) == []


async def test_who_does_not_own_the_pages_sees_logo_and_colour_without_a_button(
    sign_in: Signer, mia: Operator
) -> None:
    browser = await sign_in(mia)
    page = (await browser.open(SETTINGS)).text
    assert "Connect pages" in page
    assert "Save logo and colour" not in page
    assert 'name="logo_file"' not in page
    assert (await browser.submit(BRANDING, brand_color="#c2185b")).status_code == 403
