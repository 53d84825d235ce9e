"""Destinations as pages: made, tested, changed, recovered, ended."""

import html
import re
from datetime import timedelta

import pytest

from tests.fakes.past import Past
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Signer
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards.recovering import work_next
from wearable_gateway.deliveries.afterwards.recovery import list_recoveries
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.developers import audit
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import moment_of

PATH = "/dashboard/acme/destinations"
URL = "http://127.0.0.1:9/hook"
HOUR = timedelta(hours=1)


@pytest.fixture
def past(db: Database, ann: Operator) -> Past:  # noqa: ARG001 - ann made the developers
    return Past(db, "acme")


async def only_one(db: Database) -> Destination:
    (found,) = await destinations.list_destinations(db.autocommit, "acme")
    return found


async def actions(db: Database) -> list[str]:
    rows = await db.autocommit.fetch("SELECT action FROM audit_entries WHERE dev_id = 'acme' ORDER BY id")
    return [row["action"] for row in rows if not row["action"].startswith("operator.")]


def secrets_in(page: str) -> list[str]:
    return re.findall(r"whsec_[A-Za-z0-9+/=_-]+", html.unescape(page))


async def test_a_destination_is_made_its_secret_shown_once_and_replaced(
    sign_in: Signer, mia: Operator, db: Database
) -> None:
    browser = await sign_in(mia)
    assert "No destination yet" in (await browser.open(PATH)).text
    page = (await browser.open(f"{PATH}/new")).text
    assert "Somebody withdrew access at their provider" in page
    answer = await browser.submit(
        PATH, url=f" {URL} ", description="Production", types="chosen", event_types="daily",
        retry_schedule="terra", rate_limit="50", concurrency="",
    )  # fmt: skip
    made = await only_one(db)
    assert (made.url, made.description, made.event_types) == (URL, "Production", ("daily",))
    assert (made.retry_schedule, made.rate_limit, made.concurrency) == ("terra", 50, None)
    shown = await browser.follow(answer)
    (secret,) = secrets_in(shown.text)
    assert "Added." in shown.text
    for path in (f"{PATH}/{made.id}", f"{PATH}/{made.id}/settings", PATH):
        assert secrets_in((await browser.open(path)).text) == []
    rotated = await browser.follow(await browser.submit(f"{PATH}/{made.id}/rotate", overlap="3600"))
    (second,) = secrets_in(rotated.text)
    assert second != secret
    assert secrets_in((await browser.open(f"{PATH}/{made.id}/settings")).text) == []
    assert (await browser.submit(f"{PATH}/{made.id}/rotate", overlap="1")).status_code == 400
    entries = await audit.history(db.autocommit, "acme", f"destination:{made.id}")
    assert [one.action for one in entries] == ["destination.secret_rotated", "destination.created"]
    assert not secrets_in(str(entries))


async def test_a_secret_kept_for_one_session_is_shown_to_no_other(
    sign_in: Signer, mia: Operator, olga: Operator, db: Database
) -> None:
    browser = await sign_in(mia)
    await browser.open(f"{PATH}/new")
    await browser.submit(PATH, url=URL)
    cookie = browser.client.cookies.get("wg_once")
    assert cookie
    assert "whsec" not in cookie
    made = await only_one(db)
    await sign_in(olga)
    browser.client.cookies.set("wg_once", cookie, domain="gateway.test", path=f"{PATH}/{made.id}")
    assert secrets_in((await browser.open(f"{PATH}/{made.id}")).text) == []
    browser.client.cookies.set("wg_once", "nonsense!", domain="gateway.test", path=f"{PATH}/{made.id}")
    assert (await browser.open(f"{PATH}/{made.id}")).status_code == 200


async def test_all_that_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    sign_in: Signer, mia: Operator, db: Database
) -> None:
    browser = await sign_in(mia)
    await browser.open(f"{PATH}/new")
    answer = await browser.submit(
        PATH, url="", description="x" * 201, types="chosen", rate_limit="many", concurrency="101"
    )
    assert answer.status_code == 422
    for name in ("url", "description", "event_types", "rate_limit", "concurrency"):
        assert f'id="{name}-problem"' in answer.text, name
    assert 'value="many"' in answer.text
    assert "x" * 201 in answer.text
    assert "5 fields need another value" in answer.text
    for url, words in (
        ("http://10.0.0.1/x", "leads into a private or reserved network"),
        ("ftp://acme.example", "http:// or https:// and a host"),
        ("https://u:p@acme.example", "no user name or password"),
        ("http://a b", "no spaces"),
    ):
        answer = await browser.submit(PATH, url=url, description="Mine")
        assert answer.status_code == 422, url
        problem = re.search(r'id="url-problem" role="alert">([^<]+)<', answer.text)
        assert problem
        assert words in html.unescape(problem[1])
        assert f'value="{html.escape(url)}"' in answer.text
        assert 'value="Mine"' in answer.text
    assert await destinations.list_destinations(db.autocommit, "acme") == []


