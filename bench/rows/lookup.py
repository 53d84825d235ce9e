"""The connections of a reference_id among many, against the same among few."""

import asyncio
import hashlib
import random
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

import uvloop

from bench.alternating import alternate
from bench.installation import Installation
from bench.plan import Plan
from bench.results import Budget, Result
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.kit.clock import utc_now

FEW = 10_000
_DEVELOPERS = 100
_BATCH = 250_000
# Ids and reference ids in no order: neighbours in an index were not inserted together.
_FILL = """
INSERT INTO connections (dev_id, id, provider, grant_id, reference_id, consented_scopes, scopes, state,
  created_at, updated_at)
SELECT 'dev-' || n % $3, md5('id' || n)::uuid, 'SANDBOX', md5('grant' || n)::uuid, md5('reference' || n),
  '{activity,daily,sleep}', '{activity,daily,sleep}', 'active', $4, $4
FROM generate_series($1::bigint, $2::bigint - 1) AS n
"""


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        stack = AsyncExitStack()
        many, few = (
            runner.run(_filled(stack, installation.another_database(f"connections_{count}"), count))
            for count in (plan.connections, FEW)
        )

        def among_many() -> float:
            return runner.run(_milliseconds(many, plan.connections, plan.seconds))

        def among_few() -> float:
            return runner.run(_milliseconds(few, FEW, plan.seconds))

        among_many(), among_few()  # to warm up
        mine, theirs = alternate(plan.rounds, among_many, among_few)
        runner.run(stack.aclose())
    yield Result(
        row="lookup",
        what=f"lookup by reference_id, {plan.connections:,} to {FEW:,} connections",
        unit="ms",
        subject=mine,
        ceiling=theirs,
        budget=Budget(1.3, at_least=False),
    )


async def _filled(stack: AsyncExitStack, url: str, count: int) -> Database:
    db = await stack.enter_async_context(open_database(url, size=2))
    for start in range(0, count, _BATCH):
        await db.autocommit.execute(_FILL, start, min(start + _BATCH, count), _DEVELOPERS, utc_now())
    await db.autocommit.execute("VACUUM ANALYZE connections")
    await db.autocommit.execute("CHECKPOINT")
    return db


async def _milliseconds(db: Database, count: int, seconds: float) -> float:
    """The mean of one lookup after the other, each of another reference_id: the slow ones count."""
    started = time.perf_counter()
    lookups = 0
    while (elapsed := time.perf_counter() - started) < seconds:
        number = random.randrange(count)
        reference_id = hashlib.md5(b"reference%d" % number, usedforsecurity=False).hexdigest()
        repository = ConnectionRepository(db.autocommit, f"dev-{number % _DEVELOPERS}")
        found = await repository.of_reference(reference_id)
        assert len(found) == 1  # noqa: S101 - a lookup that finds nothing measures nothing
        lookups += 1
    return elapsed / lookups * 1000
