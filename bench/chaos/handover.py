"""One of two workers dies: how long do its events wait for the other?"""

import time
from collections.abc import Iterator

from bench.chaos.findings import Finding
from bench.chaos.options import Options
from bench.chaos.world import World, made_world
from bench.client import LoadError
from bench.latencies import waits_after
from bench.producer import read_committed
from bench.receiving import ASK_EVERY_SECONDS, wait_until
from wearable_gateway.db.session import Database

DESTINATIONS = 32
_RATE = 64
_LIMIT_SECONDS = 20
_WATCHED_SECONDS = 25


def run(_options: Options) -> Iterator[Finding]:
    with made_world() as world:
        world.add_destinations([f"/ok/{number}" for number in range(DESTINATIONS)])
        dying, _ = world.start_worker(), world.start_worker()
        wait_for_shares(world)
        producer = world.start_producer(_RATE)
        world.wait_for_first()
        time.sleep(1)
        died_at = time.time()
        dying.kill()
        time.sleep(_WATCHED_SECONDS)
        producer.kill()
        emptied = world.wait_for_empty_queue(within=60)
        committed, ledger = read_committed(world.committed), world.receiver.ledger()
    how = f"kill -9 of one of two workers, {_RATE} events/s to {DESTINATIONS} destinations"
    try:
        longest = max(waits_after(committed, ledger, died_at))
    except LoadError as error:
        yield Finding("handover", f"resumed <= {_LIMIT_SECONDS} s", str(error), kept=False, how=how)
        return
    kept = emptied and longest <= _LIMIT_SECONDS
    yield Finding("handover", f"resumed <= {_LIMIT_SECONDS} s", f"{longest:.1f} s", kept, how)


def wait_for_shares(world: World) -> None:
    """Until both have half of the buckets."""

    async def shares(db: Database) -> bool:
        counts = await db.autocommit.fetch("SELECT owner, count(*) AS n FROM bucket_leases GROUP BY owner")
        return len(counts) == 2 and len({row["n"] for row in counts}) == 1  # noqa: PLR2004 - both

    wait_until(
        lambda: world.ask(shares),
        "two workers did not share the buckets",
        within=60,
        every=ASK_EVERY_SECONDS,
    )
