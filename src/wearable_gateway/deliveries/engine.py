"""The story of sending: lease buckets, read what is due, send it, record how it ended, until cancelled.

Nothing is lost when this process or PostgreSQL dies at any point: a delivery is a row until its success is
committed. Then it may be sent twice, with the same ids and the same bytes.
"""

import asyncio
import os
import random
import secrets
import socket
import time
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.db.wakeups import DELIVERIES, Wakeups
from wearable_gateway.deliveries.acks import Acks
from wearable_gateway.deliveries.backlog import Backlog
from wearable_gateway.deliveries.destinations import secret_identity
from wearable_gateway.deliveries.headers import headers_of
from wearable_gateway.deliveries.leases import Leases
from wearable_gateway.deliveries.models import Delivery, Message
from wearable_gateway.deliveries.outcomes import (
    Delivered,
    Gone,
    Outcome,
    Reason,
    Refused,
    Unreachable,
    outcome_name,
)
from wearable_gateway.deliveries.queue import DueReader, load
from wearable_gateway.deliveries.recording import Result, put_away
from wearable_gateway.deliveries.schedule import SCHEDULE, next_pause
from wearable_gateway.deliveries.sender import Sender, open_sender
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring

log = structlog.get_logger()

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
        owner: str | None = None,
        schedule: Sequence[timedelta] = SCHEDULE,
        deadline: timedelta = timedelta(seconds=10),
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
        self._leases = leases or Leases(db, owner or new_owner())
        self._backlog = backlog or Backlog()
        self._acks = Acks(db, self._leases.owner, recorded=self._on_recorded)
        self._due = DueReader()
        self._sends: set[asyncio.Task[None]] = set()
        self._recorded_since_read = 0
        self._stopping = False

    async def run(self) -> None:
        """Deliver until cancelled; then end what is in flight, write it down and give the buckets back."""
        async with open_sender(self._policy, deadline=self._deadline, clock=self._clock) as sender:
            helpers = [
                asyncio.create_task(self._leases.keep(self._backlog.busy_buckets)),
                asyncio.create_task(self._acks.keep()),
            ]
            try:
                await self._read_for_ever(sender)
            finally:
                await self._stop(helpers)

    async def _read_for_ever(self, sender: Sender) -> None:
        while True:
            try:
                added = await self._read()
            except Exception:  # noqa: BLE001 - the edge of a loop that must outlive any fault of the database
                log.warning("deliveries.not_read", exc_info=True)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            self._start_sends(sender)
            if not added:
                await self._wakeups.wait(DELIVERIES, _POLL_SECONDS)

    async def _read(self) -> bool:
        """Read what is due and may be held; False when there is nothing to do but wait."""
        epochs, known = self._leases.usable(), self._backlog.keys()
        self._recorded_since_read = 0
        if not epochs or self._backlog.room <= 0:
            return False
        session = self._db.autocommit
        rows = await self._due.read(
            session,
            epochs,
            now=self._clock(),
            held=len(known),
            full_destinations=self._backlog.full_destinations(),
        )
        chosen = self._backlog.choose(rows, known)
        if not chosen:
            return False
        loaded = await load(session, chosen)
        for message in loaded.messages:
            self._backlog.add(message)
        if loaded.disabled or loaded.orphans:
            await self._put_away(loaded.disabled, loaded.orphans)
        return True

    async def _put_away(self, disabled: Sequence[Delivery], orphans: Sequence[Delivery]) -> None:
        async with self._db.transaction() as session:
            await put_away(session, self._leases.owner, disabled=disabled, orphans=orphans)
        log.info("deliveries.put_away", to_disabled=len(disabled), to_deleted=len(orphans))

    def _start_sends(self, sender: Sender) -> None:
        while not self._stopping and (message := self._backlog.next_to_send()):
            delivery = message.delivery
            if self._leases.holds(delivery.bucket, delivery.epoch):
                self._start(self._deliver(sender, message))
            else:
                self._backlog.landed(delivery, succeeded=None)
                self._backlog.settle(delivery)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)

    async def _deliver(self, sender: Sender, message: Message) -> None:
        at, started = self._clock(), time.monotonic()
        try:
            outcome = await self._send(sender, message)
        except asyncio.CancelledError:
            raise
        except (
            Exception
        ):  # the edge of a task nobody waits for: whatever it is, the delivery must be tried again
            log.exception("delivery.failed", event_id=str(message.delivery.event_id))
            outcome = Unreachable(Reason.BROKEN, "internal error")
        duration_ms = int((time.monotonic() - started) * 1000)
        result = Result(message.delivery, outcome, at, duration_ms, self._next_at(message.delivery, outcome))
        self._backlog.landed(message.delivery, succeeded=isinstance(outcome, Delivered))
        self._acks.submit(result)
        _log_result(result)
        self._start_sends(sender)

    async def _send(self, sender: Sender, message: Message) -> Outcome:
        delivery = message.delivery
        identity = secret_identity(delivery.dev_id, delivery.destination_id)
        try:
            secret = self._keyring.decrypt(message.signing_secret, identity=identity).decode()
        except SettingsError as error:
            return Unreachable(Reason.SECRET, type(error).__name__)
        return await sender.send(message.url, headers_of(message, secret, now=self._clock()), message.body)

    def _next_at(self, delivery: Delivery, outcome: Outcome) -> Any:
        if isinstance(outcome, Delivered | Gone):
            return None
        hint = outcome.retry_after if isinstance(outcome, Refused) else None
        pause = next_pause(delivery.attempts + 1, self._schedule, random=random.random(), retry_after=hint)
        return None if pause is None else self._clock() + pause

    def _on_recorded(self, results: Sequence[Result]) -> None:
        for result in results:
            self._backlog.settle(result.delivery)
        self._recorded_since_read += len(results)
        enough = self._recorded_since_read >= _WORTH_READING or not self._backlog.has_waiting
        if self._due.left_some and enough:
            self._wakeups.set(DELIVERIES)

    async def _stop(self, helpers: Sequence[asyncio.Task[None]]) -> None:
        self._stopping = True
        if self._sends:
            await asyncio.wait(self._sends, timeout=_GRACE_SECONDS)
        for task in self._sends:
            task.cancel()
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                await self._acks.flushed()
                helpers[0].cancel()
                await self._leases.release()
        except Exception:  # noqa: BLE001 - the end of the process: what is not recorded is sent again by the next
            log.warning("deliveries.stopped_unrecorded", exc_info=True)
        for task in (*helpers, *self._sends):
            task.cancel()
        await asyncio.gather(*helpers, *self._sends, return_exceptions=True)


def _log_result(result: Result) -> None:
    outcome, delivery = result.outcome, result.delivery
    say = log.debug if isinstance(outcome, Delivered) else log.info
    say(
        f"delivery.{outcome_name(outcome)}",
        dev_id=delivery.dev_id,
        event_id=str(delivery.event_id),
        destination_id=str(delivery.destination_id),
        attempt=result.number,
        status=None if isinstance(outcome, Unreachable) else outcome.status,
        reason=outcome.reason.value if isinstance(outcome, Unreachable) else None,
    )
