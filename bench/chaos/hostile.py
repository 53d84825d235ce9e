"""Destinations that answer as badly as can be: each gives its place free at the deadline, and costs little memory."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench import outbox
from bench.chaos.findings import Finding
from bench.chaos.hostile_server import KINDS
from bench.chaos.options import Options
from bench.chaos.world import World, made_world
from bench.processes import (
    clean_environment,
    forget_most,
    free_port,
    most_megabytes,
    resident_megabytes,
    running,
)
from bench.receiving import ASK_EVERY_SECONDS
from wearable_gateway.db.session import Database

_EACH = 20
# As many as a destination is sent at a time before it has shown that it answers.
_EVENTS_EACH = 2
_WARM_EVENTS = 2_000
_DEADLINE_MS = 10_000
_GRACE_MS = 500
_MOST_KIB = 64
_LONGEST_SECONDS = 180


def run(_options: Options) -> Iterator[Finding]:
    with made_world() as world:
        port, deaf_port = free_port(), free_port()
        words = ("bench.chaos.hostile_server", str(port), str(deaf_port))
        with running(*words, folder=world.folder, environment=clean_environment()):
            yield from _measured(world, _urls(port, deaf_port))


def _urls(port: int, deaf_port: int) -> list[str]:
    kinds = [
        *(f"http://127.0.0.1:{port}/{kind}" for kind in KINDS),
        f"https://127.0.0.1:{port}/rubbish",
        f"http://127.0.0.1:{deaf_port}/deaf",
    ]
    return [f"{kind}/{number}" for number in range(_EACH) for kind in kinds]


@dataclass(frozen=True, slots=True)
class _Attempts:
    untried: int
    longest_ms: int


def _measured(world: World, urls: list[str]) -> Iterator[Finding]:
    world.add_destinations(["/ok/warm"])
    worker = world.start_worker()
    world.ask(lambda db: outbox.record_at_once(db, outbox.events_for(world.dev_ids, _WARM_EVENTS)))
    world.wait_for_empty_queue(within=60)
    before = resident_megabytes(worker.pid)
    forget_most(worker.pid)
    world.ask(lambda db: _send_to_all(db, world, urls))
    until, attempts = time.monotonic() + _LONGEST_SECONDS, _Attempts(len(urls), 0)
    while attempts.untried and time.monotonic() < until:
        time.sleep(ASK_EVERY_SECONDS)
        attempts = world.ask(_attempts)
    most = most_megabytes(worker.pid)
    under_way = _EVENTS_EACH * len(urls)
    each = (most - before) * 1024 / under_way
    how = f"{len(urls)} destinations: {', '.join(KINDS)}, TLS rubbish, never accepting"
    limit = _DEADLINE_MS + _GRACE_MS
    yield Finding("hostile", "all were tried", f"{attempts.untried} were not", not attempts.untried, how)
    yield Finding(
        "hostile", f"a place is free after {limit / 1000:g} s", f"{attempts.longest_ms / 1000:.2f} s at most",
        0 < attempts.longest_ms <= limit, how,
    )  # fmt: skip
    yield Finding(
        "hostile", f"memory grows by < {_MOST_KIB} KiB for each attempt under way", f"{each:.0f} KiB", each < _MOST_KIB,
        f"{under_way} under way; resident {before:.0f} MB before, {most:.0f} MB at most",
    )  # fmt: skip


async def _send_to_all(db: Database, world: World, urls: list[str]) -> None:
    dev_ids = await outbox.add_developers(db, world.installation.keyring, urls, named="hostile")
    await outbox.record_at_once(db, outbox.events_for(dev_ids, _EVENTS_EACH))


async def _attempts(db: Database) -> _Attempts:
    ours = "WHERE dev_id LIKE 'hostile-%'"
    wanted = await db.autocommit.fetchval(f"SELECT count(*) FROM destinations {ours}")
    tried = await db.autocommit.fetchval(f"SELECT count(DISTINCT dev_id) FROM attempts {ours}")
    longest = await db.autocommit.fetchval(f"SELECT max(duration_ms) FROM attempts {ours}")
    return _Attempts(wanted - tried, longest or 0)
