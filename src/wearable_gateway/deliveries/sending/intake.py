"""How does what is due get from the queue into memory, and what is in the way out of it?"""

import random
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.models import Delivery, DestinationState, Key, Message
from wearable_gateway.deliveries.sending.backlog import Backlog
from wearable_gateway.deliveries.sending.leases import Leases
from wearable_gateway.deliveries.sending.line import Line
from wearable_gateway.deliveries.sending.loading import load, targets_with_waiting
from wearable_gateway.deliveries.sending.queue import DueReader, Read
from wearable_gateway.deliveries.sending.recording import drop
from wearable_gateway.deliveries.sending.waiting import give_up_waiting, move_aside, take_waiting
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.encryption import Keyring

log = structlog.get_logger()

_LOOK_AT_WAITING_EVERY_SECONDS = 0.5
_WAITING_LANES_AT_ONCE = 16
_CLEAR_EVERY_SECONDS = 0.2


class Intake:
    def __init__(
        self, db: Database, keyring: Keyring, leases: Leases, backlog: Backlog, *, clock: Clock
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._leases = leases
        self._backlog = backlog
        self._clock = clock
        self._due = DueReader()
        self._epochs: dict[int, int] = {}
        self._taken: list[Delivery] = []
        self._lanes: list[Line] = []
        """The destinations for which something may wait."""
        self._look_at_waiting_from = 0.0
        self._cleared = 0.0
        self._shared: dict[int, bool] = {}
        self.left_some = False
        """Whether the last read did not get everything that is due."""

    async def read(self) -> int:
        """Read what is due and may be held. How many rows were moved by it, in either direction."""
        epochs = self._leases.usable()
        self._forget_what_others_have(epochs)
        if not epochs:
            self.left_some = False
            return 0
        await self._look_at_waiting(epochs)
        self.left_some = True
        if self._backlog.room <= 0:
            return 0
        self._taken = []
        try:
            return await self._read(epochs)
        except BaseException:
            for delivery in self._taken:
                self._backlog.release(delivery)
            raise

    async def _read(self, epochs: Mapping[int, int]) -> int:
        known = self._backlog.keys()
        found = await self._due.read(
            self._db.autocommit,
            epochs,
            now=self._clock(),
            known=known,
            full=[line.destination_id for line in self._full()],
            take=self._take,
        )
        await self._take_waiting(epochs, known)
        loaded = await self._load(found)
        moved = await self._clear_the_way(found, epochs)
        self.left_some = found.left_some or any(line.waiting_mark and line.flows for line in self._lanes)
        return loaded + moved

    def _take(self, delivery: Delivery) -> bool:
        taken = self._backlog.take(delivery)
        if taken:
            self._taken.append(delivery)
        return taken

    def _forget_what_others_have(self, epochs: Mapping[int, int]) -> None:
        """Another worker may change how a destination fares; what was known of it is read anew."""
        gone = {bucket for bucket, epoch in self._epochs.items() if epochs.get(bucket) != epoch}
        if gone:
            self._backlog.forget(gone)
        self._epochs = dict(epochs)

    async def _look_at_waiting(self, epochs: Mapping[int, int]) -> None:
        """See anew, now and then, for which destinations something waits, and what was chosen for them meanwhile."""
        started = time.monotonic()
        if started < self._look_at_waiting_from:
            return
        self._shared.clear()
        self._backlog.forget_idle()
        targets = await targets_with_waiting(
            self._db.autocommit, self._keyring, list(epochs), now=self._clock()
        )
        self._lanes = [self._backlog.accept(target) for target in targets]
        for line in self._lanes:
            if line.state is DestinationState.DISABLED:
                await give_up_waiting(
                    self._db, self._leases.owner, line, epochs[line.bucket], now=self._clock()
                )
        # With thousands of such destinations this is work: a tenth of the time at most.
        took = time.monotonic() - started
        self._look_at_waiting_from = started + max(_LOOK_AT_WAITING_EVERY_SECONDS, 10 * took)

    async def _take_waiting(self, epochs: Mapping[int, int], known: AbstractSet[Key]) -> None:
        lanes = [
            line
            for line in self._lanes
            if line.waiting_mark is not None and self._backlog.room_for(line) > 0 and line.bucket in epochs
        ]
        random.shuffle(lanes)
        for line in lanes[:_WAITING_LANES_AT_ONCE]:
            if self._backlog.room > 0:
                await take_waiting(
                    self._db.autocommit, line, epochs[line.bucket], known=known, take=self._take
                )

    async def _load(self, found: Read) -> int:
        if not self._taken:
            return 0
        loaded = await load(
            self._db.autocommit,
            self._keyring,
            self._taken,
            now=self._clock(),
            most_bytes=self._backlog.bytes_left,
        )
        for target in loaded.targets:
            self._backlog.accept(target)
        for message in loaded.messages:
            self._hold(message, found)
        for delivery in loaded.later:
            self._backlog.settle(delivery)
        count, self._taken = len(self._taken) - len(loaded.later), loaded.orphans
        if loaded.orphans:
            await self._drop(loaded.orphans)
        return count

    def _hold(self, message: Message, found: Read) -> None:
        if self._backlog.line_of(message.delivery).flows:
            self._backlog.add(message)
        else:
            found.refused[message.delivery.destination_id] += 1
            self._backlog.settle(message.delivery)

    async def _drop(self, orphans: Sequence[Delivery]) -> None:
        async with self._db.transaction() as session:
            count = await drop(session, self._leases.owner, orphans)
        for delivery in orphans:
            self._backlog.settle(delivery)
        log.info("deliveries.dropped", count=count)

    async def _clear_the_way(self, found: Read, epochs: Mapping[int, int]) -> int:
        """Move aside what is due for destinations that cannot take it soon, or are so full that others wait."""
        refused = filter(None, map(self._backlog.find, found.refused))
        full = (line for line in self._full() if line.bucket in found.crowded)
        lines = [line for line in {*refused, *full} if await self._is_in_the_way(line, found)]
        if not lines or (not found.refused and time.monotonic() - self._cleared < _CLEAR_EVERY_SECONDS):
            return 0
        moved = await move_aside(self._db, self._leases.owner, epochs, lines, now=self._clock())
        if moved:
            self._look_at_waiting_from = 0  # there are lanes now that were not there
        else:
            self._cleared = time.monotonic()
        return moved

    async def _is_in_the_way(self, line: Line, found: Read) -> bool:
        if not line.flows or line.is_slow or line.pace is not None or line.waiting_mark is not None:
            return True
        return line.bucket in found.flooded and await self._is_shared(line.bucket)

    def _full(self) -> list[Line]:
        """The destinations for which no more can be held now."""
        return [*self._backlog.full(), *(line for line in self._lanes if not line.flows and not line.held)]

    async def _is_shared(self, bucket: int) -> bool:
        """Whether the bucket belongs to several destinations, so that one can stand in another's way."""
        if bucket not in self._shared:
            rows = await self._db.autocommit.fetch(
                "SELECT id FROM destinations WHERE bucket = $1 LIMIT 2", bucket
            )
            self._shared[bucket] = len(rows) > 1
        return self._shared[bucket]
