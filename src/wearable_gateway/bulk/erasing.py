"""A person asks to be forgotten: everything a developer's gateway holds under one reference_id goes.

Deauthenticating takes the connection with its records. What would stay for a while goes here too: the events that were
made of the data, with their bodies, requests for data, and the flows by which the person connected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.bulk.models import Job, JobKind, Row, RowState
from wearable_gateway.bulk.repository import JobRepository
from wearable_gateway.bulk.service import add, key_of, new_job, start
from wearable_gateway.connections.models import Connection
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.service import deauthenticate
from wearable_gateway.db.session import Session
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.ids import uuid7

_AT_ONCE = 1000
MOST_SHOWN = 200

# What says that the person is gone is still to be delivered, and holds no health data.
_ERASE_EVENTS = """
DELETE FROM events WHERE dev_id = $1 AND id IN (
  SELECT id FROM events WHERE dev_id = $1 AND user_id = $2 AND type <> $3 ORDER BY id LIMIT $4
)
"""
_COUNT_RECORDS = """
SELECT count(*) FROM (SELECT 1 FROM records WHERE dev_id = $1 AND user_id = ANY ($2) LIMIT $3) AS counted
"""
_COUNT_EVENTS = """
SELECT count(*) FROM (SELECT 1 FROM events WHERE dev_id = $1 AND user_id = ANY ($2) LIMIT $3) AS counted
"""
_COUNT_REQUESTS = """
SELECT count(*) FROM data_requests WHERE dev_id = $1 AND user_id = ANY ($2)
"""
MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of a person. `records` and `events` are counted up to `MOST_COUNTED`."""

    reference_id: str
    connections: Sequence[Connection]
    records: int
    events: int
    data_requests: int


async def holdings(session: Session, dev_id: str, reference_id: str) -> Holdings:
    """Raises NotFoundError when nobody has this reference_id, and InvalidInputError when nobody can."""
    name = _named(reference_id)
    connections = await ConnectionRepository(session, dev_id).of_reference(name)
    if not connections:
        raise NotFoundError("user")
    ids = [one.id for one in connections]
    return Holdings(
        name,
        connections,
        await session.fetchval(_COUNT_RECORDS, dev_id, ids, MOST_COUNTED),
        await session.fetchval(_COUNT_EVENTS, dev_id, ids, MOST_COUNTED),
        await session.fetchval(_COUNT_REQUESTS, dev_id, ids),
    )


async def begin_erasure(
    session: Session, dev_id: str, reference_id: str, *, form: str, actor: str, now: datetime
) -> Job:
    """A job that forgets the person, which a worker takes on from here; in a transaction.

    Raises NotFoundError, InvalidInputError, DisallowedError.
    """
    name = _named(reference_id)
    key = key_of(form or str(uuid7()), "erase", name)
    known = await JobRepository(session, dev_id).find_by_key(key)
    if known is not None:
        return known
    connections = await ConnectionRepository(session, dev_id).of_reference(name)
    if not connections:
        raise NotFoundError("user")
    rows = [Row(number, one.id, name) for number, one in enumerate(connections, 1)]
    job = new_job(dev_id, JobKind.ERASE, rows, key=key, actor=actor, now=now, reference_id=name)
    job = await add(session, job, rows)
    return await start(session, dev_id, job.id, actor=actor, now=now)


def _named(reference_id: str) -> str:
    name = check_reference_id(reference_id)
    if name is None:
        raise InvalidInputError("reference_id", "your own name for the person who asks to be forgotten")
    return name


async def erase_next(session: Session, job: Job, row: Row, *, now: datetime) -> RowState | None:
    """Forget some of one connection; None while there is more."""
    assert row.user_id is not None  # noqa: S101 - an erasure's rows are connections
    dev_id, user_id = job.dev_id, row.user_id
    if await ConnectionRepository(session, dev_id).find(user_id) is not None:
        await deauthenticate(session, dev_id, user_id, actor=job.actor, now=now, bulk_job=job.id)
        return None
    erased = await session.execute(_ERASE_EVENTS, dev_id, user_id, EventType.DEAUTH.value, _AT_ONCE)
    await JobRepository(session, dev_id).count_erased(job.id, erased)
    if erased == _AT_ONCE:
        return None
    await session.execute("DELETE FROM data_requests WHERE dev_id = $1 AND user_id = $2", dev_id, user_id)
    await session.execute("DELETE FROM flows WHERE dev_id = $1 AND user_id = $2", dev_id, user_id)
    return RowState.DONE


async def more_to_erase(session: Session, job: Job) -> bool:
    """Whether the person connected once more meanwhile: then that goes too. The job is held."""
    repository = JobRepository(session, job.dev_id)
    found: list[UUID] = await ConnectionRepository(session, job.dev_id).some_of_reference(
        job.reference_id or "", limit=_AT_ONCE
    )
    if found:
        last = await repository.last_number(job.id)
        rows = [Row(number, user_id, job.reference_id) for number, user_id in enumerate(found, last + 1)]
        await repository.add_rows(job.id, rows)
        await repository.add_total(job.id, len(rows))
    return bool(found)
