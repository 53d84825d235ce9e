"""Destinations that answer, beside others that accept and never answer."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from functools import partial

from bench import outbox
from bench.alternating import alternate
from bench.client import LoadError
from bench.installation import Installation
from bench.plan import Plan
from bench.receiving import Receiver, receiving
from bench.results import Budget, Result
from bench.rows.delivering import PATIENCE_SECONDS, working
from wearable_gateway.db.session import open_database

_DESTINATIONS = 200
_MOST_ROUNDS = 2
_LONGEST_SECONDS = 30


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    with asyncio.Runner() as runner, receiving(installation.folder, ledger=False) as receiver:
        for percent, share in ((10, 0.9), (50, 0.8)):
            healthy = _DESTINATIONS * (100 - percent) // 100

            def rate(hanging: int, *, healthy: int = healthy) -> float:
                each = plan.events // _DESTINATIONS
                runner.run(_furnish(installation, receiver, healthy=healthy, hanging=hanging, each=each))
                return _healthy_rate(installation, receiver, healthy * each)

            mine, theirs = alternate(
                min(plan.rounds, _MOST_ROUNDS), partial(rate, _DESTINATIONS - healthy), partial(rate, 0)
            )
            yield Result(
                row=f"hanging_{percent}",
                what=f"healthy deliveries, {percent} % of {_DESTINATIONS} destinations hang",
                unit="/s",
                subject=mine,
                ceiling=theirs,
                budget=Budget(share, at_least=True),
            )
        runner.run(_furnish(installation, receiver, healthy=0, hanging=0, each=0))


async def _furnish(
    installation: Installation, receiver: Receiver, *, healthy: int, hanging: int, each: int
) -> None:
    """Those that hang stand between the others, with as many events each."""
    receiver.forget()
    urls = [receiver.url(f"/ok/{number}") for number in range(healthy)]
    every = len(urls) // hanging if hanging else 1
    for number in range(hanging):
        urls.insert(number * (every + 1), receiver.url(f"/hang/{number}"))
    async with open_database(installation.url, size=2) as db:
        await outbox.clear(db)
        dev_ids = await outbox.add_developers(db, installation.keyring, urls, named="hanging")
        await outbox.record_at_once(db, outbox.events_for(dev_ids, each))
        await db.autocommit.execute("VACUUM ANALYZE deliveries")


def _healthy_rate(installation: Installation, receiver: Receiver, number: int) -> float:
    """From the first request on, wherever it went: the worker's start is not what is measured.

    What does not come in time counts as not come, and the time as spent.
    """
    with working(installation):
        receiver.wait_for(1, within=PATIENCE_SECONDS)
        with contextlib.suppress(LoadError):
            receiver.wait_for(number, "/ok", within=_LONGEST_SECONDS)
        until = time.time()
    counts = receiver.counts()
    healthy = [count for path, count in counts.items() if path.startswith("/ok")]
    received = sum(count.requests for count in healthy)
    if received >= number:
        until = max(count.last_at for count in healthy)
    return received / (until - min(count.first_at for count in counts.values()))
