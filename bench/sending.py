"""The ceiling of deliveries: the gateway's own HTTP client and signatures, and no database."""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

import uvloop

from bench.client import LoadError
from bench.outbox import body_of
from wearable_gateway.deliveries.health import HEALTHY
from wearable_gateway.deliveries.models import Delivery, DestinationState, Message, RetrySchedule, Target
from wearable_gateway.deliveries.outcomes import Delivered
from wearable_gateway.deliveries.sending.headers import headers_of
from wearable_gateway.deliveries.sending.sender import Sender, open_sender
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.kit.signatures import new_signing_secret


@dataclass(frozen=True, slots=True)
class Sent:
    rate: float
    processor_us: float


def send_without_database(url: str, *, events: int, in_flight: int, with_uvloop: bool) -> Sent:
    """In a process of its own. Raises LoadError."""
    words = ["--events", str(events), "--in-flight", str(in_flight), *(["--uvloop"] if with_uvloop else [])]
    done = subprocess.run(
        [sys.executable, "-m", "bench.sending", url, *words], capture_output=True, check=False
    )
    if done.returncode != 0:
        raise LoadError(done.stderr.decode().strip().rpartition("\n")[2])
    return Sent(**json.loads(done.stdout))


def _messages(url: str, number: int) -> Iterator[Message]:
    target, now = _target(url), utc_now()
    bodies = [body_of(number) for number in range(100)]
    for one in range(number):
        event_id = uuid7()
        delivery = Delivery("bench", event_id, target.id, 1, 0, 0)
        yield Message(delivery, target, "activity", event_id, bodies[one % len(bodies)], now)


def _target(url: str) -> Target:
    return Target(
        dev_id="bench",
        id=UUID(int=1),
        bucket=1,
        url=url,
        secrets=(new_signing_secret(),),
        state=DestinationState.ENABLED,
        schedule=RetrySchedule.STANDARD,
        rate_limit=None,
        concurrency=None,
        health=HEALTHY,
        waiting_mark=None,
    )


async def _send_in_turn(sender: Sender, url: str, messages: Iterator[Message]) -> None:
    for message in messages:
        outcome = await sender.send(url, headers_of(message, now=utc_now()), message.body)
        if not isinstance(outcome, Delivered):
            raise LoadError(f"the receiver answered {outcome}")


async def _send(url: str, events: int, in_flight: int) -> Sent:
    # Made beforehand: the gateway's are made when they are recorded, which is not measured either.
    messages = iter(list(_messages(url, events)))
    async with open_sender(AddressPolicy.allowing_loopback()) as sender:
        started, spent = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(in_flight):
                tasks.create_task(_send_in_turn(sender, url, messages))
        return Sent(
            rate=events / (time.perf_counter() - started),
            processor_us=(time.process_time() - spent) / events * 1e6,
        )


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sending", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--in-flight", type=int, required=True)
    parser.add_argument("--uvloop", action="store_true")
    options = parser.parse_args()
    factory: Callable[[], asyncio.AbstractEventLoop] | None = (
        uvloop.new_event_loop if options.uvloop else None
    )
    with asyncio.Runner(loop_factory=factory) as runner:
        print(json.dumps(asdict(runner.run(_send(options.url, options.events, options.in_flight)))))


if __name__ == "__main__":
    _main()
