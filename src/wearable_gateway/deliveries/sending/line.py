"""One destination as its worker sees it: what is held for it in memory, what is under way, how it fares.

It starts with two deliveries under way, earns one more with each success and loses half with each failure.
"""

from collections import deque
from uuid import UUID

from wearable_gateway.deliveries.health import HEALTHY, Health
from wearable_gateway.deliveries.models import DestinationState, Message, Target
from wearable_gateway.deliveries.sending.pace import Pace
from wearable_gateway.kit.clock import Clock

CONCURRENCY = 16
_FIRST_LIMIT = 2
_HELD_PER_SLOT = 32
_HELD_PER_UNPROVEN_SLOT = 4
_HELD_PER_SLOW_SLOT = 2


class Line:
    def __init__(self, dev_id: str, destination_id: UUID, bucket: int, clock: Clock) -> None:
        self.dev_id = dev_id
        self.destination_id = destination_id
        self.bucket = bucket
        self.state = DestinationState.ENABLED
        self.health: Health = HEALTHY
        self.messages: deque[Message] = deque()
        self.held = 0
        self.in_flight = 0
        self.is_slow = False
        self.idle_since = 0.0
        self.pace: Pace | None = None
        self.waits_for_pace = False
        self.waiting_mark: int | None = None
        """Not None while there may be rows in the waiting lane."""
        self.waiting_place = UUID(int=0)
        """How far that lane has been read."""
        self._clock = clock
        self._limit = _FIRST_LIMIT
        self._most = CONCURRENCY
        self._url: str | None = None
        self._known = False

    def accept(self, target: Target) -> None:
        """Take over what was chosen for the destination since it was last looked at."""
        reopened = self.state is not DestinationState.ENABLED and target.state is DestinationState.ENABLED
        if not self._known or reopened or target.url != self._url:
            # Somebody who knows better changed it, or another worker knew it until now.
            self.health = target.health if not self._known or reopened else HEALTHY
            self._limit = _FIRST_LIMIT
        self._known, self._url = True, target.url
        self.state = target.state
        self.waiting_mark = target.waiting_mark
        self._most = target.concurrency or CONCURRENCY
        self._limit = min(self._limit, self._most)
        if target.rate_limit is None or target.url is None:  # what is fetched is fetched at its reader's pace
            self.pace = None
        elif self.pace is None or self.pace.rate != target.rate_limit:
            self.pace = Pace(target.rate_limit)

    @property
    def flows(self) -> bool:
        """Whether anything can be sent there now, or once what is under way has ended."""
        if self.state is not DestinationState.ENABLED:
            return False
        return self.health.parked_until is None or self.health.may_be_sent_to(self._clock())

    @property
    def room(self) -> int:
        """How many more may be held in memory."""
        if not self.flows:
            return 0
        if self.health.is_parked:
            return 1 - self.held
        return self._limit * self._held_per_slot - self.held

    @property
    def _held_per_slot(self) -> int:
        """Little, until it has shown that it answers soon."""
        if self.is_slow:
            return _HELD_PER_SLOW_SLOT
        return _HELD_PER_SLOT if self._limit > _FIRST_LIMIT else _HELD_PER_UNPROVEN_SLOT

    @property
    def may_send(self) -> bool:
        return self.flows and self.in_flight < (1 if self.health.is_parked else self._limit)

    @property
    def is_forgettable(self) -> bool:
        """Whether nothing is lost when this worker forgets the destination until there is something for it."""
        return (
            self.held == 0
            and self.pace is None
            and self.health == HEALTHY
            and self.waiting_mark is None
            and self.state is DestinationState.ENABLED
        )

    def landed(self, *, ok: bool) -> None:
        self._limit = min(self._limit + 1, self._most) if ok else max(self._limit // 2, 1)

    def drop_messages(self) -> list[Message]:
        """What is held and not under way, which is held no more."""
        dropped = list(self.messages)
        self.messages.clear()
        return dropped
