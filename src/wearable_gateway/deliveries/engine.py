"""The story of sending: lease buckets, read what is due, send it, record how it ended, until cancelled.

Nothing is lost when this process or PostgreSQL dies at any point: a delivery is a row until its success is
committed. Then it may be sent twice, with the same ids and the same bytes.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Collection, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.db.wakeups import DELIVERIES, Wakeups
from wearable_gateway.deliveries.acks import Acks
from wearable_gateway.deliveries.attempt import attempt
from wearable_gateway.deliveries.backlog import Backlog
from wearable_gateway.deliveries.leases import Leases
from wearable_gateway.deliveries.models import Delivery, Message
from wearable_gateway.deliveries.outcomes import Delivered
from wearable_gateway.deliveries.queue import DueReader, Loaded, load
from wearable_gateway.deliveries.recording import Result, put_away
from wearable_gateway.deliveries.schedule import SCHEDULE
from wearable_gateway.deliveries.sender import Sender, open_sender
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring

log = structlog.get_logger()

_DEADLINE = timedelta(seconds=10)
_POLL_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 0.5
_GRACE_SECONDS = 2.0
_WORTH_READING = 64


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
        schedule: Sequence[timedelta] = SCHEDULE,
        deadline: timedelta = _DEADLINE,
        leases: Leases | None = None,
        backlog: Backlog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._wakeups = wakeups
        self._policy = policy
        self._schedule = schedule
        self._deadline = deadline
        self._clock = clock
        self._leases = leases or Leases(db, new_owner())
        self._backlog = backlog or Backlog()
        self._acks = Acks(db, self._leases.owner, recorded=self._on_recorded)
        self._due = DueReader()
        self._sends: set[asyncio.Task[None]] = set()
        self._left_some = False
        self._recorded_since_read = 0
        self._stopping = False

    async def run(self) -> None:
        """Deliver until cancelled; then end what is in flight, write it down and give the buckets back."""
        async with open_sender(self._policy, deadline=self._deadline, clock=self._clock) as sender:
            leasing = asyncio.create_task(self._leases.keep(self._backlog.busy_buckets))
            recording = asyncio.create_task(self._acks.keep())
            try:
                await self._read_for_ever(sender)
            finally:
                await self._finish_sends()
                await self._finish_recording()
                await _end(recording, leasing)
                await self._give_buckets_back()

    async def _read_for_ever(self, sender: Sender) -> None:
        while True:
            try:
                much = await self._read()
            except Exception:  # the edge of a loop that must outlive any fault of the database
                log.warning("deliveries.not_read", exc_info=True)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            self._start_sends(sender)
            if not much:
                await self._wakeups.wait(DELIVERIES, _POLL_SECONDS)

    async def _read(self) -> bool:
        """Read what is due and may be held. True when it was so much that reading on pays at once."""
        epochs, known = self._leases.usable(), self._backlog.keys()
        self._recorded_since_read = 0
        self._left_some = self._backlog.room <= 0
        if not epochs or self._left_some:
            return False
        rows = await self._due.read(
            self._db.autocommit,
            epochs,
            now=self._clock(),
            known=known,
            full_destinations=self._backlog.full_destinations(),
        )
        chosen = self._backlog.choose(rows)
        self._left_some = self._due.left_some or len(chosen) < len(rows)
        if not chosen:
            return False
        loaded = await load(self._db.autocommit, self._keyring, chosen, now=self._clock())
        for message in loaded.messages:
            self._backlog.add(message)
        put_away = await self._put_away(loaded)
        return self._left_some and (put_away > 0 or len(loaded.messages) >= _WORTH_READING)

    async def _put_away(self, loaded: Loaded) -> int:
        """Take what goes to nobody any more out of the queue."""
        if not loaded.disabled and not loaded.orphans:
            return 0
        async with self._db.transaction() as session:
            count = await put_away(
                session, self._leases.owner, disabled=loaded.disabled, orphans=loaded.orphans
            )
        log.info("deliveries.put_away", count=count)
        return count

    def _start_sends(self, sender: Sender) -> None:
        while not self._stopping and (message := self._backlog.next_to_send()):
            delivery = message.delivery
            if self._leases.holds(delivery.bucket, delivery.epoch):
                self._start(self._deliver(message, sender))
            else:
                self._backlog.landed(delivery, succeeded=None)
                self._backlog.settle(delivery)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)

    async def _deliver(self, message: Message, sender: Sender) -> None:
        result = await attempt(message, sender, schedule=self._schedule, clock=self._clock)
        self._backlog.landed(message.delivery, succeeded=isinstance(result.outcome, Delivered))
        self._acks.submit(result)
        self._start_sends(sender)

    def _on_recorded(self, results: Sequence[Result], lost: Collection[Delivery]) -> None:
        self._leases.forget({delivery.bucket for delivery in lost})
        for result in results:
            self._backlog.settle(result.delivery)
        self._recorded_since_read += len(results)
        enough = self._recorded_since_read >= _WORTH_READING or not self._backlog.has_waiting
        if self._left_some and enough:
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
