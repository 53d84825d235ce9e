"""The story of sending: lease buckets, read what is due, send it, record how it ended, until cancelled.

Nothing is lost when this process or PostgreSQL dies at any point: a delivery is a row until its success is
committed. Then it may be sent twice, with the same ids and the same bytes.
"""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.db.wakeups import DELIVERIES, Wakeups
from wearable_gateway.deliveries.models import DestinationState, Message
from wearable_gateway.deliveries.outcomes import Unreachable, succeeded
from wearable_gateway.deliveries.schedule import SCHEDULES
from wearable_gateway.deliveries.sending import gauges
from wearable_gateway.deliveries.sending.acks import Acks
from wearable_gateway.deliveries.sending.attempt import Schedules, attempt
from wearable_gateway.deliveries.sending.backlog import SLOW_SECONDS, Backlog
from wearable_gateway.deliveries.sending.intake import Intake
from wearable_gateway.deliveries.sending.leases import Leases
from wearable_gateway.deliveries.sending.line import Line
from wearable_gateway.deliveries.sending.recording import Recorded, Result
from wearable_gateway.deliveries.sending.sender import Sender, open_sender
from wearable_gateway.deliveries.sending.verdicts import judge
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring

log = structlog.get_logger()

_DEADLINE = timedelta(seconds=10)
_POLL_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 0.5
_GRACE_SECONDS = 2.0
_WORTH_READING = 192


def new_owner() -> str:
    """A name that no other process ever has, and that tells an operator which one it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class DeliveryEngine:
    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        wakeups: Wakeups,
        *,
        policy: AddressPolicy,
        schedules: Schedules = SCHEDULES,
        deadline: timedelta = _DEADLINE,
        leases: Leases | None = None,
        backlog: Backlog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._db = db
        self._wakeups = wakeups
        self._policy = policy
        self._schedules = schedules
        self._deadline = deadline
        self._clock = clock
        self._leases = leases or Leases(db, new_owner())
        self._backlog = backlog or Backlog(clock=clock)
        self._acks = Acks(db, self._leases.owner, recorded=self._on_recorded, clock=clock)
        self._intake = Intake(db, keyring, self._leases, self._backlog, clock=clock)
        self._sends: set[asyncio.Task[None]] = set()
        self._recorded_since_read = 0
        self._stopping = False

    async def run(self) -> None:
        """Deliver until cancelled; then end what is in flight, write it down and give the buckets back."""
        async with open_sender(self._policy, deadline=self._deadline, clock=self._clock) as sender:
            leasing = asyncio.create_task(self._leases.keep(self._backlog.busy_buckets))
            recording = asyncio.create_task(self._acks.keep())
            measuring = asyncio.create_task(self._measure_for_ever())
            try:
                await self._read_for_ever(sender)
            finally:
                await self._finish_sends()
                await self._finish_recording()
                await _end(recording, leasing, measuring)
                await self._give_buckets_back()

    async def _read_for_ever(self, sender: Sender) -> None:
        while True:
            self._recorded_since_read = 0
            self._backlog.note_slow()
            try:
                read = await self._intake.read()
            except Exception:  # the edge of a loop that must outlive any fault of the database
                log.warning("deliveries.not_read", exc_info=True)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            self._start_sends(sender)
            if not self._intake.left_some or read < _WORTH_READING:
                await self._wakeups.wait(DELIVERIES, _POLL_SECONDS)

    async def _measure_for_ever(self) -> None:
        while True:
            try:
                await gauges.measure(
                    self._db.autocommit, self._leases.usable(), self._backlog, now=self._clock()
                )
            except Exception:  # the edge of a loop that must outlive any fault of the database
                log.warning("deliveries.not_measured", exc_info=True)
            await asyncio.sleep(gauges.EVERY_SECONDS)

    def _start_sends(self, sender: Sender) -> None:
        while message := self._next():
            task = asyncio.create_task(self._deliver_in_turn(message, sender))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)
        self._wait_for_their_pace(sender)

    def _next(self) -> Message | None:
        """What may be sent now. What another worker has to send by now is given up."""
        while not self._stopping and (message := self._backlog.next_to_send()):
            delivery = message.delivery
            if self._leases.holds(delivery.bucket, delivery.epoch):
                return message
            self._backlog.landed(delivery, ok=None, is_slow=False)
            self._backlog.settle(delivery)
        return None

    def _wait_for_their_pace(self, sender: Sender) -> None:
        """Let those go on in time whose turn came too early for their rate."""
        if not self._backlog.paced:
            return
        loop, now = asyncio.get_running_loop(), time.monotonic()
        lines, self._backlog.paced = self._backlog.paced, []
        for line in lines:

            def go_on(line: Line = line) -> None:
                self._backlog.resume(line)
                self._start_sends(sender)

            loop.call_later(line.pace.wait(now) if line.pace else 0, go_on)

    async def _deliver_in_turn(self, first: Message, sender: Sender) -> None:
        """One delivery after the other, as long as there are some to send."""
        message: Message | None = first
        while message:
            await self._deliver(message, sender)
            message = self._next()
            self._start_sends(sender)

    async def _deliver(self, message: Message, sender: Sender) -> None:
        result = await attempt(message, sender, schedules=self._schedules, clock=self._clock)
        line = self._backlog.line_of(message.delivery)
        change = judge(line, result, now=self._clock())
        ok = succeeded(result.outcome)
        slow = isinstance(result.outcome, Unreachable) or result.duration_ms >= SLOW_SECONDS * 1000
        self._backlog.landed(message.delivery, ok=ok, is_slow=slow)
        if not line.flows:
            self._backlog.drop(line)
        self._acks.submit(result, change)

    def _on_recorded(self, results: Sequence[Result], recorded: Recorded) -> None:
        self._leases.forget({delivery.bucket for delivery in recorded.lost})
        for result in results:
            if result.delivery.destination_id in recorded.disabled:
                line = self._backlog.line_of(result.delivery)
                line.state = DestinationState.DISABLED
                self._backlog.drop(line)
            self._backlog.settle(result.delivery)
        self._recorded_since_read += len(results)
        enough = self._recorded_since_read >= _WORTH_READING or not self._backlog.has_quick_messages
        if self._intake.left_some and enough:
            self._wakeups.set(DELIVERIES)

    async def _finish_sends(self) -> None:
        self._stopping = True
        if self._sends:
            await asyncio.wait(self._sends, timeout=_GRACE_SECONDS)
        await _end(*self._sends)

    async def _finish_recording(self) -> None:
        try:
            await asyncio.wait_for(self._acks.flushed(), _GRACE_SECONDS)
        except TimeoutError:
            log.warning("deliveries.stopped_unrecorded")  # they are sent again by the next worker

    async def _give_buckets_back(self) -> None:
        try:
            await asyncio.wait_for(self._leases.release(), _GRACE_SECONDS)
        except Exception:  # the end of the process: without this, others wait until the leases expire
            log.warning("delivery_leases.not_released", exc_info=True)


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
