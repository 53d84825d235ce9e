"""Many developers linked to one account, the clock moved on, and what must be true of them in the end."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from tests.fakes.installation import Installation
from tests.fakes.receiver import Receiver
from tests.fakes.waiting import eventually
from wearable_gateway.connections.grants import grant_id_of, open_tokens
from wearable_gateway.connections.linking import Consent, link
from wearable_gateway.connections.models import Connection
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import keys
from wearable_gateway.developers.settings import DuplicatePolicy
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.sandbox.accounts import account_named


async def link_for_many(production: Installation, account: str, url: str, *, developers: int) -> None:
    """That many developers more, each linked to the account that one company has connected already."""
    account_id = account_named(account).account_id
    grant_id = grant_id_of(production.app.id, account_id)
    sealed = await production.db.autocommit.fetchval("SELECT tokens FROM grants WHERE id = $1", grant_id)
    tokens = open_tokens(production.keyring, grant_id, sealed)
    for number in range(developers):
        dev_id = f"dev-{number}"
        await keys.create_developer(production.db.autocommit, dev_id, dev_id)
        await destinations.create(
            production.db.autocommit, production.keyring, AddressPolicy.allowing_loopback(), dev_id, url
        )
        consent = Consent(
            dev_id=dev_id,
            user_id=uuid7(),
            provider="SANDBOX",
            provider_app_id=production.app.id,
            provider_account_id=account_id,
            reference_id=f"ref-{number}",
            tokens=tokens,
            scopes=("daily", "activity", "sleep"),
            given_at=utc_now(),
            flow_id=uuid7(),
            widget_session_id=None,
        )
        async with production.db.transaction() as session:
            policy = DuplicatePolicy.KEEP_BOTH
            made = await link(session, consent, policy=policy, keyring=production.keyring, now=utc_now())
        assert isinstance(made, Connection)


async def revoke_at_vendor(production: Installation, account: str) -> None:
    """The person presses revoke, long enough after the consent for the vendor's word to be believed."""
    consented_at = utc_now() - timedelta(hours=1)
    await production.db.autocommit.execute("UPDATE grants SET consented_at = $1", consented_at)
    assert await production.control("revoke", account=account) == {"revoked": 1}


async def let_claims_run_out(production: Installation, dead: Sequence[int] = ()) -> None:
    """What processes that died had claimed is free now, instead of after seconds or minutes."""
    db, past = production.db.autocommit, utc_now() - timedelta(minutes=1)
    await db.execute("UPDATE notices SET due_at = $1 WHERE state = 'due'", past)
    await db.execute("UPDATE grants SET release_due_at = $1 WHERE release_due_at IS NOT NULL", past)
    await db.execute(
        "UPDATE flows SET claimed_at = claimed_at - interval '2 minutes' WHERE claimed_at IS NOT NULL"
    )
    for pid in dead:
        for table in ("bucket_leases", "delivery_workers"):
            await db.execute(
                f"UPDATE {table} SET expires_at = $1 WHERE owner LIKE '%:' || $2::text || ':%'",
                past,
                str(pid),
            )


async def unfinished(production: Installation) -> int:
    """How many deliveries and notices still wait for somebody."""
    count: int = await production.db.autocommit.fetchval(
        "SELECT (SELECT count(*) FROM deliveries) + (SELECT count(*) FROM notices WHERE state = 'due')"
    )
    return count


async def settled(production: Installation) -> None:
    async def nothing_is_left() -> bool:
        return await unfinished(production) == 0

    await eventually(nothing_is_left, within=40)


async def delivered(production: Installation) -> None:
    """No delivery is left. Notices may wait: the echo of our own revocation is looked at again for a while."""

    async def none_is_left() -> bool:
        return not await production.db.autocommit.fetchval("SELECT 1 FROM deliveries LIMIT 1")

    await eventually(none_is_left, within=40)


async def recorded(production: Installation, kind: str) -> int:
    count: int = await production.db.autocommit.fetchval("SELECT count(*) FROM events WHERE type = $1", kind)
    return count


async def assert_everything_arrived(production: Installation, server: Receiver) -> None:
    """Each event at least once, and each time with the bytes that were stored."""
    rows = await production.db.autocommit.fetch("SELECT id, body FROM events")
    stored = {str(row["id"]): row["body"] for row in rows}
    arrived: dict[str, set[bytes]] = defaultdict(set)
    for one in server.got:
        arrived[one.headers["webhook-id"]].add(one.body)
    assert set(arrived) == set(stored)
    assert all(bodies == {stored[event_id]} for event_id, bodies in arrived.items())


async def assert_each_connection_was_revoked_once(production: Installation, connections: int) -> None:
    rows = await production.db.autocommit.fetch(
        "SELECT c.state, count(e.id) AS told FROM connections c LEFT JOIN events e"
        " ON e.dev_id = c.dev_id AND e.user_id = c.id AND e.type = 'access_revoked'"
        " GROUP BY c.dev_id, c.id, c.state"
    )
    assert [(row["state"], row["told"]) for row in rows] == [("revoked", 1)] * connections
    assert await recorded(production, "access_revoked") == connections
