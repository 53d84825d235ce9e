"""A worker sleeps in the middle of sending, long after its leases: what it writes when it wakes changes nothing."""

import signal
import time
from collections.abc import Iterator

from bench.chaos.findings import Finding
from bench.chaos.handover import wait_for_shares
from bench.chaos.options import Options
from bench.chaos.world import made_world

_SLEEPS_SECONDS = 30
_AWAKE_SECONDS = 4
_RATE = 40
_LONGEST_SECONDS = 90


def run(_options: Options) -> Iterator[Finding]:
    kinds = [kind for number in range(12) for kind in (f"/slow/300/{number}", f"/once/300/{number}")]
    with made_world() as world:
        world.add_destinations(kinds)
        sleeper, _ = world.start_worker(), world.start_worker()
        wait_for_shares(world)
        producer = world.start_producer(_RATE)
        world.wait_for_first()
        time.sleep(_AWAKE_SECONDS)
        sleeper.signal(signal.SIGSTOP)
        time.sleep(_SLEEPS_SECONDS)
        sleeper.signal(signal.SIGCONT)
        time.sleep(_AWAKE_SECONDS)
        producer.kill()
        emptied = world.wait_for_empty_queue(within=_LONGEST_SECONDS)
        found = world.reckon()
    how = f"SIGSTOP of one of two workers for {_SLEEPS_SECONDS} s; {found.expected:,} deliveries, {found.sent_twice} sent again"
    for goal, value, kept in (
        ("0 deliveries lost", f"{found.lost}", not found.lost and found.expected > 0),
        ("0 left in the queue", "0" if emptied else "some", emptied),
        ("0 without a recorded success", f"{found.unrecorded}", not found.unrecorded),
        ("0 recorded after their success", f"{found.recorded_late}", not found.recorded_late),
    ):
        yield Finding("fencing", goal, value, kept, how)
