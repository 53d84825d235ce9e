"""A full outbox read, signed, sent and recorded by one worker, against the same HTTP client without a database."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from bench import outbox
from bench.alternating import alternate
from bench.installation import Installation
from bench.plan import Plan
from bench.processes import processor_seconds, runs_uvloop
from bench.receiving import Receiver, receiving
from bench.results import Budget, Result
from bench.sending import Sent, send_without_database
from wearable_gateway.db.session import Database, open_database

PATIENCE_SECONDS = 180
_MOST_ROUNDS = 3
_PATH = "/ok/one"


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    with asyncio.Runner() as runner, receiving(installation.folder, ledger=False) as receiver:
        lane = _Lane(installation, receiver, runner)
        with lane.worker() as pid:
            lane.delivered(pid, events=max(plan.events // 10, 100))
            in_flight, with_uvloop = receiver.most_connections(), runs_uvloop(pid)

            def ceiling() -> Sent:
                return send_without_database(
                    receiver.url(_PATH), events=plan.events, in_flight=in_flight, with_uvloop=with_uvloop
                )

            mine, theirs = alternate(
                min(plan.rounds, _MOST_ROUNDS), lambda: lane.delivered(pid, events=plan.events), ceiling
            )
        lane.clear()
    yield Result(
        row="delivering",
        what=f"{plan.events:,} events read, signed, sent, recorded",
        unit="/s",
        subject=[sent.rate for sent in mine],
        ceiling=[sent.rate for sent in theirs],
        budget=Budget(0.6, at_least=True),
        details={
            "processor_us": median(sent.processor_us for sent in mine),
            "ceiling_processor_us": median(sent.processor_us for sent in theirs),
            "in_flight": in_flight,
        },
    )


@contextmanager
def working(installation: Installation) -> Iterator[int]:
    """The pid of a worker, which is killed at the end: what it has not recorded does not matter."""
    process = installation.start_worker()
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@dataclass
class _Lane:
    """One destination, and what leads to it."""

    installation: Installation
    receiver: Receiver
    runner: asyncio.Runner

    @contextmanager
    def worker(self) -> Iterator[int]:
        self.runner.run(self._furnish())
        with working(self.installation) as pid:
            yield pid

    async def _furnish(self) -> None:
        async with open_database(self.installation.url, size=2) as db:
            await outbox.clear(db)
            await outbox.add_developers(
                db, self.installation.keyring, [self.receiver.url(_PATH)], named="delivering"
            )

    def delivered(self, pid: int, *, events: int) -> Sent:
        return self.runner.run(self._delivered(pid, events))

    async def _delivered(self, pid: int, events: int) -> Sent:
        async with open_database(self.installation.url, size=2) as db:
            for table in ("deliveries", "events", "attempts"):
                await db.autocommit.execute(f"VACUUM ANALYZE {table}")
            self.receiver.forget()
            await outbox.record_at_once(db, outbox.events_for(["delivering-0"], events))
            started, spent = time.perf_counter(), processor_seconds(pid)
            await asyncio.to_thread(self.receiver.wait_for, events, within=PATIENCE_SECONDS)
            await recorded(db)
            return Sent(
                rate=events / (time.perf_counter() - started),
                processor_us=(processor_seconds(pid) - spent) / events * 1e6,
            )

    def clear(self) -> None:
        self.runner.run(self._clear())

    async def _clear(self) -> None:
        async with open_database(self.installation.url, size=2) as db:
            await outbox.clear(db)


async def recorded(db: Database) -> None:
    """Returns when nothing is to be delivered any more."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await outbox.is_empty(db):
                return
            await asyncio.sleep(0.01)
