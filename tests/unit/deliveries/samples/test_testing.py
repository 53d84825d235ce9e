"""A made-up event goes to one destination, and is what a real one would be."""

from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest

from tests.contract.openapi.operations import DOCUMENT
from tests.contract.sdk_events import judge
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.deliveries.samples.sample_events import sample_event
from wearable_gateway.deliveries.samples.testing import send_test
from wearable_gateway.developers import keys
from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit import json
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def empty(value: Any) -> bool:
    return value is None or value in ([], {}, "")


@pytest.mark.parametrize("version", ApiVersion)
@pytest.mark.parametrize("kind", EventType)
def test_a_made_up_event_is_as_the_document_says(kind: EventType, version: ApiVersion) -> None:
    event = sample_event("acme", kind, version=version, now=NOW)
    body = json.load(event.body)
    schema = DOCUMENT["webhooks"][kind.value]["post"]["requestBody"]["content"]["application/json"]["schema"]
    jsonschema_rs.validate({**schema, "components": DOCUMENT["components"]}, body)
    assert (event.type, body["type"]) == (kind, kind)
    assert not any(empty(value) for value in body.values())


@pytest.mark.parametrize("kind", EventType)
def test_terras_client_reads_a_made_up_event(kind: EventType) -> None:
    event = sample_event("acme", kind, version=ApiVersion.CLASSIC, now=NOW)
    judge(json.load(event.body), complete=True)


def test_nobody_takes_a_made_up_user_for_one_of_theirs() -> None:
    event = json.load(sample_event("acme", EventType.DAILY, version=ApiVersion.CLASSIC, now=NOW).body)
    assert event["user"]["reference_id"] == "test"
    assert event["user"]["provider"] not in PROVIDERS
    given = sample_event("acme", EventType.DAILY, version=ApiVersion.CLASSIC, now=NOW, provider="OTHER")
    assert json.load(given.body)["user"]["provider"] == "OTHER"


def test_the_generations_differ_where_real_events_do() -> None:
    classic, current = (
        json.load(sample_event("acme", EventType.MENSTRUATION, version=version, now=NOW).body)["data"][0]
        for version in ApiVersion
    )
    assert classic["menstruation_data"]["is_predicted_cycle"] == "true"
    assert current["menstruation_data"]["is_predicted_cycle"] is True


@pytest.fixture
async def both(db: Database, keyring: Keyring) -> tuple[Destination, Destination]:
    """Two destinations of one developer; the first wants no data."""
    await keys.create_developer(db.autocommit, "Acme", "acme")
    policy = AddressPolicy.allowing_loopback()
    first, _ = await destinations.create(
        db.autocommit, keyring, policy, "acme", "http://127.0.0.1:9/", ["auth"]
    )
    second, _ = await destinations.create(db.autocommit, keyring, policy, "acme", "http://127.0.0.1:9/")
    return first, second


async def send(db: Database, destination: Destination, kind: str = "daily", dev_id: str = "acme") -> Any:
    async with db.transaction() as session:
        return await send_test(session, dev_id, destination.id, kind, NOW, actor="developer:acme")


async def counted(db: Database) -> tuple[int, int]:
    return (
        await db.autocommit.fetchval("SELECT count(*) FROM events"),
        await db.autocommit.fetchval("SELECT count(*) FROM deliveries"),
    )


async def test_it_goes_to_that_destination_alone_whatever_that_wants(
    db: Database, both: tuple[Destination, Destination]
) -> None:
    event_id = await send(db, both[0])
    (event,) = await db.autocommit.fetch("SELECT * FROM events")
    (delivery,) = await db.autocommit.fetch("SELECT * FROM deliveries")
    assert (event["id"], event["type"], event["dev_id"], event["created_at"]) == (
        event_id,
        "daily",
        "acme",
        NOW,
    )
    assert (delivery["event_id"], delivery["destination_id"]) == (event_id, both[0].id)
    assert (delivery["state"], delivery["bucket"]) == ("due", destinations.bucket_of(both[0].id))


async def test_it_is_in_the_generation_the_developer_chose(
    db: Database, both: tuple[Destination, Destination]
) -> None:
    async with db.transaction() as session:
        await change_settings(session, "acme", {"api_version": "current"}, actor="test:test")
    await send(db, both[1], "menstruation")
    body = json.load(await db.autocommit.fetchval("SELECT body FROM events"))
    assert body["data"][0]["menstruation_data"]["current_phase"] == 5


async def test_a_disabled_destination_has_to_be_enabled_first(
    db: Database, both: tuple[Destination, Destination]
) -> None:
    await destinations.disable(db.autocommit, "acme", both[0].id, "because")
    with pytest.raises(DisallowedError, match="enable it first"):
        await send(db, both[0])
    assert await counted(db) == (0, 0)


async def test_for_a_paused_destination_it_is_kept(
    db: Database, both: tuple[Destination, Destination]
) -> None:
    await db.autocommit.execute("UPDATE destinations SET state = 'paused' WHERE dev_id = 'acme'")
    await send(db, both[0])
    assert await counted(db) == (1, 1)


async def test_what_is_no_type_of_event_is_refused_and_those_there_are_are_named(
    db: Database, both: tuple[Destination, Destination]
) -> None:
    with pytest.raises(InvalidInputError, match=r"invalid type: one of auth, .*healthcheck"):
        await send(db, both[0], "coffee")


async def test_nothing_is_sent_to_what_another_developer_has(
    db: Database, both: tuple[Destination, Destination]
) -> None:
    await keys.create_developer(db.autocommit, "Globex", "globex")
    with pytest.raises(NotFoundError, match="destination not found"):
        await send(db, both[0], dev_id="globex")
    assert await counted(db) == (0, 0)
