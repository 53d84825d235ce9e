"""What has been read from the queue and is not settled yet: what may be held, what goes out next?"""

import time
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

from wearable_gateway.deliveries.models import Delivery, Key, Message, Target
from wearable_gateway.deliveries.sending.line import Line
from wearable_gateway.deliveries.sending.turns import Turns
from wearable_gateway.kit.clock import Clock, utc_now

SLOW_SECONDS = 1.0
_MOST_BYTES = 64 * 1024 * 1024
_IDLE_SECONDS = 60.0


class Backlog:
    """`held` bounds the deliveries in memory, `in_flight` and `slow` those under way to destinations that answer
    soon and to the others.
    """

    def __init__(
        self, *, held: int = 2048, in_flight: int = 512, slow: int = 128, clock: Clock = utc_now
    ) -> None:
        self._most_held = held
        self._fast, self._slow = Turns(in_flight), Turns(slow)
        self._clock = clock
        self._lines: dict[UUID, Line] = {}
        self._busy: dict[UUID, Line] = {}
        """Those for which something is held."""
        self._keys: set[Key] = set()
        self._bytes = 0
        self._held_for_slow = 0
        self._quick_messages = 0
        self._active: dict[Key, tuple[Delivery, float]] = {}
        self._under_way: dict[Key, Line] = {}
        self.paced: list[Line] = []
        """Those whose turn came too early for their rate; whoever takes them out lets them `resume` in time."""

    @property
    def room(self) -> int:
        return self._most_held - len(self._keys) if self._bytes < _MOST_BYTES else 0

    @property
    def bytes_left(self) -> int:
        return max(_MOST_BYTES - self._bytes, 0)

    @property
    def has_quick_messages(self) -> bool:
        """Whether something is held for a destination that answers soon."""
        return self._quick_messages > 0

    @property
    def in_flight(self) -> int:
        return self._fast.in_flight + self._slow.in_flight

    @property
    def lines(self) -> Iterable[Line]:
        return self._lines.values()

    def find(self, destination_id: UUID) -> Line | None:
        return self._lines.get(destination_id)

    def keys(self) -> AbstractSet[Key]:
        """What is held at this moment; it may be settled while somebody reads the queue."""
        return frozenset(self._keys)

    def busy_buckets(self) -> set[int]:
        """Where something is in flight, or sent and not recorded yet."""
        return {delivery.bucket for delivery, _ in self._active.values()}

    def full(self) -> list[Line]:
        """Of the destinations for which something is held, those for which no more can be."""
        return [line for line in self._busy.values() if self.room_for(line) <= 0]

    def room_for(self, line: Line) -> int:
        """How many more may be held for `line`. Those that hang share a quarter of the memory."""
        if line.is_slow:
            return min(line.room, self._most_held // 4 - self._held_for_slow)
        return line.room

    def line(self, dev_id: str, destination_id: UUID, bucket: int) -> Line:
        found = self._lines.get(destination_id)
        if found is None:
            found = self._lines[destination_id] = Line(dev_id, destination_id, bucket, self._clock)
        return found

    def line_of(self, delivery: Delivery) -> Line:
        return self.line(delivery.dev_id, delivery.destination_id, delivery.bucket)

    def accept(self, target: Target) -> Line:
        line = self.line(target.dev_id, target.id, target.bucket)
        line.accept(target)
        return line

    def take(self, row: Delivery) -> bool:
        """Whether `row` may be loaded; if so, it is held from now on until it is settled."""
        line = self.line_of(row)
        if row.key in self._keys or self.room <= 0 or self.room_for(line) <= 0:
            return False
        self._keys.add(row.key)
        self._hold(line, 1)
        return True

    def _hold(self, line: Line, more: int) -> None:
        line.held += more
        if line.held:
            self._busy[line.destination_id] = line
        else:
            line.idle_since = time.monotonic()
            del self._busy[line.destination_id]
        if line.is_slow:
            self._held_for_slow += more

    def add(self, message: Message) -> None:
        """A taken delivery that can go out now."""
        line = self.line_of(message.delivery)
        line.messages.append(message)
        self._quick_messages += not line.is_slow
        self._bytes += len(message.body)
        self._turns(line).enter(line)

    def next_to_send(self) -> Message | None:
        """The next message, now in flight; None when nobody may be sent to at the moment."""
        return self._next(self._fast) or self._next(self._slow)

    def _next(self, turns: Turns) -> Message | None:
        now = time.monotonic()
        while turns.has_slot and (line := turns.pop()):
            if line.waits_for_pace or not line.messages or not line.may_send:
                continue
            if line.pace and not line.pace.take(now):
                line.waits_for_pace = True
                self.paced.append(line)
                continue
            message = line.messages.popleft()
            self._quick_messages -= not line.is_slow
            self._bytes -= len(message.body)
            line.in_flight += 1
            turns.in_flight += 1
            if line.messages:
                turns.enter(line)
            self._active[message.delivery.key] = (message.delivery, now)
            self._under_way[message.delivery.key] = line
            return message
        return None

    def resume(self, line: Line) -> None:
        line.waits_for_pace = False
        self._turns(line).enter(line)

    def landed(self, delivery: Delivery, *, ok: bool | None, is_slow: bool) -> None:
        """No longer in flight. `ok` is None when it was not sent at all."""
        line = self._under_way.pop(delivery.key)
        line.in_flight -= 1
        self._turns(line).in_flight -= 1
        if ok is not None:
            line.landed(ok=ok)
            self._classify(line, is_slow=is_slow)
        if line.messages:
            self._turns(line).enter(line)

    def note_slow(self) -> None:
        """Destinations that let something wait for long make room for the others before it has ended."""
        since = time.monotonic() - SLOW_SECONDS
        for key, line in list(self._under_way.items()):
            if self._active[key][1] > since:
                return
            self._classify(line, is_slow=True)

    def _classify(self, line: Line, *, is_slow: bool) -> None:
        if line.is_slow is is_slow:
            return
        before = self._turns(line)
        line.is_slow = is_slow
        after = self._turns(line)
        before.leave(line)
        before.in_flight -= line.in_flight
        after.in_flight += line.in_flight
        self._held_for_slow += line.held if is_slow else -line.held
        self._quick_messages += -len(line.messages) if is_slow else len(line.messages)
        if is_slow:
            self.drop(line)  # it may be read again, as far as there is room for it among its like
        elif line.messages:
            after.enter(line)

    def _turns(self, line: Line) -> Turns:
        return self._slow if line.is_slow else self._fast

    def drop(self, line: Line) -> None:
        """Hold nothing for `line` any more but what is under way."""
        dropped = line.drop_messages()
        if not line.is_slow:
            self._quick_messages -= len(dropped)
        for message in dropped:
            self._bytes -= len(message.body)
            self.settle(message.delivery)

    def release(self, delivery: Delivery) -> None:
        """Not to be held after all, unless it was already added."""
        if not any(message.delivery.key == delivery.key for message in self.line_of(delivery).messages):
            self.settle(delivery)

    def forget_idle(self) -> None:
        """Whoever needed nothing for a minute is got to know anew."""
        before = time.monotonic() - _IDLE_SECONDS
        for line in list(self._lines.values()):
            if line.idle_since < before and line.is_forgettable:
                del self._lines[line.destination_id]

    def forget(self, buckets: Collection[int]) -> None:
        """What is known of the destinations in these buckets, as far as nothing is held for them."""
        for line in list(self._lines.values()):
            if line.bucket in buckets and not line.held:
                del self._lines[line.destination_id]

    def settle(self, delivery: Delivery) -> None:
        """Recorded, or given up to whoever owns it now: it may be read again."""
        if delivery.key not in self._keys:
            return
        self._keys.discard(delivery.key)
        self._active.pop(delivery.key, None)
        self._hold(self.line_of(delivery), -1)