async def test_one_that_is_fetched_needs_no_url_and_has_no_secret(
    sign_in: Signer, mia: Operator, db: Database
) -> None:
    browser = await sign_in(mia)
    await browser.open(f"{PATH}/new")
    page = await browser.follow(await browser.submit(PATH, kind="pull", url="left over", rate_limit="x"))
    made = await only_one(db)
    assert (made.url, made.rate_limit) == (None, None)
    assert f"GET /v2/events?destination_id={made.id}" in page.text
    assert secrets_in(page.text) == []
    saved = await browser.submit(f"{PATH}/{made.id}/settings", kind="pull", description="Nightly")
    assert "Saved." in (await browser.follow(saved)).text
    assert (await only_one(db)).description == "Nightly"


async def test_it_is_changed_and_what_cannot_be_is_said(
    sign_in: Signer, mia: Operator, past: Past, db: Database
) -> None:
    destination_id = await past.destination(event_types=["daily"])
    settings = f"{PATH}/{destination_id}/settings"
    browser = await sign_in(mia)
    page = (await browser.open(settings)).text
    assert re.search(r'value="daily" checked', page)
    answer = await browser.submit(settings, url="http://192.168.0.1/", types="all")
    assert answer.status_code == 422
    assert "private or reserved network" in answer.text
    assert 'value="http://192.168.0.1/"' in answer.text
    answer = await browser.submit(settings, url=URL, description="Live", types="all", concurrency="1")
    assert "Saved." in (await browser.follow(answer)).text
    now = await only_one(db)
    assert (now.url, now.description, now.event_types, now.concurrency) == (URL, "Live", None, 1)
    # A destination that is fetched does not become one that is sent to, whatever a form says.
    assert (await browser.submit(settings, kind="pull", url=URL)).status_code == 303
    assert (await only_one(db)).url == URL


async def test_a_test_event_is_followed_until_it_was_tried(
    sign_in: Signer, mia: Operator, past: Past, db: Database
) -> None:
    destination_id = await past.destination()
    here = f"{PATH}/{destination_id}"
    browser = await sign_in(mia)
    await browser.open(here)
    page = await browser.follow(await browser.submit(f"{here}/test", type="sleep"))
    assert "On its way" in page.text
    assert "data-refresh=1" in page.text
    event_id = await db.autocommit.fetchval("SELECT id FROM events WHERE dev_id = 'acme'")
    await past.tried(destination_id, [event_id], "refused")
    page = await browser.open(str(page.url))
    assert "Answered 500 Internal Server Error" in page.text
    assert "data-refresh" not in page.text
    assert (await browser.submit(f"{here}/test", type="coffee")).status_code == 400
    for tested in ("x", str(destination_id)):
        assert (await browser.open(f"{here}?tested={tested}")).status_code == 200
    assert await actions(db) == ["destination.tested"]


async def test_states_are_changed_by_buttons_and_it_is_on_record(
    sign_in: Signer, mia: Operator, past: Past, db: Database
) -> None:
    destination_id = await past.destination()
    here = f"{PATH}/{destination_id}"
    browser = await sign_in(mia)
    await browser.open(here)
    for action, badge in (
        ("pause", "Paused"), ("resume", "Active"), ("disable", "Disabled"), ("enable", "Active"),
    ):  # fmt: skip
        page = await browser.follow(await browser.submit(f"{here}/{action}"))
        assert f">{badge}</span>" in page.text, action
    await browser.submit(f"{here}/disable")
    assert (await browser.submit(f"{here}/pause")).status_code == 403
    assert [one.removeprefix("destination.") for one in await actions(db)] == [
        "paused", "resumed", "disabled", "enabled", "disabled",
    ]  # fmt: skip
    await past.queued(destination_id, await past.events(3), "waiting")
    assert "3 events that wait are" in (await browser.open(f"{here}/delete")).text
    page = await browser.follow(await browser.submit(f"{here}/delete"))
    assert "Deleted." in page.text
    assert await destinations.list_destinations(db.autocommit, "acme") == []
    assert (await browser.open(here)).status_code == 404


async def down_for_a_day(past: Past, db: Database) -> tuple[str, list[str]]:
    """A disabled destination: what it took, what was given up, and what was never made for it."""
    destination_id = await past.destination(state="disabled")
    await past.tried(destination_id, await past.events(2, ago=30 * HOUR))
    given_up, not_made = await past.events(3, ago=24 * HOUR), await past.events(4, ago=5 * HOUR)
    await past.tried(destination_id, given_up, "refused", number=10)
    await past.queued(destination_id, given_up, "exhausted", attempts=10)
    await db.autocommit.execute(
        "UPDATE destinations SET failing_since = $2, state_reason = 'it failed for 1 day' WHERE id = $1",
        destination_id, utc_now() - 23 * HOUR,
    )  # fmt: skip
    return str(destination_id), [str(one) for one in (*given_up, *not_made)]


async def offered(browser: Browser, path: str, button: str) -> dict[str, str]:
    """What the form with this button sends."""
    page = (await browser.open(path)).text
    (form,) = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f">{button}<" in one]
    return dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form))


