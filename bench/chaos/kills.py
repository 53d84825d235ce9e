"""Everything is killed by turns while events are recorded; in the end each was received, as it was written."""

import time
from collections.abc import Iterator
from random import Random
from uuid import UUID

from bench.chaos.deauthentications import Deauthentications, connect_many
from bench.chaos.faults import FAULTS, Victims, drawn
from bench.chaos.findings import Finding
from bench.chaos.options import Options
from bench.chaos.reckoning import Reckoning
from bench.chaos.world import World, made_world
from bench.installation import DEV_ID
from bench.processes import free_port, start, wait_for_answer
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.kit.addresses import AddressPolicy

_PATHS = ("/ok/a1", "/ok/a2", "/ok/b1", "/slow/5/b2")
_DEAUTHENTICATIONS_A_SECOND = 20
_DUPLICATES_A_KILL = 600
_LONGEST_SECONDS = 120
# Enough for every pool, and soon used up.
_MOST_CONNECTIONS = 90


def run(options: Options) -> Iterator[Finding]:
    lots = Random(options.seed)
    with made_world() as world:
        world.limit_connections(_MOST_CONNECTIONS)
        world.add_destinations(_PATHS, each=2)
        user_ids = _furnish_api(world, int(options.seconds * _DEAUTHENTICATIONS_A_SECOND))
        port = free_port()
        victims = Victims(
            world,
            workers=[world.start_worker() for _ in range(options.workers)],
            producer=world.start_producer(options.events / options.seconds),
            api=world.start(
                lambda: start(
                    "wearable_gateway", "serve", "--port", str(port),
                    folder=world.folder, environment=world.installation.environment,
                )
            ),
        )  # fmt: skip
        world.wait_for_first()
        wait_for_answer(victims.api.process, f"http://127.0.0.1:{port}/healthz")
        with Deauthentications(world.installation, port, user_ids) as requests:
            _let_happen(victims, lots, options)
        victims.producer.kill()
        began = time.monotonic()
        emptied = world.wait_for_empty_queue(within=_LONGEST_SECONDS)
        waited = time.monotonic() - began
        answered = requests.answered
        untold = world.ask(lambda db: _untold(db, answered))
        yield from _findings(
            world.reckon(), options, answered=len(answered), untold=untold, waited=waited if emptied else None
        )


def _furnish_api(world: World, number: int) -> list[UUID]:
    async def furnish(db: Database) -> list[UUID]:
        await destinations.create(
            db.autocommit, world.installation.keyring, AddressPolicy.allowing_loopback(), DEV_ID,
            world.receiver.url("/ok/api"),
        )  # fmt: skip
        return await connect_many(db, number)

    user_ids = world.ask(furnish)
    world.add_destinations(())
    return user_ids


def _let_happen(victims: Victims, lots: Random, options: Options) -> None:
    began = time.monotonic()
    for moment, kind in drawn(lots, options.kills, options.seconds):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        print(f"  {time.monotonic() - began:5.1f} s  {kind}", flush=True)
        FAULTS[kind](victims, lots)
    time.sleep(max(0.0, began + options.seconds - time.monotonic()))


async def _untold(db: Database, answered: list[UUID]) -> int:
    """How many were answered with success and have no event."""
    rows = await db.autocommit.fetch("SELECT user_id FROM events WHERE dev_id = $1", DEV_ID)
    return len(set(answered) - {row["user_id"] for row in rows})


def _findings(
    found: Reckoning, options: Options, *, answered: int, untold: int, waited: float | None
) -> Iterator[Finding]:
    how = f"{options.kills} faults in {options.seconds:g} s, seed {options.seed}; {found.expected:,} deliveries, {answered} of them of answered requests"
    most = _DUPLICATES_A_KILL * options.kills
    empty = f"not within {_LONGEST_SECONDS} s" if waited is None else f"after {waited:.1f} s"
    for goal, value, kept in (
        ("0 committed events vanish", f"{found.vanished + untold}", not found.vanished + untold and answered > 0),
        ("0 deliveries lost", f"{found.lost}", not found.lost and found.expected > 0),
        ("the queue is emptied", empty, waited is not None),
        (f"<= {_DUPLICATES_A_KILL} sent twice for each kill", f"{found.sent_twice} in all", found.sent_twice <= most),
        ("0 with other bytes", f"{found.altered}", not found.altered),
        ("0 without a recorded success", f"{found.unrecorded}", not found.unrecorded),
        ("0 recorded after their success", f"{found.recorded_late}", not found.recorded_late),
    ):  # fmt: skip
        yield Finding("kills", goal, value, kept, how)
