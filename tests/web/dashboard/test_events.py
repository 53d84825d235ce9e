"""Events and deliveries as pages: found, read, sent again."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest

from tests.fakes.past import Past
from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import event_log
from wearable_gateway.developers import audit
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard.events import routes
from wearable_gateway.web.dashboard.events.payloads import MOST_SHOWN, shown_payload

EVENTS = "/dashboard/acme/events"
HOUR = timedelta(hours=1)


def listed(page: str) -> list[str]:
    """Ids of the events in the list, in its order."""
    return re.findall(rf'href="{EVENTS}/([0-9a-f-]{{36}})[^"]*" class="kind"', page)


@pytest.fixture
def past(db: Database, ann: Operator) -> Past:  # noqa: ARG001 - ann made the developers
    return Past(db, "acme")


async def test_events_are_found_by_type_time_and_user(
    sign_in: Signer, rea: Operator, past: Past, connect: Connections, db: Database
) -> None:
    person = await connect("patient-1")
    old = await past.events(2, "sleep", ago=48 * HOUR)
    new = await past.events(3, "daily")
    await db.autocommit.execute(
        "UPDATE events SET user_id = $2 WHERE dev_id = 'acme' AND id = ANY ($1)", [old[0], new[0]], person.id
    )
    browser = await sign_in(rea)
    everything = [str(one) for one in (*new[::-1], *old[::-1])]
    of_person = [str(new[0]), str(old[0])]
    for query, expected in (
        ("", everything),
        ("?type=sleep", everything[3:]),
        ("?user=patient-1", of_person),
        (f"?user={person.id}", of_person),
        (f"?user={person.id}&type=daily", of_person[:1]),
        ("?user=nobody", []),
        ("?until=2020-01-01T00:00", []),
        (f"?since={(past_minute(24 * HOUR))}", everything[:3]),
        # What cannot be meant is left out.
        ("?type=lost&since=x&until=9999-99-99T00:00&after=x&user=%00", everything),
        ("?since=0001-01-01T00:00%2B14:00", everything),
    ):
        page = await browser.open(EVENTS + query)
        assert page.status_code == 200, query
        assert listed(page.text) == expected, query
    assert "patient-1" in (await browser.open(EVENTS)).text


def past_minute(ago: timedelta) -> str:
    return f"{utc_now() - ago:%Y-%m-%dT%H:%M}"


async def test_pages_go_back_and_say_how_far_they_looked(
    sign_in: Signer, rea: Operator, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PAGE_SIZE", 3)
    monkeypatch.setattr(event_log, "_ROUND", 5)
    monkeypatch.setattr(event_log, "_ROUNDS", 1)
    destination_id = await past.destination()
    wanted = await past.events(4, "sleep", ago=HOUR)
    await past.events(9, "daily", ago=HOUR / 2)
    await past.tried(destination_id, wanted)
    browser = await sign_in(rea)
    for start in (f"{EVENTS}?type=sleep", f"{EVENTS}/deliveries?type=sleep"):
        seen: list[str] = []
        looked, path = 0, start
        while True:
            page = (await browser.open(path)).text
            seen += listed(page)
            looked += "Searched back to" in page
            older = re.search(r'href="([^"]+)">(?:Older|Look further back)<', page)
            if older is None:
                break
            path = older[1].replace("&amp;", "&")
            assert "type=sleep" in path
        assert seen == [str(one) for one in wanted[::-1]]
        assert (looked > 0) == (start == f"{EVENTS}?type=sleep")


async def test_deliveries_are_found_by_destination_and_state_in_words(
    sign_in: Signer, rea: Operator, past: Past
) -> None:
    taken, failing = await past.destination(), await past.destination("https://acme.example/failing")
    ids = await past.events(3)
    await past.tried(taken, ids)
    await past.tried(failing, ids[:2], "refused", number=2)
    await past.queued(failing, ids[:1], "exhausted", attempts=2)
    await past.queued(failing, ids[1:2], "due", attempts=2)
    browser = await sign_in(rea)
    page = (await browser.open(f"{EVENTS}/deliveries?destination={failing}")).text
    assert listed(page) == [str(ids[1]), str(ids[0])]
    for words in (">Retrying<", ">Given up<", "Answered 500 Internal Server Error", "attempt 2"):
        assert words in page
    await past.queued(failing, ids[2:])
    for state, number in (
        ("delivered", 3), ("exhausted", 1), ("pending", 2), ("retrying", 1), ("nonsense", 6),
    ):  # fmt: skip
        assert len(listed((await browser.open(f"{EVENTS}/deliveries?state={state}")).text)) == number
    assert (await browser.open(f"{EVENTS}/deliveries?after=%00&destination=x")).status_code == 200


async def test_deliveries_say_whom_they_are_about(
    sign_in: Signer, rea: Operator, past: Past, connect: Connections, db: Database
) -> None:
    named, nameless = await connect("patient-1"), await connect(None)
    ids, gone = await past.events(4), uuid7()
    await past.tried(await past.destination(), ids)
    for event_id, user_id in zip(ids, (named.id, nameless.id, gone), strict=False):
        await db.autocommit.execute("UPDATE events SET user_id = $1 WHERE id = $2", user_id, event_id)
    page = (await (await sign_in(rea)).open(f"{EVENTS}/deliveries")).text
    assert f'href="/dashboard/acme/users/{named.id}">patient-1</a>' in page
    assert f'href="/dashboard/acme/users/{nameless.id}" title="{nameless.id}"' in page
    assert f"{gone}, who is no longer connected" in page
    assert f"/users/{gone}" not in page
    assert ">nobody" in page


async def test_an_event_shows_its_payload_as_sent_and_every_attempt(
    sign_in: Signer, rea: Operator, past: Past, connect: Connections, db: Database
) -> None:
    person = await connect("patient-1")
    destination_id = await past.destination()
    body = (
        b'{"type":"activity","weight":80.50,"note":"<b>\\"x\\"</b>","big":12345678901234567890,"e":[],"o":{}}'
    )
    (event_id,) = await past.events(body=body)
    await db.autocommit.execute("UPDATE events SET user_id = $1 WHERE dev_id = 'acme'", person.id)
    await past.tried(destination_id, [event_id], "refused")
    await past.queued(destination_id, [event_id], attempts=1)
    browser = await sign_in(rea)
    page = (await browser.open(f"{EVENTS}/{event_id}")).text
    for shown in (
        "80.50", "12345678901234567890", "&#34;e&#34;: []", "&#34;o&#34;: {}", "&lt;b&gt;", "patient-1",
        f"{event_id}:{destination_id}", "webhook-id", "made anew for each attempt", "Your server failed",
        ">seen<", "It is tried again at", "12 ms",
    ):  # fmt: skip
        assert shown in page, shown
    assert "<b>" not in page
    # Who may only look has nothing to send with.
    assert "resend" not in page
    raw = await browser.open(f"{EVENTS}/{event_id}/payload")
    assert raw.content == body
    assert raw.headers["content-disposition"] == f'attachment; filename="activity-{event_id}.json"'
    assert raw.headers["x-content-type-options"] == "nosniff"
    assert raw.headers["content-type"] == "application/json"
    assert raw.headers["cache-control"] == "no-store"


async def test_a_long_payload_is_cut_and_has_the_rest_for_download(
    sign_in: Signer, rea: Operator, past: Past
) -> None:
    body = b'{"a":"' + "ä".encode() * MOST_SHOWN + b'"}'
    (event_id,) = await past.events(body=body)
    browser = await sign_in(rea)
    page = (await browser.open(f"{EVENTS}/{event_id}")).text
    assert "Only the beginning is shown" in page
    assert "Sent to none of your destinations" in page
    assert len(page) < 2 * MOST_SHOWN
    assert (await browser.open(f"{EVENTS}/{event_id}/payload")).content == body


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a":[1,2.0,{"b":null}],"c":"x,{}:[]"}', None),
        (b"[]", "[]"),
        (b"{}", "{}"),
        (b"7", "7"),
        (b"", ""),
        (b"]]", "\n]\n]"),
    ],
)
def test_a_payload_is_indented_and_nothing_else(body: bytes, text: str | None) -> None:
    expected = '{\n  "a": [\n    1,\n    2.0,\n    {\n      "b": null\n    }\n  ],\n  "c": "x,{}:[]"\n}'
    assert shown_payload(body).text == (expected if text is None else text)


async def test_sending_again_twice_at_a_time_sends_once(
    sign_in: Signer, mia: Operator, past: Past, db: Database
) -> None:
    destination_id = await past.destination()
    (event_id,) = await past.events()
    await past.tried(destination_id, [event_id])
    browser = await sign_in(mia)
    page = (await browser.open(f"{EVENTS}/{event_id}")).text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    path = f"{EVENTS}/{event_id}/{destination_id}/resend"
    answers = await asyncio.gather(*(browser.submit(path, seen=seen[1]) for _ in range(3)))
    assert {answer.headers["location"] for answer in answers} == {f"{EVENTS}/{event_id}?sent=1#deliveries"}
    assert await past.queue(destination_id) == {event_id: ("due", 1)}
    (entry,) = await audit.history(db.autocommit, "acme", f"destination:{destination_id}")
    assert (entry.action, entry.actor) == ("delivery.resent", "operator:mia@example.org")
    assert "Sent again" in (await browser.follow(answers[0])).text


async def test_one_click_sends_to_all_that_fail_and_another_to_who_never_got_it(
    sign_in: Signer, mia: Operator, past: Past
) -> None:
    failing = [await past.destination(f"https://acme.example/{number}") for number in range(2)]
    disabled, fine = await past.destination(state="disabled"), await past.destination()
    new = await past.destination("https://acme.example/new")
    (event_id,) = await past.events()
    for one in (*failing, disabled):
        await past.tried(one, [event_id], "refused")
        await past.queued(one, [event_id], "exhausted", attempts=1)
    await past.tried(fine, [event_id])
    browser = await sign_in(mia)
    page = (await browser.open(f"{EVENTS}/{event_id}")).text
    assert "Send to all 2 failing" in page
    assert "Enable it" in page
    answer = await browser.follow(await browser.submit(f"{EVENTS}/{event_id}/resend"))
    assert "Sent again" in answer.text
    states: dict[UUID, str] = {one: (await past.queue(one))[event_id][0] for one in (*failing, disabled)}
    assert states == {failing[0]: "due", failing[1]: "due", disabled: "exhausted"}
    assert await past.queue(fine) == {}
    again = await browser.follow(await browser.submit(f"{EVENTS}/{event_id}/resend"))
    assert "Nothing had to be sent again." in again.text
    assert f"{EVENTS}/{event_id}/{new}/resend" in again.text
    await browser.submit(f"{EVENTS}/{event_id}/{new}/resend", seen="0")
    assert await past.queue(new) == {event_id: ("due", 0)}


async def test_empty_lists_say_what_to_do_next(sign_in: Signer, mia: Operator, past: Past) -> None:
    browser = await sign_in(mia)
    assert "No event yet" in (await browser.open(EVENTS)).text
    assert "No destination yet" in (await browser.open(f"{EVENTS}/deliveries")).text
    await past.destination()
    assert "No delivery yet" in (await browser.open(f"{EVENTS}/deliveries")).text
    assert "No delivery matches" in (await browser.open(f"{EVENTS}/deliveries?state=pending")).text
    for path in (f"{EVENTS}/x", f"{EVENTS}/x/payload"):
        assert (await browser.open(path)).status_code == 404
