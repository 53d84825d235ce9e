"""From the commit of an event until its destination has it: alone, and beside a developer with a long backlog."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench import outbox
from bench.alternating import alternate
from bench.installation import Installation
from bench.latencies import Waits, waits
from bench.plan import Plan
from bench.producer import producing, read_committed
from bench.receiving import Receiver, receiving, wait_until
from bench.results import Budget, Result
from bench.rows.delivering import PATIENCE_SECONDS, working
from wearable_gateway.db.session import open_database

_RATE = 200
_LEAST_SECONDS = 5
_DEVELOPERS = 50
_MOST_ROUNDS = 3
_MOST_NOISY_ROUNDS = 2
_NOISY = "noisy-0"
_SMALL_BODY = 300


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    """A busy system is measured by `measure_noisy`; this is an idle one."""
    with asyncio.Runner() as runner, receiving(installation.folder) as receiver:
        lanes = _Lanes(installation, receiver, runner, max(plan.seconds, _LEAST_SECONDS))
        found = [lanes.waits(developers=1) for _ in range(min(plan.rounds, _MOST_ROUNDS))]
        lanes.clear()
    for share, limit in (("p50", 3), ("p99", 25)):
        yield Result(
            row=f"latency_{share}",
            what=f"commit to received, {_RATE} events/s, {share}",
            unit="ms",
            subject=[getattr(one, share) for one in found],
            budget=Budget(limit, at_least=False),
            details={
                "from_asking_p50_ms": median(one.asked_p50 for one in found),
                "most_ms": max(one.most for one in found),
            },
        )


def measure_noisy(installation: Installation, plan: Plan) -> Iterator[Result]:
    with asyncio.Runner() as runner, receiving(installation.folder) as receiver:
        lanes = _Lanes(installation, receiver, runner, max(plan.seconds, _LEAST_SECONDS))
        noisy, quiet = alternate(
            min(plan.rounds, _MOST_NOISY_ROUNDS),
            lambda: lanes.waits(developers=_DEVELOPERS, backlog=plan.backlog),
            lambda: lanes.waits(developers=_DEVELOPERS),
        )
        lanes.clear()
    yield Result(
        row="noisy",
        what=f"p99 of {_DEVELOPERS} developers, added by another's {plan.backlog:,}",
        unit="ms",
        subject=[mine.p99 - theirs.p99 for mine, theirs in zip(noisy, quiet, strict=True)],
        budget=Budget(100, at_least=False),
        details={
            "noisy_p99_ms": median(one.p99 for one in noisy),
            "quiet_p99_ms": median(one.p99 for one in quiet),
            "noisy_p50_ms": median(one.p50 for one in noisy),
            "quiet_p50_ms": median(one.p50 for one in quiet),
        },
    )


@dataclass
class _Lanes:
    """Developers with a destination each, made anew for each measurement."""

    installation: Installation
    receiver: Receiver
    runner: asyncio.Runner
    seconds: float

    def waits(self, *, developers: int, backlog: int = 0) -> Waits:
        dev_ids = self.runner.run(self._furnish(developers, backlog))
        ledger = self.installation.folder / "committed"
        ledger.unlink(missing_ok=True)
        with working(self.installation):
            self._wake(len(dev_ids))
            with producing(self.installation, ledger, dev_ids, rate=_RATE, seconds=self.seconds) as producer:
                producer.wait()
            committed = read_committed(ledger)
            self.receiver.wait_for(len(committed) + len(dev_ids), "/ok", within=PATIENCE_SECONDS)
        return waits(committed, self.receiver.ledger())

    async def _furnish(self, developers: int, backlog: int) -> list[str]:
        self.receiver.forget()
        async with open_database(self.installation.url, size=2) as db:
            await outbox.clear(db)
            urls = [self.receiver.url(f"/ok/{number}") for number in range(developers)]
            keyring = self.installation.keyring
            dev_ids = await outbox.add_developers(db, keyring, urls, named="quiet")
            if backlog:
                await outbox.add_developers(db, keyring, [self.receiver.url("/slow/1/noisy")], named="noisy")
                await outbox.record_at_once(db, outbox.events_for([_NOISY], backlog, _SMALL_BODY))
            await outbox.record_at_once(db, outbox.events_for(dev_ids, 1))
            return dev_ids

    def _wake(self, number: int) -> None:
        """Until the worker sends: its start is not what is measured."""
        wait_until(
            lambda: self.receiver.received("/ok") >= number,
            "the worker did not begin",
            within=PATIENCE_SECONDS,
        )

    def clear(self) -> None:
        self.runner.run(self._furnish(0, 0))
