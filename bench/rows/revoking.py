"""An account that thousands of developers linked, taken back: in one transaction each of them hears so."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from uuid import UUID

import uvloop

from bench.alternating import alternate
from bench.installation import Installation
from bench.plan import Plan
from bench.results import Budget, Result
from wearable_gateway.connections.revocation import revoke_grant
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

MANY = 10_000
MORE = 100_000
_DEVELOPERS = """
INSERT INTO developers (dev_id, name, account, settings, created_at, environment, healthcheck_at)
SELECT 'dev-' || n, 'Developer ' || n, 'bench', '{}', $2, 'production', $2 FROM generate_series(1, $1::int) AS n
"""
_DESTINATIONS = """
INSERT INTO destinations (dev_id, id, url, signing_secret, old_secrets, bucket, state, retry_schedule, parkings,
  feed_position, created_at, updated_at)
SELECT 'dev-' || n, md5('destination' || n)::uuid, 'http://127.0.0.1:9/', '', '[]', n % 64, 'enabled', 'standard', 0,
  0, $2, $2
FROM generate_series(1, $1::int) AS n
"""
_GRANT = """
INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version, consented_at,
  created_at)
VALUES ($1, 'SANDBOX', $1, $2, 'live', '{}', 1, $3, $3)
"""
_CONNECTIONS = """
INSERT INTO connections (dev_id, id, provider, grant_id, reference_id, consented_scopes, scopes, state, created_at,
  updated_at)
SELECT 'dev-' || n, gen_random_uuid(), 'SANDBOX', $1, 'patient-' || n, '{activity,daily}', '{activity,daily}', 'active',
  $3, $3
FROM generate_series(1, $2::int) AS n
"""
# The same number of events, made of nothing by the database itself.
_EVENTS = """
INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at)
SELECT 'dev-' || n, gen_random_uuid(), 'access_revoked', gen_random_uuid(), gen_random_uuid(),
  convert_to('{"type":"access_revoked","user":{"provider":"SANDBOX","reference_id":"patient-' || n || '"}}', 'UTF8'), $2
FROM generate_series(1, $1::int) AS n
"""


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    url = installation.another_database("revocations")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        stack = AsyncExitStack()
        db = runner.run(stack.enter_async_context(open_database(url, size=2)))
        runner.run(_furnish(db))

        def revoked(count: int) -> float:
            return runner.run(_milliseconds_to_revoke(db, count))

        def inserted() -> float:
            return runner.run(_milliseconds_to_insert(db))

        revoked(MANY), inserted()  # to warm up
        mine, theirs = alternate(plan.rounds, lambda: revoked(MANY), inserted)
        more = revoked(MORE)
        runner.run(stack.aclose())
    yield Result(
        row="revocation",
        what=f"an account of {MANY:,} developers revoked, to {MANY:,} events inserted",
        unit="ms",
        subject=mine,
        ceiling=theirs,
        budget=Budget(5, at_least=False),
    )
    yield Result(
        row="revocation",
        what=f"an account of {MORE:,} developers revoked, to one of {MANY:,}",
        unit="ms",
        subject=[more],
        ceiling=[sorted(mine)[len(mine) // 2]],
        budget=Budget(13, at_least=False),
    )


async def _furnish(db: Database) -> None:
    for statement in (_DEVELOPERS, _DESTINATIONS):
        await db.autocommit.execute(statement, MORE, utc_now())
    await db.autocommit.execute("VACUUM ANALYZE")


async def _linked(db: Database, count: int) -> UUID:
    grant_id, now = uuid7(), utc_now()
    await db.autocommit.execute(_GRANT, grant_id, str(grant_id), now)
    await db.autocommit.execute(_CONNECTIONS, grant_id, count, now)
    await db.autocommit.execute("ANALYZE connections")
    return grant_id


async def _milliseconds_to_revoke(db: Database, count: int) -> float:
    grant_id = await _linked(db, count)
    started = time.perf_counter()
    async with db.transaction() as session:
        await revoke_grant(session, grant_id, now=utc_now())
    took = time.perf_counter() - started
    told = await db.autocommit.fetchval(
        "SELECT count(*) FROM events e JOIN connections c ON c.dev_id = e.dev_id AND c.id = e.user_id"
        " WHERE c.grant_id = $1",
        grant_id,
    )
    assert told == count  # noqa: S101 - a revocation that is not told measures nothing
    return took * 1000


async def _milliseconds_to_insert(db: Database) -> float:
    started = time.perf_counter()
    await db.autocommit.execute(_EVENTS, MANY, utc_now())
    return (time.perf_counter() - started) * 1000
