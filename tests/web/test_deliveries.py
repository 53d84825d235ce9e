"""The log, sending again, recovering and fetching: as developers call them, and operators for a developer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.past import Past
from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards.recovering import work_next
from wearable_gateway.developers.admin_tokens import issue_admin_token

HOUR = timedelta(hours=1)


@dataclass
class Side:
    """One of the two ways to call a route of a developer."""

    http: httpx.AsyncClient
    prefix: str
    actor: str
    past: Past

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(self.prefix + path, params=params)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.http.post(self.prefix + path, json=body)


@pytest.fixture(params=["developer", "operator"])
async def side(request: pytest.FixtureRequest, a: Caller, callers: Callers) -> AsyncIterator[Side]:
    past = Past(callers.db, a.dev_id)
    if request.param == "developer":
        yield Side(a.http, "/v2", f"developer:{a.dev_id}", past)
        return
    token, text = await issue_admin_token(
        callers.db.autocommit, callers.hasher, "tests", actor="operator:tests"
    )
    async with callers.http(authorization=f"Bearer {text}") as http:
        yield Side(http, f"/admin/v1/developers/{a.dev_id}", token.actor, past)


async def found(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    assert body["status"] == "success"
    return body


async def actions(db: Database) -> list[tuple[str, str]]:
    rows = await db.autocommit.fetch("SELECT actor, action FROM audit_entries ORDER BY id")
    return [
        (row["actor"], row["action"])
        for row in rows
        if not row["action"].startswith(("developer.", "admin_token."))
    ]


async def test_deliveries_are_listed_page_by_page(side: Side) -> None:
    destination_id = await side.past.destination()
    ids = await side.past.events(5, ago=HOUR)
    await side.past.tried(destination_id, ids[:3])
    await side.past.queued(destination_id, ids[3:], attempts=0)
    first = await found(await side.get("/deliveries", limit=2))
    assert [row["state"] for row in first["deliveries"]] == ["pending", "pending"]
    rest = await found(await side.get("/deliveries", after=first["next"]))
    assert rest["next"] is None
    assert [row["event_id"] for row in rest["deliveries"]] == [str(one) for one in reversed(ids[:3])]
    row = rest["deliveries"][0]
    assert set(row) == {
        "event_id", "destination_id", "type", "user_id", "state", "attempts", "next_attempt_at", "created_at",
        "last_attempt",
    }  # fmt: skip
    assert (row["state"], row["attempts"], row["next_attempt_at"]) == ("delivered", 1, None)
    assert (row["last_attempt"]["outcome"], row["last_attempt"]["status"]) == ("delivered", 200)
    since = (datetime.now(UTC) - HOUR / 2).isoformat()
    for params, number in (
        ({"state": "delivered"}, 3),
        ({"type": "sleep"}, 0),
        ({"since": since}, 0),
        ({"until": since}, 5),
        ({"destination_id": str(destination_id), "state": "exhausted"}, 0),
    ):
        assert len((await found(await side.get("/deliveries", **params)))["deliveries"]) == number


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"state": "lost"}, "invalid state"),
        ({"type": "lost"}, "invalid type: one of auth, "),
        ({"type": "\x00"}, "invalid type: one of"),
        ({"since": "yesterday"}, "invalid since: a moment such as"),
        ({"until": "2026-13-01"}, "invalid until: a moment such as"),
        ({"after": "x"}, "invalid after: the `next`"),
        ({"limit": 0}, "invalid limit"),
        ({"limit": 201}, "invalid limit"),
    ],
)
async def test_a_filter_that_cannot_be_used_is_named(side: Side, params: dict[str, Any], text: str) -> None:
    refused(await side.get("/deliveries", **params), 400, text)


async def test_a_moment_whose_plus_sign_was_not_escaped_is_understood(a: Caller) -> None:
    answer = await a.http.get("/v2/deliveries?since=2026-11-20T08:15:00+00:00&until=2026-11-21")
    assert answer.status_code == 200, answer.text


async def test_a_delivery_and_an_event_are_shown_with_the_payload_as_it_was_sent(side: Side) -> None:
    destination_id = await side.past.destination()
    (event_id,) = await side.past.events()
    await side.past.tried(destination_id, [event_id], "refused")
    await side.past.queued(destination_id, [event_id], "exhausted", attempts=1)
    answer = await side.get(f"/deliveries/{event_id}/{destination_id}")
    shown = await found(answer)
    assert b'"payload":{"type":"activity","weight":80.50}' in answer.content
    assert shown["delivery"]["state"] == "exhausted"
    assert [attempt["response_excerpt"] for attempt in shown["attempts"]] == ["seen"]
    event = await found(await side.get(f"/events/{event_id}"))
    assert event["event"]["payload"] == {"type": "activity", "weight": 80.5}
    assert event["deliveries"] == [shown["delivery"]]


async def test_a_delivery_is_sent_again_and_it_is_written_down_who_wanted_it(
    side: Side, db: Database
) -> None:
    destination_id, disabled = await side.past.destination(), await side.past.destination(state="disabled")
    (event_id,) = await side.past.events()
    await side.past.tried(destination_id, [event_id])
    resent = await found(await side.post(f"/deliveries/{event_id}/{destination_id}/resend"), 202)
    assert (resent["delivery"]["state"], resent["delivery"]["attempts"]) == ("pending", 1)
    assert await side.past.queue(destination_id) == {event_id: ("due", 1)}
    refused(await side.post(f"/deliveries/{event_id}/{disabled}/resend"), 403, "enable it first")
    assert await actions(db) == [(side.actor, "delivery.resent")]


async def test_an_event_is_sent_again_wherever_it_failed(side: Side, db: Database) -> None:
    failed, fine, disabled = [await side.past.destination() for _ in range(3)]
    (event_id,) = await side.past.events()
    for one in (failed, disabled):
        await side.past.tried(one, [event_id], "refused")
        await side.past.queued(one, [event_id], "exhausted", attempts=1)
    await side.past.set_state(disabled, "disabled")
    await side.past.tried(fine, [event_id])
    sent = await found(await side.post(f"/events/{event_id}/resend"), 202)
    assert [one["destination_id"] for one in sent["deliveries"]] == [str(failed)]
    assert (await side.past.queue(failed))[event_id] == ("due", 1)
    again = await found(await side.post(f"/events/{event_id}/resend"), 202)
    assert again["deliveries"] == []
    assert await actions(db) == [(side.actor, "delivery.resent")]


async def test_events_are_listed_page_by_page_and_by_what_they_are_about(
    side: Side, callers: Callers, a: Caller
) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    ids = await side.past.events(5, ago=HOUR)
    first = await found(await side.get("/events/log", type="activity", limit=2))
    rest = await found(await side.get("/events/log", type="activity", after=first["next"]))
    listed = [row["event_id"] for row in first["events"] + rest["events"]]
    assert listed == [str(one) for one in reversed(ids)]
    assert (rest["next"], rest["looked_back_to"]) == (None, None)
    about: tuple[dict[str, str], ...] = (
        {"user_id": user_id},
        {"reference_id": "ann"},
        {"reference_id": "ann", "user_id": user_id},
        {"type": "auth"},
    )
    for params in about:
        (row,) = (await found(await side.get("/events/log", **params)))["events"]
        assert (row["type"], row["user_id"]) == ("auth", user_id)
    since = (datetime.now(UTC) - HOUR / 2).isoformat()
    for params, number in (
        ({"user_id": NOBODY}, 0),
        ({"reference_id": "nobody"}, 0),
        ({"reference_id": "ann", "user_id": NOBODY}, 0),
        ({"since": since}, 1),
        ({"until": since}, 5),
    ):
        assert len((await found(await side.get("/events/log", **params)))["events"]) == number, params
    for name, value in (("type", "lost"), ("since", "x"), ("limit", "0"), ("reference_id", "a\x00")):
        refused(await side.get("/events/log", **{name: value}), 400, f"invalid {name}")
    refused(await side.get("/events/log", after="x"), 400, "invalid after: the `next` of the page before")
    refused(await side.get("/events/log", user_id="x"), 404)


async def test_a_recovery_is_estimated_begun_followed_and_cancelled(side: Side, db: Database) -> None:
    destination_id = await side.past.destination()
    await side.past.events(3, ago=HOUR)
    path, since = f"/destinations/{destination_id}", (datetime.now(UTC) - 2 * HOUR).isoformat()
    counted = await found(await side.post(f"{path}/recover", {"since": since, "dry_run": True}))
    assert counted == {"status": "success", "dry_run": True, "events": 3, "at_least": False}
    assert (await found(await side.get(f"{path}/recoveries")))["recoveries"] == []
    begun = (await found(await side.post(f"{path}/recover", {"since": since}), 202))["recovery"]
    assert (begun["state"], begun["only"], begun["event_types"]) == ("running", "undelivered", None)
    while await work_next(db):
        pass
    ended = (await found(await side.get(f"/recoveries/{begun['recovery_id']}")))["recovery"]
    assert (ended["state"], ended["examined"], ended["queued"]) == ("completed", 3, 3)
    assert (begun["progress"], ended["progress"]) == (0, 1)
    body = {
        "since": since,
        "only": "all",
        "event_types": ["activity"],
        "until": datetime.now(UTC).isoformat(),
    }
    second = (await found(await side.post(f"{path}/recover", body), 202))["recovery"]
    cancelled = await found(await side.post(f"/recoveries/{second['recovery_id']}/cancel"))
    assert cancelled["recovery"]["state"] == "cancelled"
    listed = (await found(await side.get(f"{path}/recoveries")))["recoveries"]
    assert listed == [cancelled["recovery"], ended]
    assert await actions(db) == [
        (side.actor, "recovery.started"),
        (side.actor, "recovery.started"),
        (side.actor, "recovery.cancelled"),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "invalid since: it is required"),
        ({"since": "x"}, "invalid since: a moment such as"),
        ({"since": ""}, "invalid since: a moment such as"),
        ({"since": 1763600000}, "invalid since"),
        ({"since": "2020-01-01T00:00:00Z"}, "events are kept for 30 days"),
        ({"since": "0001-01-01T00:00:00+14:00"}, "events are kept for 30 days"),
        ({"since": "9999-12-31T23:59:59Z"}, "before until"),
        ({"since": "now", "until": "9999-12-31T23:59:59-14:00"}, "invalid since: a moment"),
        ({"since": "2026-11-20T00:00:00Z", "only": "some"}, "invalid only"),
        ({"since": "2026-11-20T00:00:00Z", "event_types": ["some"]}, "invalid event_types: any of"),
        ({"since": "2026-11-20T00:00:00Z", "dry_run": "yes"}, "invalid dry_run"),
        ({"since": "2026-11-20T00:00:00Z", "what": 1}, "invalid what"),
    ],
)
async def test_a_recovery_that_cannot_be_is_refused(side: Side, body: dict[str, Any], text: str) -> None:
    destination_id = await side.past.destination()
    refused(await side.post(f"/destinations/{destination_id}/recover", body), 400, text)


async def test_events_are_fetched_in_order_and_again(side: Side) -> None:
    refused(await side.get("/events"), 400, "POST /v2/destinations with kind pull")
    destination_id, sent = await side.past.destination(None), await side.past.destination()
    ids = await side.past.events(3)
    chunk = await side.past.events(chunk=7)
    await side.past.tried(destination_id, [*ids, *chunk], "available", first_position=1)
    first = await found(await side.get("/events", limit=2))
    assert ([event["position"] for event in first["events"]], first["next"], first["has_more"]) == (
        [1, 2],
        "2",
        True,
    )
    assert first == await found(await side.get("/events", limit=2, destination_id=str(destination_id)))
    rest = await found(await side.get("/events", after=first["next"], wait=30))
    assert (rest["next"], rest["has_more"]) == ("4", False)
    assert [event["trace_id"] for event in rest["events"]] == [
        f"{ids[2]}:{destination_id}",
        f"{chunk[0]}:{destination_id}:chunk:7",
    ]
    assert rest["events"][0]["payload"] == {"type": "activity", "weight": 80.5}
    none = await found(await side.get("/events", after="4"))
    assert none == {"status": "success", "events": [], "next": "4", "has_more": False}
    refused(await side.get("/events", destination_id=str(sent)), 400, "sent to its url")
    for wrong in ("x", "-1", "9" * 30):
        refused(await side.get("/events", after=wrong), 400, "the `next` of the answer before")
    for params in ({"wait": 31}, {"wait": -1}, {"limit": 501}, {"limit": 0}):
        refused(await side.get("/events", **params), 400, "invalid")


async def _rows(db: Database) -> list[Any]:
    return [
        sorted(row[0] for row in await db.autocommit.fetch(f"SELECT t::text FROM {table} t"))
        for table in ("deliveries", "attempts", "recoveries", "destinations", "audit_entries")
    ]


@pytest.mark.parametrize("who", ["b", "nobody", "no uuid"])
async def test_what_is_anothers_is_not_there(side: Side, b: Caller, db: Database, who: str) -> None:
    other = Past(db, b.dev_id)
    destination_id = await other.destination()
    (event_id,) = await other.events()
    await other.tried(destination_id, [event_id])
    answer = await b.http.post(
        f"/v2/destinations/{destination_id}/recover", json={"since": (datetime.now(UTC) - HOUR).isoformat()}
    )
    recovery_id = answer.json()["recovery"]["recovery_id"]
    event, destination, recovery = {
        "b": (str(event_id), str(destination_id), recovery_id),
        "nobody": (NOBODY, NOBODY, NOBODY),
        "no uuid": ("x", "%00", "ä"),
    }[who]
    before = await _rows(db)
    since = {"since": (datetime.now(UTC) - HOUR).isoformat()}
    for method, path, body in (
        ("GET", f"/deliveries?destination_id={destination}", None),
        ("GET", f"/deliveries/{event}/{destination}", None),
        ("POST", f"/deliveries/{event}/{destination}/resend", None),
        ("GET", f"/events/{event}", None),
        ("GET", f"/events?destination_id={destination}", None),
        ("POST", f"/events/{event}/resend", None),
        ("POST", f"/destinations/{destination}/recover", since),
        ("GET", f"/destinations/{destination}/recoveries", None),
        ("GET", f"/recoveries/{recovery}", None),
        ("POST", f"/recoveries/{recovery}/cancel", None),
    ):
        refused(await side.http.request(method, side.prefix + path, json=body), 404, "not found")
    assert await _rows(db) == before
    assert (await found(await side.get("/deliveries")))["deliveries"] == []


async def test_an_operator_is_told_that_there_is_no_such_developer(callers: Callers) -> None:
    _, text = await issue_admin_token(callers.db.autocommit, callers.hasher, "tests", actor="operator:tests")
    async with callers.http(authorization=f"Bearer {text}") as http:
        for dev_id in ("nobody", "-", "%00"):
            refused(await http.get(f"/admin/v1/developers/{dev_id}/deliveries"), 404, "developer not found")


async def test_neither_side_opens_with_the_others_key(a: Caller, callers: Callers) -> None:
    _, text = await issue_admin_token(callers.db.autocommit, callers.hasher, "tests", actor="operator:tests")
    refused(await a.http.get(f"/admin/v1/developers/{a.dev_id}/deliveries"), 401)
    async with callers.http(authorization=f"Bearer {text}", **{"dev-id": a.dev_id}) as http:
        refused(await http.get("/v2/deliveries"), 401)
