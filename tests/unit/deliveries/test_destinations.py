from datetime import UTC, datetime

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations, secrets
from wearable_gateway.deliveries.models import DestinationState
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7

LOOPBACK = AddressPolicy.allowing_loopback()
URL = "http://127.0.0.1:9/hook"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


async def test_a_destination_is_made_listed_and_deleted(db: Database, keyring: Keyring) -> None:
    session = db.autocommit
    made, secret = await destinations.create(
        session, keyring, LOOPBACK, "acme", URL, ["activity", "auth", "auth"], clock=lambda: NOW
    )
    assert made.event_types == ("activity", "auth")
    assert secret.startswith("whsec_")
    assert await destinations.list_destinations(session, "acme") == [made]
    assert await destinations.get(session, "acme", made.id) == made
    await destinations.delete(session, "acme", made.id)
    assert await destinations.list_destinations(session, "acme") == []


async def test_the_secret_is_stored_sealed(db: Database, keyring: Keyring) -> None:
    made, secret = await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", URL)
    sealed = await db.autocommit.fetchval("SELECT signing_secret FROM destinations WHERE dev_id = 'acme'")
    assert secret.encode() not in sealed
    identity = secrets.secret_identity("acme", made.id)
    assert keyring.decrypt(sealed, identity=identity).decode() == secret


async def test_no_event_types_mean_all_of_them(db: Database, keyring: Keyring) -> None:
    made, _ = await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", URL, [])
    assert made.event_types is None


async def test_an_unknown_event_type_is_refused_and_the_known_ones_are_named(
    db: Database, keyring: Keyring
) -> None:
    with pytest.raises(InvalidInputError, match="access_revoked"):
        await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", URL, ["nonsense"])


async def test_a_private_address_is_refused(db: Database, keyring: Keyring) -> None:
    with pytest.raises(InvalidInputError, match="GATEWAY_ALLOW_PRIVATE_NETWORKS"):
        await destinations.create(db.autocommit, keyring, AddressPolicy(), "acme", URL)


async def test_a_developer_has_at_most_twenty(db: Database, keyring: Keyring) -> None:
    for _ in range(destinations.MOST_PER_DEVELOPER):
        await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", URL)
    with pytest.raises(DisallowedError, match="20 destinations"):
        await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", URL)
    await destinations.create(db.autocommit, keyring, LOOPBACK, "globex", URL)


async def test_another_developers_destination_does_not_exist(db: Database, keyring: Keyring) -> None:
    session = db.autocommit
    made, _ = await destinations.create(session, keyring, LOOPBACK, "acme", URL)
    with pytest.raises(NotFoundError):
        await destinations.get(session, "globex", made.id)
    with pytest.raises(NotFoundError):
        await destinations.delete(session, "globex", made.id)
    with pytest.raises(NotFoundError):
        await destinations.disable(session, "globex", made.id, "because")
    with pytest.raises(NotFoundError):
        await destinations.get(session, "acme", uuid7())
    assert (await destinations.get(session, "acme", made.id)).state is DestinationState.ENABLED


async def test_a_disabled_destination_says_why(db: Database, keyring: Keyring) -> None:
    made, _ = await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", URL)
    await destinations.disable(db.autocommit, "acme", made.id, "under repair")
    found = await destinations.get(db.autocommit, "acme", made.id)
    assert (found.state, found.state_reason) == (DestinationState.DISABLED, "under repair")
