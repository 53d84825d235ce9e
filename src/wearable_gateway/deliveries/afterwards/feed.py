"""The events of a destination that is not sent to: fetched in order, from wherever its developer is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import kept_events
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.events.models import StoredEvent

MOST = 500
MOST_BYTES = 8 * 1024 * 1024
LONGEST_WAIT = timedelta(seconds=30)
_LOOK_EVERY_SECONDS = 0.5
_LAST_POSITION = 2**63 - 1

_POSITIONS = """
SELECT position, event_id FROM attempts
WHERE dev_id = $1 AND destination_id = $2 AND position > $3 AND position IS NOT NULL
ORDER BY position LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Fed:
    """An event at its place in the feed."""

    position: int
    event: StoredEvent


@dataclass(frozen=True, slots=True)
class Feed:
    """`next` is the place of the last event that was looked at; `has_more` whether others are behind it already."""

    destination_id: UUID
    events: Sequence[Fed]
    next: int
    has_more: bool


def read_position(text: str | None) -> int:
    """Where somebody is; at the beginning when nothing is given. Raises InvalidInputError."""
    if not text:
        return 0
    # isdigit alone is also true of digits that int() does not read.
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > _LAST_POSITION:
        raise InvalidInputError(
            "after", "the `next` of the answer before; leave it out to begin with the oldest"
        )
    return int(text[:20])


async def find_destination(session: Session, dev_id: str, destination_id: UUID | None) -> Destination:
    """The destination to fetch from; it need not be named when there is one. Raises InvalidInputError, NotFoundError."""
    if destination_id is not None:
        found = await destinations.get(session, dev_id, destination_id)
        if found.url is not None:
            raise InvalidInputError(
                "destination_id", "one of kind pull; what goes to this one is sent to its url"
            )
        return found
    pulled = [one for one in await destinations.list_destinations(session, dev_id) if one.url is None]
    if not pulled:
        raise InvalidInputError(
            "destination_id",
            "there is no destination whose events are fetched; make one: POST /v2/destinations with kind pull",
        )
    if len(pulled) > 1:
        raise InvalidInputError("destination_id", "one of " + ", ".join(str(one.id) for one in pulled))
    return pulled[0]


async def read_feed(
    session: Session,
    dev_id: str,
    destination_id: UUID,
    *,
    after: int,
    limit: int,
    most_bytes: int = MOST_BYTES,
) -> Feed:
    """What comes after `after`. An event that is no longer kept is left out, and passed by.

    The first event is there however large it is, so that everybody gets on.
    """
    rows = await session.fetch(_POSITIONS, dev_id, destination_id, after, limit + 1)
    sizes = await kept_events.sizes(session, dev_id, {row["event_id"] for row in rows[:limit]})
    chosen = _choose(rows[:limit], sizes, most_bytes)
    bodies = await kept_events.bodies(session, dev_id, {row["event_id"] for row in chosen} & sizes.keys())
    events = [Fed(row["position"], bodies[row["event_id"]]) for row in chosen if row["event_id"] in bodies]
    reached = chosen[-1]["position"] if chosen else after
    return Feed(destination_id, events, reached, len(chosen) < len(rows))


def _choose(rows: Sequence[Row], sizes: dict[UUID, int], most_bytes: int) -> Sequence[Row]:
    total = 0
    for number, row in enumerate(rows):
        size = sizes.get(row["event_id"], 0)
        if total and total + size > most_bytes:
            return rows[:number]
        total += size
    return rows


async def wait_for_feed(
    session: Session, dev_id: str, destination_id: UUID, *, after: int, limit: int, wait: timedelta
) -> Feed:
    """As `read_feed`; when there is nothing yet, as soon as there is something, or after `wait`.

    `session` is one that holds no connection between two statements.
    """
    end = asyncio.get_running_loop().time() + wait.total_seconds()
    while True:
        feed = await read_feed(session, dev_id, destination_id, after=after, limit=limit)
        left = end - asyncio.get_running_loop().time()
        if feed.next > after or left <= 0:
            return feed
        await asyncio.sleep(min(_LOOK_EVERY_SECONDS, left))
