"""What has been read from the queue and is not settled yet: what goes out next, and how much at a time?

A destination starts with two deliveries in flight, earns one more with each success and loses half with each
failure: many destinations that hang cannot take all the slots from those that answer.
"""

from collections import Counter, deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

from wearable_gateway.deliveries.models import Delivery, Key, Message

_FIRST_LIMIT = 2
_HELD_PER_SLOT = 16


class Backlog:
    def __init__(self, *, held: int = 1024, in_flight: int = 64, per_destination: int = 8) -> None:
        self._most_held = held
        self._most_in_flight = in_flight
        self._most_per_destination = per_destination
        self._held: Counter[UUID] = Counter()
        self._waiting: dict[UUID, deque[Message]] = {}
        self._turns: dict[UUID, None] = {}
        self._in_flight: Counter[UUID] = Counter()
        self._limits: dict[UUID, int] = {}
        self._active: dict[Key, Delivery] = {}
        self._keys: set[Key] = set()

    @property
    def room(self) -> int:
        return self._most_held - len(self._keys)

    @property
    def has_waiting(self) -> bool:
        return bool(self._waiting)

    def keys(self) -> AbstractSet[Key]:
        """What is held at this moment; it may be settled while somebody reads the queue."""
        return frozenset(self._keys)

    def busy_buckets(self) -> set[int]:
        """Where something is in flight, or sent and not recorded yet."""
        return {delivery.bucket for delivery in self._active.values()}

    def full_destinations(self) -> list[UUID]:
        """Those of which no more should be read for now."""
        return [
            destination for destination, held in self._held.items() if held >= self._most_held_of(destination)
        ]

    def _most_held_of(self, destination: UUID) -> int:
        return self._limit(destination) * _HELD_PER_SLOT

    def _limit(self, destination: UUID) -> int:
        return self._limits.get(destination, min(_FIRST_LIMIT, self._most_per_destination))

    def choose(self, rows: Iterable[Delivery]) -> list[Delivery]:
        """Those of `rows`, none of them held, to load now."""
        chosen: list[Delivery] = []
        held, room = self._held.copy(), self.room
        for row in rows:
            if len(chosen) >= room:
                break
            destination = row.destination_id
            if held[destination] < self._most_held_of(destination):
                held[destination] += 1
                chosen.append(row)
        return chosen

    def add(self, message: Message) -> None:
        destination = message.delivery.destination_id
        self._keys.add(message.delivery.key)
        self._held[destination] += 1
        self._waiting.setdefault(destination, deque()).append(message)
        self._turns.setdefault(destination)

    def next_to_send(self) -> Message | None:
        """The next message, now in flight; destinations take turns. None when all slots are taken."""
        while self._turns and self._in_flight.total() < self._most_in_flight:
            destination = next(iter(self._turns))
            del self._turns[destination]
            waiting = self._waiting.get(destination)
            if waiting is None or self._in_flight[destination] >= self._limit(destination):
                continue
            message = waiting.popleft()
            if waiting:
                self._turns[destination] = None
            else:
                del self._waiting[destination]
            self._in_flight[destination] += 1
            self._active[message.delivery.key] = message.delivery
            return message
        return None

    def landed(self, delivery: Delivery, *, succeeded: bool | None) -> None:
        """No longer in flight. `succeeded` is None when it was not sent at all."""
        destination = delivery.destination_id
        self._decrease(self._in_flight, destination)
        if succeeded is not None:
            limit = self._limit(destination)
            self._limits[destination] = (
                min(limit + 1, self._most_per_destination) if succeeded else max(limit // 2, 1)
            )
        if destination in self._waiting:
            self._turns.setdefault(destination)

    def settle(self, delivery: Delivery) -> None:
        """Recorded, or given up to whoever owns it now: it may be read again."""
        if delivery.key in self._keys:
            self._keys.discard(delivery.key)
            self._active.pop(delivery.key, None)
            self._decrease(self._held, delivery.destination_id)

    @staticmethod
    def _decrease(counter: Counter[UUID], destination: UUID) -> None:
        counter[destination] -= 1
        if counter[destination] <= 0:
            del counter[destination]
