"""The lane of what its destination takes no more of for now.

Rows that are due stand in one index, in the order in which they are. Those of a destination that is parked, paused,
slow or over its rate would stand in everybody's way there, so they are moved aside, and taken from there as the
destination has room. A mark on the destination says that there may be some.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from wearable_gateway.counts.adding import add
from wearable_gateway.counts.models import Subject
from wearable_gateway.db.session import Database, Session
from wearable_gateway.deliveries.models import Delivery, DeliveryState, DestinationState, Key
from wearable_gateway.deliveries.sending.fencing import still_held
from wearable_gateway.deliveries.sending.line import Line
from wearable_gateway.deliveries.sending.queue import COLUMNS, Take

_AT_ONCE = 2000
_LOOKED_THROUGH = 4000

# Of the first so many that are due in a bucket, those for some destinations.
_MOVE_DUE = """
UPDATE deliveries d SET state = $5
FROM (
  SELECT dev_id, destination_id, event_id FROM (
    SELECT dev_id, destination_id, event_id FROM deliveries
    WHERE bucket = $1 AND state = 'due' AND next_at <= $2 ORDER BY next_at, event_id LIMIT $4
  ) AS looked_through
  WHERE destination_id = ANY ($3)
) AS moved
WHERE d.dev_id = moved.dev_id AND d.destination_id = moved.destination_id AND d.event_id = moved.event_id
"""
_GIVE_UP_DUE = f"{_MOVE_DUE} RETURNING d.dev_id"
_GIVE_UP_WAITING = """
UPDATE deliveries d SET state = 'exhausted'
FROM (
  SELECT dev_id, destination_id, event_id FROM deliveries
  WHERE dev_id = $1 AND destination_id = $2 AND state = 'waiting' ORDER BY event_id LIMIT $3
) AS moved
WHERE d.dev_id = moved.dev_id AND d.destination_id = moved.destination_id AND d.event_id = moved.event_id
"""
_WAITING = f"""
SELECT {COLUMNS} FROM deliveries
WHERE dev_id = $1 AND destination_id = $2 AND state = 'waiting' AND event_id > $3
ORDER BY event_id LIMIT $4
"""
_MARK = """
UPDATE destinations SET waiting_mark = $3
WHERE dev_id = $1 AND id = $2 AND waiting_mark IS NULL
"""
_BEGINNING = UUID(int=0)


def new_mark() -> int:
    """A value that nobody has seen: only who saw the newest may take the mark away."""
    return secrets.randbits(62)


async def move_aside(
    db: Database, owner: str, epochs: Mapping[int, int], lines: Collection[Line], *, now: datetime
) -> int:
    """Take what is due for `lines` out of the way: to wait, or for disabled ones to be given up. How many it was."""
    moved = 0
    for bucket in {line.bucket for line in lines} & epochs.keys():
        own = sorted((line for line in lines if line.bucket == bucket), key=_key)
        async with db.transaction() as session:
            if await still_held(session, owner, [(bucket, epochs[bucket])]):
                moved += await _move(session, bucket, own, now)
    return moved


def _key(line: Line) -> tuple[str, UUID]:
    return line.dev_id, line.destination_id


async def _move(session: Session, bucket: int, lines: Collection[Line], now: datetime) -> int:
    disabled = [line for line in lines if await _is_disabled(session, line)]
    waiting = [line for line in lines if line not in disabled]
    moved = 0
    if waiting:
        moved = await session.execute(_MOVE_DUE, *_due(bucket, now, waiting, DeliveryState.WAITING))
        if moved:
            for line in waiting:
                await session.execute(_MARK, line.dev_id, line.destination_id, new_mark())
    if disabled:
        rows = await session.fetch(_GIVE_UP_DUE, *_due(bucket, now, disabled, DeliveryState.EXHAUSTED))
        moved += len(rows)
        await add(session, Subject.GIVEN_UP, Counter(row["dev_id"] for row in rows), now=now)
    return moved


def _due(bucket: int, now: datetime, lines: Collection[Line], state: DeliveryState) -> Sequence[object]:
    return bucket, now, [line.destination_id for line in lines], _LOOKED_THROUGH, state.value


async def _is_disabled(session: Session, line: Line) -> bool:
    """Whether it still is: nobody enables it before this transaction has ended."""
    if line.state is not DestinationState.DISABLED:
        return False
    state = await session.fetchval(
        "SELECT state FROM destinations WHERE dev_id = $1 AND id = $2 FOR SHARE", *_key(line)
    )
    # What is for a destination that is no more is found when it is read.
    line.state = DestinationState(state or DestinationState.ENABLED)
    return line.state is DestinationState.DISABLED


async def take_waiting(
    session: Session, line: Line, epoch: int, *, known: AbstractSet[Key], take: Take
) -> list[Delivery]:
    """As much as the line has room for, on from where it was read last; nothing in `known`."""
    from_beginning = line.waiting_place == _BEGINNING
    limit = line.room + (line.held if from_beginning else 0)
    rows = await session.fetch(_WAITING, line.dev_id, line.destination_id, line.waiting_place, limit)
    taken: list[Delivery] = []
    for row in rows:
        delivery = Delivery(**row, epoch=epoch)
        if delivery.key not in known:
            if not take(delivery):
                break
            taken.append(delivery)
        line.waiting_place = delivery.event_id
    else:
        if len(rows) < limit:
            line.waiting_place = _BEGINNING
    if from_beginning and not rows:
        await _unmark(session, line)
    return taken


async def _unmark(session: Session, line: Line) -> None:
    """Nothing waits any more, unless somebody has set another mark meanwhile."""
    await session.execute(
        "UPDATE destinations SET waiting_mark = NULL WHERE dev_id = $1 AND id = $2 AND waiting_mark = $3",
        line.dev_id, line.destination_id, line.waiting_mark,
    )  # fmt: skip
    line.waiting_mark = None


async def give_up_waiting(db: Database, owner: str, line: Line, epoch: int, *, now: datetime) -> int:
    """Of what waits for a destination that is disabled some thousands; how many it was."""
    async with db.transaction() as session:
        if not await still_held(session, owner, [(line.bucket, epoch)]) or not await _is_disabled(
            session, line
        ):
            return 0
        given_up = await session.execute(_GIVE_UP_WAITING, line.dev_id, line.destination_id, _AT_ONCE)
        if given_up:
            await add(session, Subject.GIVEN_UP, {line.dev_id: given_up}, now=now)
        else:
            await _unmark(session, line)
    return given_up
