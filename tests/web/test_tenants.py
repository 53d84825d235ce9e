"""No route tells one developer anything about another's users: each is called with the wrong key."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.web.callers import NOBODY, Caller, Callers
from wearable_gateway.db.session import Database

Call = Callable[[str, str], dict[str, Any]]
"""Given a user_id and a reference_id, how a route is called with them."""

_DAYS = {"start_date": "2026-11-01", "end_date": "2026-11-02"}


def _data(user_id: str, _reference: str) -> dict[str, Any]:
    return {"params": {"user_id": user_id, "to_webhook": "false", **_DAYS}}


def _data_sent(user_id: str, _reference: str) -> dict[str, Any]:
    return {"params": {"user_id": user_id, **_DAYS}}


def _profile(user_id: str, _reference: str) -> dict[str, Any]:
    return {"params": {"user_id": user_id, "to_webhook": "false"}}


def _profile_sent(user_id: str, _reference: str) -> dict[str, Any]:
    return {"params": {"user_id": user_id}}


_ITEM: dict[str, Any] = {
    "metadata": {"start_time": "2026-11-01T10:00:00Z", "end_time": "2026-11-01T11:00:00Z"}
}


def _write_by_query(user_id: str, _reference: str) -> dict[str, Any]:
    return {"params": {"user_id": user_id}, "json": {"data": [_ITEM]}}


def _write_by_body(user_id: str, _reference: str) -> dict[str, Any]:
    return {"json": {"user_id": user_id, "data": [_ITEM]}}


def _write_by_item(user_id: str, _reference: str) -> dict[str, Any]:
    return {"json": {"data": [{**_ITEM, "user_id": user_id}]}}


def _removal(user_id: str, _reference: str) -> dict[str, Any]:
    return {"params": {"user_id": user_id}, "json": {"log_ids": ["msr_1"]}}


def _look(user_id: str, _reference: str) -> dict[str, Any]:
    return {"reference": user_id}


def _destination(user_id: str, _reference: str) -> dict[str, Any]:
    return {"destination_id": user_id}


def _destination_change(user_id: str, _reference: str) -> dict[str, Any]:
    return {"destination_id": user_id, "json": {"description": "taken"}}


def _delivery(user_id: str, _reference: str) -> dict[str, Any]:
    return {"event_id": user_id, "destination_id": user_id}


_READS: list[Call] = [_data, _data_sent]
_WRITES: list[Call] = [_write_by_query, _write_by_body, _write_by_item]


def _nothing(_user_id: str, _reference: str) -> dict[str, Any]:
    return {}


# Every route under /v2, and each way to name somebody to it. A route that is not here fails the test below.
CALLS: dict[tuple[str, str], list[Call]] = {
    ("POST", "/auth/authenticateUser"): [
        lambda user, _: {"params": {"resource": "SANDBOX"}, "json": {"user_id": user}},
        lambda _, reference: {"params": {"resource": "SANDBOX"}, "json": {"reference_id": reference}},
    ],
    ("POST", "/auth/generateWidgetSession"): [lambda _, reference: {"json": {"reference_id": reference}}],
    ("POST", "/auth/generateAuthToken"): [_nothing],
    ("POST", "/auth/tokens"): [_nothing, lambda _, reference: {"params": {"reference_id": reference}}],
    ("DELETE", "/auth/deauthenticateUser"): [lambda user, _: {"params": {"user_id": user}}],
    ("GET", "/userInfo"): [
        lambda user, _: {"params": {"user_id": user}},
        lambda _, reference: {"params": {"reference_id": reference}},
        lambda user, reference: {"params": {"user_id": user, "reference_id": reference}},
    ],
    ("GET", "/subscriptions"): [_nothing, lambda _user, _reference: {"params": {"page": 0}}],
    ("POST", "/bulkUserInfo"): [lambda user, _: {"json": [user]}],
    ("PATCH", "/users/{user_id}"): [
        lambda user, _: {"user_id": user, "json": {"reference_id": "taken"}},
        lambda user, _: {"user_id": user, "json": {"active": False}},
        lambda user, _: {"user_id": user, "json": {}},
    ],
    ("GET", "/activity"): _READS,
    ("GET", "/body"): _READS,
    ("GET", "/daily"): _READS,
    ("GET", "/menstruation"): _READS,
    ("GET", "/nutrition"): _READS,
    ("GET", "/plannedWorkout"): _READS,
    ("GET", "/sleep"): _READS,
    ("GET", "/athlete"): [_profile, _profile_sent],
    ("POST", "/activity"): _WRITES,
    ("POST", "/body"): _WRITES,
    ("POST", "/nutrition"): _WRITES,
    ("POST", "/plannedWorkout"): _WRITES,
    ("DELETE", "/body"): [_removal],
    ("DELETE", "/nutrition"): [_removal],
    ("DELETE", "/plannedWorkout"): [_removal],
    # A data request's own id, with another developer, is in test_data_requests.
    ("GET", "/dataRequests/{reference}"): [_look],
    # A destination's own id, with another developer, is in test_destinations.
    ("GET", "/destinations"): [_nothing],
    ("POST", "/destinations"): [_nothing],
    ("GET", "/destinations/{destination_id}"): [_destination],
    ("PATCH", "/destinations/{destination_id}"): [_destination_change],
    ("DELETE", "/destinations/{destination_id}"): [
        _destination,
        lambda user, _: {"destination_id": user, "params": {"dry_run": "true"}},
    ],
    ("POST", "/destinations/{destination_id}/rotate-secret"): [_destination],
    ("POST", "/destinations/{destination_id}/pause"): [_destination],
    ("POST", "/destinations/{destination_id}/resume"): [_destination],
    ("POST", "/destinations/{destination_id}/enable"): [_destination],
    ("POST", "/destinations/{destination_id}/disable"): [_destination],
    ("GET", "/destinations/{destination_id}/health"): [_destination],
    ("POST", "/destinations/{destination_id}/test"): [_destination],
    # With another developer's own events and destinations these are in test_deliveries.
    ("GET", "/deliveries"): [_nothing, lambda user, _: {"params": {"destination_id": user}}],
    ("GET", "/deliveries/{event_id}/{destination_id}"): [_delivery],
    ("POST", "/deliveries/{event_id}/{destination_id}/resend"): [_delivery],
    ("GET", "/events"): [_nothing, lambda user, _: {"params": {"destination_id": user}}],
    ("GET", "/events/log"): [
        lambda user, _: {"params": {"user_id": user}},
        lambda _, reference: {"params": {"reference_id": reference}},
    ],
    ("POST", "/events/{event_id}/resend"): [lambda user, _: {"event_id": user}],
    ("GET", "/events/{event_id}"): [lambda user, _: {"event_id": user}],
    ("POST", "/destinations/{destination_id}/recover"): [
        lambda user, _: {"destination_id": user, "json": {"since": "2026-11-01T00:00:00Z"}}
    ],
    ("GET", "/destinations/{destination_id}/recoveries"): [lambda user, _: {"destination_id": user}],
    ("GET", "/recoveries/{recovery_id}"): [lambda user, _: {"recovery_id": user}],
    ("POST", "/recoveries/{recovery_id}/cancel"): [lambda user, _: {"recovery_id": user}],
    ("GET", "/integrations"): [_nothing],
    ("GET", "/integrations/detailed"): [_nothing],
}
# What differs from call to call by itself: new ids and the secrets of new links.
_MADE = {"user_id", "auth_url", "session_id", "url", "token"}


def _routes(app: FastAPI, prefix: str) -> set[tuple[str, str]]:
    return {
        (method, str(context.path).removeprefix(prefix))
        for context in iter_route_contexts(app.routes)
        if str(context.path or "").startswith(f"{prefix}/")
        for method in context.methods or ()
        if method != "HEAD"
    }


def _answer(answer: httpx.Response, *called_with: str) -> tuple[int, Any]:
    body = json.loads(answer.content)
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in _MADE}
    text = json.dumps(body)
    for value in called_with:
        text = text.replace(value, "…")
    return answer.status_code, json.loads(text)


async def _call(caller: Caller, route: tuple[str, str], options: dict[str, Any]) -> httpx.Response:
    method, path = route
    rest = {name: value for name, value in options.items() if f"{{{name}}}" not in path}
    named = {name: value for name, value in options.items() if name not in rest}
    return await caller.http.request(method, "/v2" + path.format(**named), **rest)


async def _rows_of(db: Database, dev_id: str) -> dict[str, list[str]]:
    found = {}
    tables = await db.autocommit.fetch(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'dev_id' ORDER BY table_name"
    )
    for (table,) in tables:
        rows = await db.autocommit.fetch(f"SELECT t::text FROM {table} t WHERE dev_id = $1", dev_id)
        found[table] = sorted(row[0] for row in rows)
    found["grants"] = [row[0] for row in await db.autocommit.fetch("SELECT t::text FROM grants t ORDER BY 1")]
    return found


def test_every_route_is_in_the_table(app: FastAPI) -> None:
    assert _routes(app, "/v2") == set(CALLS), "tell test_tenants how to call each route"


async def test_another_developers_user_is_like_one_nobody_has(
    callers: Callers, a: Caller, b: Caller, db: Database
) -> None:
    user_id = await callers.connected(a, "acc-ann", "a-ann")
    begun = await a.http.post(
        "/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json={"reference_id": "a-new"}
    )
    pending = begun.json()["user_id"]
    before = await _rows_of(db, a.dev_id)
    assert before["connections"]
    assert before["flows"]
    assert before["api_keys"]
    for route, calls in CALLS.items():
        for call in calls:
            nobodys = _answer(await _call(b, route, call(NOBODY, "nobody")), NOBODY, "nobody")
            for user, reference in ((user_id, "a-ann"), (pending, "a-new")):
                others = _answer(await _call(b, route, call(user, reference)), user, reference)
                assert others == nobodys, route
                assert user_id not in str(others)
            assert await _rows_of(db, a.dev_id) == before, route


async def test_the_same_calls_do_answer_the_developer_whose_user_it_is(callers: Callers, a: Caller) -> None:
    """So that the test above does not compare one refusal of everything with another."""
    user_id = await callers.connected(a, "acc-ann", "a-ann")
    for route in (("GET", "/userInfo"), ("POST", "/bulkUserInfo"), ("PATCH", "/users/{user_id}")):
        for call in CALLS[route]:
            answer = await _call(a, route, call(user_id, "a-ann"))
            if "reference_id" not in call(user_id, "a-ann").get("params", {}):
                assert user_id in answer.text, route
    assert user_id in (await _call(a, ("GET", "/subscriptions"), {})).text
    assert (
        await _call(a, ("DELETE", "/auth/deauthenticateUser"), {"params": {"user_id": user_id}})
    ).json() == {"status": "success"}


async def test_a_shared_account_stays_with_the_other_when_one_leaves(
    callers: Callers, a: Caller, b: Caller, db: Database
) -> None:
    """Both are linked to one grant, and still neither can touch the other's link to it."""
    users = [await callers.connected(caller, "acc-ann", "ann") for caller in (a, b)]
    assert await db.autocommit.fetchval("SELECT count(*) FROM grants") == 1
    refused = await b.http.delete("/v2/auth/deauthenticateUser", params={"user_id": users[0]})
    assert refused.status_code == 404
    left = await b.http.delete("/v2/auth/deauthenticateUser", params={"user_id": users[1]})
    assert left.status_code == 200
    assert [user["user_id"] for user in (await a.http.get("/v2/subscriptions")).json()["users"]] == users[:1]
    assert (await b.http.get("/v2/subscriptions")).json() == {"users": []}