async def test_what_a_destination_missed_is_brought_by_one_click(
    sign_in: Signer, mia: Operator, past: Past, db: Database
) -> None:
    destination_id, missed = await down_for_a_day(past, db)
    here = f"{PATH}/{destination_id}"
    browser = await sign_in(mia)
    assert "It failed for 1 day" in (await browser.open(here)).text
    fields = await offered(browser, here, "Enable and recover")
    fields.pop("csrf")
    page = await browser.follow(await browser.submit(f"{here}/recover", **fields))
    assert "<progress" in page.text
    assert "data-refresh=2" in page.text
    while await work_next(db):
        pass
    page = await browser.open(str(page.url))
    assert ">Completed<" in page.text
    assert "<strong>7</strong> events are sent again" in page.text
    assert "data-refresh" not in page.text
    found = await only_one(db)
    assert (found.state, found.failing_since) == ("enabled", None)
    assert sorted(str(one) for one in await past.queue(found.id)) == sorted(missed)
    assert await actions(db) == ["destination.enabled", "recovery.started"]
    # Nothing is left to be offered.
    assert f'action="{here}/recover"' not in (await browser.open(here)).text


async def test_a_failing_one_says_what_it_answered_and_what_needs_no_recovery(
    sign_in: Signer, rea: Operator, mia: Operator, past: Past, db: Database
) -> None:
    destination_id = await past.destination()
    failed, waiting = await past.events(2, ago=HOUR)
    await past.tried(destination_id, [failed], "refused")
    await past.queued(destination_id, [failed, waiting])
    await db.autocommit.execute(
        "UPDATE destinations SET failing_since = $2 WHERE id = $1", destination_id, utc_now() - HOUR
    )
    page = (await (await sign_in(rea)).open(f"{PATH}/{destination_id}")).text
    assert (
        "<strong>Answered 500 Internal Server Error.</strong> Your server failed; its log says why." in page
    )
    page = (await (await sign_in(mia)).open(f"{PATH}/{destination_id}/recover")).text
    assert "2 deliveries wait to be sent already, and need no recovery, unless what failed" in page


async def test_what_was_given_up_at_one_that_works_is_offered_too(
    sign_in: Signer, mia: Operator, past: Past
) -> None:
    destination_id = await past.destination()
    ids = await past.events(2, ago=3 * HOUR)
    await past.tried(destination_id, ids, "refused", number=10)
    await past.queued(destination_id, ids, "exhausted", attempts=10)
    browser = await sign_in(mia)
    here = f"{PATH}/{destination_id}"
    assert "2 deliveries were given up" in (await browser.open(here)).text
    fields = await offered(browser, here, "Recover")
    assert fields["since"] == f"{moment_of(ids[0]) - HOUR:%Y-%m-%dT%H:%M}"
    assert f'value="{fields["since"]}"' in (await browser.open(f"{here}/recover")).text


async def test_a_recovery_is_counted_first_refused_in_words_and_cancelled(
    sign_in: Signer, mia: Operator, past: Past, db: Database
) -> None:
    destination_id = await past.destination()
    await past.events(3, ago=HOUR)
    browser = await sign_in(mia)
    here = f"{PATH}/{destination_id}/recover"
    await browser.open(here)
    since = f"{utc_now() - 2 * HOUR:%Y-%m-%dT%H:%M}"
    counted = await browser.follow(await browser.submit(here, since=since, only="all", count="1"))
    assert "3 events were made in this time" in counted.text
    assert "csrf" not in str(counted.url)
    assert re.search(r'value="all" checked', counted.text)
    for wrong, words in (
        ({"since": "2020-01-01T00:00"}, "events are kept for 30 days"),
        ({"since": ""}, "a moment such as"),
        ({"since": since, "until": "soon"}, "a moment such as"),
        ({"since": since, "until": "2026-01-01T00:00"}, "before until"),
    ):
        refused = await browser.submit(here, **wrong)
        assert refused.status_code == 422
        assert words in html.unescape(refused.text), wrong
        assert f'value="{wrong["since"]}"' in refused.text
        counted = await browser.submit(here, **wrong, count="1")
        assert words in html.unescape((await browser.open(counted.headers["location"])).text), wrong
    await browser.follow(await browser.submit(here, since=since))
    (begun,) = await list_recoveries(db.autocommit, "acme", destination_id)
    page = await browser.follow(await browser.submit(f"{PATH}/{destination_id}/recoveries/{begun.id}/cancel"))
    assert ">Cancelled<" in page.text
    assert await actions(db) == ["recovery.started", "recovery.cancelled"]


async def test_who_may_only_look_sees_everything_and_no_button(
    sign_in: Signer, rea: Operator, past: Past, db: Database
) -> None:
    destination_id, _ = await down_for_a_day(past, db)
    browser = await sign_in(rea)
    for path in ("", "/recover", "/settings", "/delete"):
        page = await browser.open(f"{PATH}/{destination_id}{path}")
        assert page.status_code == 200
        main = page.text.partition("<main")[2]
        assert "<button" not in main, path
    assert "Your role only allows to look" in (await browser.open(f"{PATH}/new")).text
    assert "Disabled" in (await browser.open(PATH)).text
