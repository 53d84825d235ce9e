"""What a vendor sent, normalised, compared, stored and told, against an insert of the same bodies."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import count, cycle
from typing import Any

import uvloop

from bench.alternating import alternate
from bench.installation import DEV_ID, Installation, add_connection
from bench.plan import Plan
from bench.results import Result
from wearable_gateway.connections.models import Connection
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.ingestion.fetching import Found, records_of
from wearable_gateway.ingestion.keeping import Fetched
from wearable_gateway.ingestion.sharing import share
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.sandbox.data import day_of, profile_of, sleeps_of, workouts_of
from wearable_gateway.unified.records import DataType

Documents = dict[DataType, list[dict[str, Any]]]
Step = Callable[[], Awaitable[float]]

_DAYS = 7
_NEWEST = date(2026, 9, 30)
_TABLE = "CREATE TABLE ceiling_records (id uuid PRIMARY KEY, body jsonb NOT NULL)"
_INSERT = "INSERT INTO ceiling_records SELECT id, body FROM unnest($1::uuid[], $2::jsonb[]) AS u (id, body)"


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        stack = AsyncExitStack()
        week = _Week(runner.run(stack.enter_async_context(open_database(installation.url, size=2))))
        runner.run(week.db.autocommit.execute(_TABLE))
        runner.run(week.connect())

        def records_a_second(step: Step) -> float:
            return runner.run(_rate(step, len(week.bodies), plan.seconds))

        for name, step in (("new", week.new), ("unchanged", week.unchanged), ("changed", week.changed)):
            mine, theirs = alternate(
                plan.rounds, partial(records_a_second, step), partial(records_a_second, week.inserted)
            )
            yield Result(
                row=f"storing_{name}",
                what=f"{name} records normalised, compared, stored, told",
                unit="/s",
                subject=mine,
                ceiling=theirs,
                details={"records": len(week.bodies), "bytes": len(json.dump(week.bodies))},
            )
        runner.run(stack.aclose())


async def _rate(step: Step, records: int, seconds: float) -> float:
    until = time.perf_counter() + seconds
    spent, steps = 0.0, 0
    while time.perf_counter() < until:
        spent += await step()
        steps += 1
    return steps * records / spent


def _documents(revision: int) -> Documents:
    """A week of one account, as it comes out of the vendor's JSON."""
    profile = profile_of("bench")
    days = [_NEWEST - timedelta(days=number) for number in range(_DAYS)]
    items = {
        DataType.DAILY: [day_of(profile, day, revision) for day in days],
        DataType.SLEEP: [sleep for day in days for sleep in sleeps_of(profile, day, revision)],
        DataType.ACTIVITY: [workout for day in days for workout in workouts_of(profile, day, revision)],
    }
    return {kind: json.load(json.dump(found)) for kind, found in items.items()}


def _normalised(documents: Documents) -> Found:
    provider = PROVIDERS["SANDBOX"]
    return {kind: records_of(provider, kind, found) for kind, found in documents.items()}


@dataclass
class _Week:
    """The steps that are timed; each returns the seconds that counted."""

    db: Database
    first: Documents = field(default_factory=lambda: _documents(0))
    later: Iterator[Documents] = field(default_factory=lambda: cycle([_documents(1), _documents(2)]))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    bodies: list[dict[str, Any]] = field(init=False)
    connection: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = [record.body for records in _normalised(self.first).values() for record in records]

    async def connect(self) -> None:
        self.connection = await add_connection(self.db, DEV_ID, "storing")

    async def new(self) -> float:
        await self.connect()
        return await self._given(self.first)

    async def unchanged(self) -> float:
        return await self._given(self.first)

    async def changed(self) -> float:
        return await self._given(next(self.later))

    async def _given(self, documents: Documents) -> float:
        started = time.perf_counter()
        fetched = Fetched(next(self.numbers), utc_now())
        await share(self.db, self.connection.grant_id, _normalised(documents), fetched=fetched, clock=utc_now)
        return time.perf_counter() - started

    async def inserted(self) -> float:
        ids = [uuid7() for _ in self.bodies]
        started = time.perf_counter()
        await self.db.autocommit.execute(_INSERT, ids, self.bodies)
        return time.perf_counter() - started
