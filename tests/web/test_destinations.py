"""Destinations as developers, and operators in their name, see and change them."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.fakes.gateway import Gateway
from tests.fakes.past import Past
from tests.fakes.receiver import receiving
from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import audit
from wearable_gateway.developers.admin_tokens import AdminToken, issue_admin_token
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.ids import moment_of

URL = "http://127.0.0.1:9/hook"
PATH = "/v2/destinations"
ADMIN_PATH = "/admin/v1/developers/company-a/destinations"
FIELDS = {
    "destination_id", "kind", "url", "description", "event_types", "state", "state_reason", "retry_schedule",
    "rate_limit", "concurrency", "failing_since", "parked_until", "created_at", "updated_at",
}  # fmt: skip
ACTIONS = ("rotate-secret", "pause", "resume", "enable", "disable", "test")


@pytest.fixture
async def issued(callers: Callers) -> tuple[AdminToken, str]:
    return await issue_admin_token(callers.db.autocommit, callers.hasher, "tests", actor="operator:tests")


@pytest.fixture
async def admin(callers: Callers, issued: tuple[AdminToken, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with callers.http(authorization=f"Bearer {issued[1]}") as http:
        yield http


@pytest.fixture(params=["developer", "operator"])
def either(
    request: pytest.FixtureRequest, a: Caller, admin: httpx.AsyncClient
) -> tuple[httpx.AsyncClient, str]:
    """A client that may, and the path it does so under."""
    return (a.http, PATH) if request.param == "developer" else (admin, ADMIN_PATH)


async def added(http: httpx.AsyncClient, path: str = PATH, **body: Any) -> dict[str, Any]:
    answer = await http.post(path, json={"url": URL, **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_destination_lives_from_its_making_to_its_end(either: tuple[httpx.AsyncClient, str]) -> None:
    http, path = either
    chosen = {
        "url": URL,
        "description": "Nightly import",
        "event_types": ["auth", "daily"],
        "retry_schedule": "terra",
        "rate_limit": 50,
        "concurrency": 4,
    }
    made = await added(http, path, **chosen)
    assert set(made) == {"status", "destination", "signing_secret"}
    assert made["status"] == "success"
    assert made["signing_secret"].startswith("whsec_")
    one = made["destination"]
    assert set(one) == FIELDS
    assert {name: one[name] for name in chosen} == chosen
    assert (one["kind"], one["state"], one["created_at"]) == ("webhook", "enabled", one["updated_at"])

    here = f"{path}/{one['destination_id']}"
    assert (await http.get(here)).json() == {"status": "success", "destination": one}
    assert (await http.get(path)).json() == {"status": "success", "destinations": [one]}
    changed = (await http.patch(here, json={"event_types": None, "rate_limit": 5.0})).json()["destination"]
    assert changed["updated_at"] > one["updated_at"]
    assert changed == {
        **one, "event_types": None, "rate_limit": 5, "updated_at": changed["updated_at"]
    }  # fmt: skip
    for action, state in (
        ("pause", "paused"),
        ("pause", "paused"),
        ("resume", "enabled"),
        ("enable", "enabled"),
    ):
        answer = await http.post(f"{here}/{action}")
        assert (answer.status_code, answer.json()["destination"]["state"]) == (200, state)
    assert (await http.delete(here)).json() == {"status": "success"}
    refused(await http.get(here), 404, "destination not found")


async def test_little_has_to_be_said_of_a_destination(a: Caller) -> None:
    one = (await added(a.http))["destination"]
    assert {name for name in FIELDS if one[name] is None} == {
        "description", "event_types", "state_reason", "rate_limit", "concurrency", "failing_since", "parked_until"
    }  # fmt: skip
    assert one["retry_schedule"] == "standard"


async def test_a_pull_destination_has_neither_url_nor_secret(a: Caller) -> None:
    made = await added(a.http, kind="pull", url=None)
    assert made["signing_secret"] is None
    assert (made["destination"]["kind"], made["destination"]["url"]) == ("pull", None)
    here = f"{PATH}/{made['destination']['destination_id']}"
    refused(await a.http.patch(here, json={"url": URL}), 400, "make a new destination")
    refused(await a.http.post(f"{here}/rotate-secret"), 403, "nothing is sent there")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "invalid url"),
        ({"url": None}, "invalid url"),
        ({"url": 7}, "invalid url"),
        ({"url": ""}, "invalid url"),
        ({"url": "acme.example"}, "invalid url"),
        ({"url": "ftp://acme.example/"}, "invalid url"),
        ({"url": "http://user:pass@127.0.0.1/"}, "invalid url"),
        ({"url": "http://169.254.169.254/latest"}, "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
        ({"url": "http://10.0.0.1/"}, "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
        ({"url": "http://no-such-host.invalid/"}, "does not resolve"),
        ({"url": "http://127.0.0.1/" + "x" * 2_048}, "invalid url"),
        ({"url": URL, "kind": "pull"}, "invalid url: none"),
        ({"url": URL, "kind": "push"}, "invalid kind: webhook or pull"),
        ({"url": URL, "kind": None}, "invalid kind"),
        ({"url": URL, "colour": "blue"}, "colour"),
        ({"url": URL, "state": "disabled"}, "state"),
        ({"url": URL, "signing_secret": "whsec_x"}, "signing_secret"),
        ([], "invalid body"),
        (None, "invalid body"),
    ],
)
async def test_what_cannot_be_made_is_refused_by_name(
    a: Caller, either: tuple[httpx.AsyncClient, str], body: Any, says: str
) -> None:
    http, path = either
    refused(await http.post(path, json=body), 400, says)
    assert (await a.http.get(PATH)).json()["destinations"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"description": "x" * 201}, "invalid description"),
        ({"description": "a\nb"}, "invalid description"),
        ({"description": "a\u2029b"}, "invalid description"),
        ({"description": 7}, "invalid description"),
        ({"event_types": []}, "invalid event_types"),
        ({"event_types": ["coffee"]}, "invalid event_types"),
        ({"event_types": "auth"}, "invalid event_types"),
        ({"event_types": [None]}, "invalid event_types"),
        ({"retry_schedule": "never"}, "invalid retry_schedule: standard or terra"),
        ({"retry_schedule": None}, "invalid retry_schedule"),
        ({"rate_limit": 0}, "invalid rate_limit"),
        ({"rate_limit": 10_001}, "invalid rate_limit"),
        ({"rate_limit": 10**400}, "invalid"),
        ({"rate_limit": 1.5}, "invalid rate_limit"),
        ({"rate_limit": "50"}, "invalid rate_limit"),
        ({"rate_limit": True}, "invalid rate_limit"),
        ({"concurrency": 101}, "invalid concurrency"),
        ({"concurrency": -1}, "invalid concurrency"),
        ({"url": None}, "make a new destination"),
        ({"url": "http://10.0.0.1/"}, "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
        ({"kind": "pull"}, "kind"),
        ({"state": "paused"}, "state"),
        ([], "invalid body"),
    ],
)
async def test_what_cannot_be_changed_is_refused_by_name(
    either: tuple[httpx.AsyncClient, str], change: Any, says: str
) -> None:
    http, path = either
    one = (await added(http, path))["destination"]
    here = f"{path}/{one['destination_id']}"
    refused(await http.patch(here, json=change), 400, says)
    assert (await http.get(here)).json()["destination"] == one


async def test_a_developer_has_twenty_at_most(a: Caller) -> None:
    for _ in range(destinations.MOST_PER_DEVELOPER):
        await added(a.http)
    refused(await a.http.post(PATH, json={"url": URL}), 403, "delete one first")


@pytest.mark.parametrize("body", [None, {}, {"overlap_seconds": 0}, {"overlap_seconds": 604_800.0}])
async def test_a_new_secret_is_shown_once(either: tuple[httpx.AsyncClient, str], body: Any) -> None:
    http, path = either
    made = await added(http, path)
    here = f"{path}/{made['destination']['destination_id']}"
    answer = await http.post(f"{here}/rotate-secret", json=body)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"status", "destination", "signing_secret"}
    assert answer.json()["signing_secret"] not in {made["signing_secret"], None}
    seen = (await http.get(here)).text + (await http.get(path)).text
    assert "whsec_" not in seen


@pytest.mark.parametrize("seconds", [-1, 604_801, 10**30, 1.5, "60", True, None])
async def test_an_overlap_is_at_most_a_week(a: Caller, seconds: Any) -> None:
    here = f"{PATH}/{(await added(a.http))['destination']['destination_id']}"
    answer = await a.http.post(f"{here}/rotate-secret", json={"overlap_seconds": seconds})
    refused(answer, 400, "invalid overlap_seconds")
    refused(await a.http.post(f"{here}/rotate-secret", json={"overlap": 7}), 400, "overlap")


async def test_a_disabled_destination_is_enabled_before_anything_else(callers: Callers, a: Caller) -> None:
    one = (await added(a.http))["destination"]
    here = f"{PATH}/{one['destination_id']}"
    await destinations.disable(
        callers.db.autocommit, a.dev_id, UUID(one["destination_id"]), "it answered 410"
    )
    shown = (await a.http.get(here)).json()["destination"]
    assert (shown["state"], shown["state_reason"]) == ("disabled", "it answered 410")
    for action in ("pause", "resume", "test"):
        refused(await a.http.post(f"{here}/{action}"), 403, "enable it first")
    enabled = (await a.http.post(f"{here}/enable")).json()["destination"]
    assert (enabled["state"], enabled["state_reason"]) == ("enabled", None)
    await a.http.post(f"{here}/pause")
    refused(await a.http.post(f"{here}/enable"), 403, "resume it instead")


async def test_health_counts_what_waits_and_a_dry_run_deletes_nothing(
    either: tuple[httpx.AsyncClient, str], callers: Callers
) -> None:
    http, path = either
    past = Past(callers.db, "company-a")
    destination_id, other = await past.destination(), await past.destination()
    ids = await past.events(10, ago=timedelta(hours=1))
    await past.tried(destination_id, ids[:3])
    await past.tried(destination_id, ids[3:8], "refused", number=10)
    await past.queued(destination_id, ids[3:8], "exhausted", attempts=10)
    await past.queued(destination_id, ids[8:9], "due")
    await past.queued(destination_id, ids[9:], "waiting")
    here = f"{path}/{destination_id}"
    health = (await http.get(f"{here}/health")).json()["health"]
    assert health.pop("last_taken_at")[:10] == f"{datetime.now(UTC):%Y-%m-%d}"
    assert datetime.fromisoformat(health.pop("given_up_since")) == moment_of(ids[3])
    assert datetime.fromisoformat(health.pop("missing_since")) < moment_of(ids[3])
    assert health == {
        "pending": 2, "pending_at_least": False, "exhausted": 5, "exhausted_at_least": False, "attempts": 8, "taken": 3,
    }  # fmt: skip
    nothing = (await http.get(f"{path}/{other}/health")).json()["health"]
    assert not any(nothing.values())
    told = await http.delete(here, params={"dry_run": "true"})
    assert (told.json(), told.headers["dry-run"]) == ({"status": "success"}, "true")
    assert len((await http.get(path)).json()["destinations"]) == 2
    refused(await http.delete(here, params={"dry_run": "perhaps"}), 400, "invalid dry_run")
    assert (await http.delete(here, params={"dry_run": "false"})).json() == {"status": "success"}
    refused(await http.get(here), 404)


async def test_a_made_up_event_is_accepted(either: tuple[httpx.AsyncClient, str], callers: Callers) -> None:
    http, path = either
    here = f"{path}/{(await added(http, path))['destination']['destination_id']}"
    for body, kind in ((None, "auth"), ({}, "auth"), ({"type": "sleep"}, "sleep")):
        answer = await http.post(f"{here}/test", json=body)
        assert answer.status_code == 202, answer.text
        assert set(answer.json()) == {"status", "event_id"}
        found = await callers.db.autocommit.fetchval(
            "SELECT type FROM events WHERE dev_id = 'company-a' AND id = $1", UUID(answer.json()["event_id"])
        )
        assert found == kind
    refused(await http.post(f"{here}/test", json={"type": "coffee"}), 400, "invalid type: one of auth")
    refused(await http.post(f"{here}/test", json={"kind": "auth"}), 400, "kind")


def calls(here: str) -> list[Callable[[httpx.AsyncClient], Any]]:
    return [
        lambda http: http.get(here),
        lambda http: http.patch(here, json={"description": "mine"}),
        lambda http: http.patch(here, json={"url": "http://127.0.0.1:10/"}),
        lambda http: http.delete(here),
        lambda http: http.delete(here, params={"dry_run": "true"}),
        lambda http: http.get(f"{here}/health"),
        *(lambda http, action=action: http.post(f"{here}/{action}") for action in ACTIONS),
    ]


@pytest.mark.parametrize("destination_id", [NOBODY, "x", "7", "a%00b", "%F0%9F%98%80", "x" * 500])
async def test_a_destination_nobody_has_is_not_found(
    either: tuple[httpx.AsyncClient, str], destination_id: str
) -> None:
    http, path = either
    for call in calls(f"{path}/{destination_id}"):
        refused(await call(http), 404, "destination not found")


async def test_another_developers_destination_is_like_one_nobody_has(
    a: Caller, b: Caller, admin: httpx.AsyncClient
) -> None:
    one = (await added(a.http))["destination"]
    for call in calls(f"{PATH}/{one['destination_id']}"):
        refused(await call(b.http), 404, "destination not found")
    for call in calls(f"/admin/v1/developers/{b.dev_id}/destinations/{one['destination_id']}"):
        refused(await call(admin), 404, "destination not found")
    assert (await b.http.get(PATH)).json()["destinations"] == []
    assert (await a.http.get(PATH)).json()["destinations"] == [one]


async def test_a_developers_key_is_none_for_operators_and_the_other_way_round(
    a: Caller, admin: httpx.AsyncClient
) -> None:
    refused(await a.http.get(ADMIN_PATH), 401)
    refused(await admin.get(PATH), 401)


@pytest.mark.parametrize("dev_id", ["nobody", "a b", "a%00b"])
async def test_a_developer_nobody_made_has_no_destinations(admin: httpx.AsyncClient, dev_id: str) -> None:
    path = f"/admin/v1/developers/{dev_id}/destinations"
    refused(await admin.get(path), 404, "developer not found")
    refused(await admin.post(path, json={"url": URL}), 404, "developer not found")


async def test_it_is_on_record_who_changed_what(
    callers: Callers, a: Caller, admin: httpx.AsyncClient, issued: tuple[AdminToken, str]
) -> None:
    made = await added(a.http)
    destination_id = made["destination"]["destination_id"]
    here = f"{ADMIN_PATH}/{destination_id}"
    await admin.patch(here, json={"description": "by the operator"})
    tested = (await a.http.post(f"{PATH}/{destination_id}/test", json={"type": "daily"})).json()["event_id"]
    for _ in range(2):
        await admin.post(f"{here}/disable")
    await admin.post(f"{here}/enable")
    rotated = (await admin.post(f"{here}/rotate-secret")).json()["signing_secret"]
    await a.http.delete(f"{PATH}/{destination_id}")
    found = await audit.history(callers.db.autocommit, a.dev_id, f"destination:{destination_id}")
    developer, operator = f"developer:{a.dev_id}", issued[0].actor
    assert [(one.action, one.actor) for one in reversed(found)] == [
        ("destination.created", developer),
        ("destination.changed", operator),
        ("destination.tested", developer),
        ("destination.disabled", operator),
        ("destination.enabled", operator),
        ("destination.secret_rotated", operator),
        ("destination.deleted", developer),
    ]
    assert {"type": "daily", "event_id": tested} in [one.after for one in found]
    assert not any(secret in str(found) for secret in (made["signing_secret"], rotated))


@pytest.mark.parametrize("kind", EventType)
async def test_a_made_up_event_of_every_type_arrives_where_it_was_asked_for(
    gateway: Gateway, kind: EventType
) -> None:
    company = await gateway.company("A")
    async with receiving() as tested, receiving() as other:
        await gateway.destination(company, other.url)
        made = await added(company.http, url=tested.url, event_types=["auth"])
        here = f"{PATH}/{made['destination']['destination_id']}"
        answer = (await company.http.post(f"{here}/test", json={"type": kind})).json()
        (event,) = await tested.wait_for(kind)
        assert tested.got[0].headers["webhook-id"] == answer["event_id"]
        assert event.get("user", {}).get("provider") in {"TEST", None}
        assert other.got == []
