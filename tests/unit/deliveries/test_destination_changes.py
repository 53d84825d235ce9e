"""A destination is changed as its developer says, all of it or nothing, and each change is on record."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.deliveries.models import Destination, DestinationKind, DestinationState, RetrySchedule
from wearable_gateway.developers import audit, keys
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7

LOOPBACK = AddressPolicy.allowing_loopback()
URL = "http://127.0.0.1:9/hook"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def change(db: Database) -> Change:
    await keys.create_developer(db.autocommit, "Acme", "acme")
    return Change(db, "acme", "developer:acme", NOW)


async def made(change: Change, keyring: Keyring, **chosen: Any) -> Destination:
    kind = DestinationKind.PULL if chosen.get("url", URL) is None else DestinationKind.WEBHOOK
    destination, _ = await changes.create(change, keyring, LOOPBACK, kind, {"url": URL, **chosen})
    return destination


async def history(change: Change, destination: Destination) -> list[tuple[str, str, Any, Any]]:
    found = await audit.history(change.db.autocommit, change.dev_id, f"destination:{destination.id}")
    return [(one.action, one.actor, one.before, one.after) for one in found]


def later(change: Change) -> Change:
    return replace(change, now=LATER)


async def write(change: Change, destination: Destination, **columns: Any) -> None:
    for name, value in columns.items():
        await change.db.autocommit.execute(
            f"UPDATE destinations SET {name} = $3 WHERE dev_id = $1 AND id = $2",
            change.dev_id, destination.id, value,
        )  # fmt: skip


async def test_all_that_is_chosen_is_kept(change: Change, keyring: Keyring) -> None:
    chosen = {
        "description": "Nightly import",
        "event_types": ("auth", "daily"),
        "retry_schedule": "terra",
        "rate_limit": 50,
        "concurrency": 4,
    }
    destination = await made(change, keyring, **chosen)
    found = await destinations.get(change.db.autocommit, "acme", destination.id)
    assert found == destination
    assert {name: getattr(found, name) for name in chosen} == chosen
    ((action, actor, before, after),) = await history(change, destination)
    assert (action, actor, before) == ("destination.created", "developer:acme", None)
    assert after == {**chosen, "url": URL, "event_types": ["auth", "daily"]}
    assert "whsec_" not in str(after)


async def test_a_pull_destination_has_no_url_and_no_secret_that_is_told(
    change: Change, keyring: Keyring
) -> None:
    destination, secret = await changes.create(change, keyring, LOOPBACK, "pull", {})
    assert (destination.kind, destination.url, secret) == (DestinationKind.PULL, None, None)
    with pytest.raises(DisallowedError, match="nothing is sent there"):
        await changes.rotate_secret(change, keyring, destination.id, 0)


@pytest.mark.parametrize(
    ("kind", "chosen", "says"),
    [
        ("webhook", {}, "invalid url: .*pull"),
        ("pull", {"url": URL}, "invalid url: none"),
        ("carrier pigeon", {"url": URL}, "invalid kind: webhook or pull"),
        ("webhook", {"url": "http://10.0.0.1/"}, "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
    ],
)
async def test_kind_and_url_belong_together(
    change: Change, keyring: Keyring, kind: str, chosen: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        await changes.create(change, keyring, LOOPBACK, kind, chosen)
    assert await destinations.list_destinations(change.db.autocommit, "acme") == []


async def test_nobody_has_no_destination(change: Change, keyring: Keyring) -> None:
    with pytest.raises(NotFoundError, match="developer not found"):
        await made(replace(change, dev_id="nobody"), keyring)


async def test_two_at_a_time_do_not_both_get_the_last_place(change: Change, keyring: Keyring) -> None:
    for _ in range(destinations.MOST_PER_DEVELOPER - 1):
        await made(change, keyring)
    ends = await asyncio.gather(*(made(change, keyring) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Destination) for one in ends) == 1
    assert sum(isinstance(one, DisallowedError) for one in ends) == 3


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({"description": "é" * 200}, {"description": "é" * 200}),
        ({"description": ""}, {"description": None}),
        ({"event_types": ["auth", "auth", "daily"]}, {"event_types": ("auth", "daily")}),
        ({"event_types": None}, {"event_types": None}),
        ({"retry_schedule": "terra"}, {"retry_schedule": RetrySchedule.TERRA}),
        ({"rate_limit": 1}, {"rate_limit": 1}),
        ({"rate_limit": 10_000, "concurrency": 100}, {"rate_limit": 10_000, "concurrency": 100}),
        ({"rate_limit": None, "concurrency": None}, {"rate_limit": None, "concurrency": None}),
        ({"url": "http://127.0.0.1:10/x"}, {"url": "http://127.0.0.1:10/x"}),
    ],
)
async def test_what_is_named_changes_and_nothing_else(
    change: Change, keyring: Keyring, chosen: dict[str, Any], kept: dict[str, Any]
) -> None:
    before = await made(change, keyring, description="d", event_types=["body"], rate_limit=7, concurrency=3)
    changed = await changes.update(later(change), LOOPBACK, before.id, chosen)
    assert changed == replace(before, **kept, updated_at=LATER)
    assert await destinations.get(change.db.autocommit, "acme", before.id) == changed
    action, _, told_before, told_after = (await history(change, before))[0]
    assert action == "destination.changed"
    assert set(told_before) == set(told_after) == set(chosen)


async def test_a_change_to_what_is_there_already_is_none(change: Change, keyring: Keyring) -> None:
    before = await made(change, keyring, rate_limit=7)
    assert await changes.update(later(change), LOOPBACK, before.id, {"rate_limit": 7}) == before
    assert await changes.update(later(change), LOOPBACK, before.id, {}) == before
    assert len(await history(change, before)) == 1


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"description": "x" * 201}, "invalid description: at most 200"),
        ({"description": "a\nb"}, "invalid description"),
        ({"description": "a\x00b"}, "invalid description"),
        ({"description": "a\u2028b"}, "invalid description"),
        ({"event_types": []}, "invalid event_types: null for every type"),
        ({"event_types": ["auth", "coffee"]}, "invalid event_types: .*access_revoked"),
        ({"retry_schedule": "never"}, "invalid retry_schedule: standard or terra"),
        ({"rate_limit": 0}, "invalid rate_limit: 1 to 10000"),
        ({"rate_limit": 10_001}, "invalid rate_limit"),
        ({"rate_limit": 10**30}, "invalid rate_limit"),
        ({"concurrency": 0}, "invalid concurrency: 1 to 100"),
        ({"concurrency": 101}, "invalid concurrency"),
        ({"url": None}, "invalid url: .*make a new destination"),
        ({"url": "ftp://x/"}, "invalid url"),
        ({"url": "http://10.0.0.1/"}, "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
        ({"state": "disabled"}, "invalid field 'state': one of url"),
        ({"rate_limit": 5, "concurrency": 0}, "invalid concurrency"),
    ],
)
async def test_what_cannot_be_chosen_changes_nothing(
    change: Change, keyring: Keyring, chosen: dict[str, Any], says: str
) -> None:
    before = await made(change, keyring)
    with pytest.raises(InvalidInputError, match=says):
        await changes.update(later(change), LOOPBACK, before.id, chosen)
    assert await destinations.get(change.db.autocommit, "acme", before.id) == before


async def test_a_pull_destination_keeps_its_kind(change: Change, keyring: Keyring) -> None:
    before = await made(change, keyring, url=None)
    with pytest.raises(InvalidInputError, match="invalid url: null for the kind pull"):
        await changes.update(change, LOOPBACK, before.id, {"url": URL})
    assert (await changes.update(change, LOOPBACK, before.id, {"url": None, "description": "x"})).url is None


async def test_another_url_begins_without_the_failures_of_the_one_before(
    change: Change, keyring: Keyring
) -> None:
    before = await made(change, keyring)
    await write(change, before, failing_since=NOW, parked_until=LATER, parkings=3)
    kept = await changes.update(change, LOOPBACK, before.id, {"description": "x"})
    assert (kept.failing_since, kept.parked_until) == (NOW, LATER)
    moved = await changes.update(change, LOOPBACK, before.id, {"url": URL + "2"})
    assert await destinations.get(change.db.autocommit, "acme", before.id) == moved
    assert (moved.failing_since, moved.parked_until) == (None, None)
    assert await change.db.autocommit.fetchval("SELECT parkings FROM destinations WHERE dev_id = 'acme'") == 0


async def test_a_destination_is_paused_and_resumed(change: Change, keyring: Keyring) -> None:
    before = await made(change, keyring)
    await write(change, before, failing_since=NOW, parked_until=LATER, parkings=3)
    paused = await changes.pause(later(change), before.id)
    assert (paused.state, paused.updated_at) == (DestinationState.PAUSED, LATER)
    assert await changes.pause(change, before.id) == paused
    with pytest.raises(DisallowedError, match="is paused; resume it instead"):
        await changes.enable(change, before.id)
    resumed = await changes.resume(later(change), before.id)
    assert resumed.state is DestinationState.ENABLED
    assert (resumed.failing_since, resumed.parked_until) == (NOW, LATER)
    assert await changes.resume(change, before.id) == resumed
    told = [(action, before, after) for action, _, before, after in await history(change, before)]
    paused_state, enabled_state = [
        {"state": state, "state_reason": None}
        for state in (DestinationState.PAUSED, DestinationState.ENABLED)
    ]
    assert told[:2] == [
        ("destination.resumed", paused_state, enabled_state),
        ("destination.paused", enabled_state, paused_state),
    ]
    assert len(told) == 3


async def test_a_disabled_destination_is_enabled_and_its_failures_are_forgotten(
    change: Change, keyring: Keyring
) -> None:
    before = await made(change, keyring)
    await destinations.disable(
        change.db.autocommit, "acme", before.id, "it answered 410", clock=lambda: LATER
    )
    await write(change, before, failing_since=NOW, parked_until=LATER, parkings=3)
    assert (await destinations.get(change.db.autocommit, "acme", before.id)).updated_at == LATER
    for refuses in (changes.pause, changes.resume):
        with pytest.raises(DisallowedError, match="is disabled; enable it first"):
            await refuses(change, before.id)
    enabled = await changes.enable(later(change), before.id)
    assert enabled == replace(before, updated_at=LATER)
    assert await destinations.get(change.db.autocommit, "acme", before.id) == enabled
    assert await change.db.autocommit.fetchval("SELECT parkings FROM destinations WHERE dev_id = 'acme'") == 0
    assert await changes.enable(change, before.id) == enabled
    assert (await history(change, before))[0][2] == {"state": "disabled", "state_reason": "it answered 410"}


async def test_a_new_secret_is_on_record_without_being_told(change: Change, keyring: Keyring) -> None:
    before = await made(change, keyring)
    _, secret = await changes.rotate_secret(later(change), keyring, before.id, 60)
    action, _, _, after = (await history(change, before))[0]
    assert (action, after) == ("destination.secret_rotated", {"overlap_seconds": 60})
    assert secret.startswith("whsec_")
    for seconds in (-1, 604_801, 10**30):
        with pytest.raises(InvalidInputError, match="overlap_seconds: 0 to 604800"):
            await changes.rotate_secret(change, keyring, before.id, seconds)


async def test_a_deleted_destination_leaves_only_its_history(change: Change, keyring: Keyring) -> None:
    before = await made(change, keyring, description="old")
    await change.db.autocommit.execute(
        "INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, next_at)"
        " VALUES ('acme', $1, $2, 0, 'exhausted', 3, $3)",
        before.id, uuid7(), NOW,
    )  # fmt: skip
    await changes.delete(change, before.id)
    assert await destinations.list_destinations(change.db.autocommit, "acme") == []
    assert await change.db.autocommit.fetchval("SELECT count(*) FROM deliveries") == 0
    assert (await history(change, before))[0][2]["description"] == "old"
    with pytest.raises(NotFoundError):
        await changes.delete(change, before.id)


async def test_another_developers_destination_is_changed_by_nobody_else(
    change: Change, keyring: Keyring
) -> None:
    before = await made(change, keyring)
    await keys.create_developer(change.db.autocommit, "Globex", "globex")
    other = replace(change, dev_id="globex", actor="developer:globex")
    for attempt in (
        lambda: changes.update(other, LOOPBACK, before.id, {"description": "mine"}),
        lambda: changes.pause(other, before.id),
        lambda: changes.resume(other, before.id),
        lambda: changes.enable(other, before.id),
        lambda: changes.delete(other, before.id),
        lambda: changes.rotate_secret(other, keyring, before.id, 0),
    ):
        with pytest.raises(NotFoundError, match="destination not found"):
            await attempt()
    assert await destinations.get(change.db.autocommit, "acme", before.id) == before
