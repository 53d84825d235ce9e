"""A developer with many connections, and with as much around them as many have, written by the database itself.

Ids are UUIDs of version 7 of the last thirty days, so neighbours in time are neighbours in the tables as in life.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bench.installation import DEV_ID, Installation
from wearable_gateway.counts.connections import count_connections
from wearable_gateway.counts.hours import count_next
from wearable_gateway.db.partitions import creation, days_from
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

DAYS = 30
_BATCH = 100_000
_OTHERS = 100
_DESTINATIONS = 5
_EVENTS_PER_CONNECTION = 2

_MILLISECONDS = "($1::bigint + n * $2::bigint / $3::bigint)"
_TIME = f"to_timestamp({_MILLISECONDS} / 1000.0)"


def _id(salt: str) -> str:
    return (
        f"(lpad(to_hex({_MILLISECONDS}), 12, '0') || '7' || substr(md5('{salt}' || n), 1, 3)"
        f" || 'a' || substr(md5('{salt}' || n), 4, 15))::uuid"
    )


# Nine of ten connections are of one developer, the others of a hundred more.
_DEVELOPER = f"CASE WHEN n % 10 < 9 THEN '{DEV_ID}' ELSE 'other-' || n / 10 % {_OTHERS} END"
_PROVIDER = "(ARRAY['GARMIN','GARMIN','GARMIN','OURA','OURA','WHOOP','GOOGLE_HEALTH','POLAR','STRAVA','WITHINGS'])[1 + n / 7 % 10]"
# Few are paused, some revoked; a rare provider too, because filters that match little are the dear ones.
_CONNECTIONS = f"""
INSERT INTO connections (dev_id, id, provider, grant_id, reference_id, consented_scopes, scopes, state,
  paused_at, last_error, last_error_at, last_event_at, created_at, updated_at)
SELECT {_DEVELOPER}, {_id("user")}, CASE WHEN n % 5000 = 0 THEN 'DEXCOM' ELSE {_PROVIDER} END,
  md5('grant' || n)::uuid, 'patient-' || n, '{{activity,daily,sleep}}', '{{activity,daily,sleep}}',
  CASE WHEN n % 4001 = 0 THEN 'paused' WHEN n % 19 = 0 THEN 'revoked' ELSE 'active' END,
  CASE WHEN n % 4001 = 0 THEN {_TIME} END,
  CASE WHEN n % 997 = 0 THEN 'the vendor answered 401' END, CASE WHEN n % 997 = 0 THEN {_TIME} END,
  {_TIME}, {_TIME}, {_TIME}
FROM generate_series($4::bigint, $5::bigint - 1) AS n
"""
_GRANTS = f"""
INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version, consented_at,
  created_at)
SELECT md5('grant' || n)::uuid, {_PROVIDER}, md5('app')::uuid, 'account-' || n, 'live', '{{activity,daily,sleep}}', 1,
  {_TIME}, {_TIME}
FROM generate_series($4::bigint, $5::bigint - 1) AS n
"""
_EVENTS = f"""
INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at)
SELECT {_DEVELOPER}, {_id("event")},
  (ARRAY['activity','body','daily','daily','daily','sleep','auth','deauth'])[1 + n % 8], {_id("user")}, {_id("event")},
  convert_to('{{"type":"daily","user":{{"user_id":"' || n || '"}},"data":[]}}', 'UTF8'), {_TIME}
FROM generate_series($4::bigint, $5::bigint - 1) AS n
"""
_ATTEMPTS = f"""
INSERT INTO attempts (dev_id, destination_id, event_id, id, number, at, outcome, status, duration_ms)
SELECT '{DEV_ID}', ($6::uuid[])[1 + n % {_DESTINATIONS}], {_id("event")}, {_id("attempt")}, 1, {_TIME},
  CASE WHEN n % 50 = 3 THEN 'refused' ELSE 'delivered' END, CASE WHEN n % 50 = 3 THEN 500 ELSE 200 END, 40
FROM generate_series($4::bigint, $5::bigint - 1) AS n WHERE n % 10 < 9
"""
# One destination is full of what waits, one of what was given up.
_DELIVERIES = f"""
INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, next_at)
SELECT '{DEV_ID}', ($6::uuid[])[1 + n % 2], {_id("event")}, 0,
  CASE WHEN n % 2 = 0 THEN 'waiting' ELSE 'exhausted' END, 3, {_TIME}
FROM generate_series($4::bigint, $5::bigint - 1) AS n WHERE n % 10 < 9 AND n % 50 IN (3, 4)
"""
_AUDIT = f"""
INSERT INTO audit_entries (dev_id, id, at, actor, action, subject, before, after)
SELECT {_DEVELOPER}, {_id("audit")}, {_TIME}, 'operator:ann@example.org', 'connection.modified',
  'connection:' || {_id("user")}, '{{"reference_id": "old"}}', '{{"reference_id": "new"}}'
FROM generate_series($4::bigint, $5::bigint - 1) AS n WHERE n % 10 = 0
"""
_DESTINATION = """
INSERT INTO destinations (dev_id, id, url, signing_secret, old_secrets, bucket, state, retry_schedule, failing_since,
  parkings, waiting_mark, feed_position, created_at, updated_at)
VALUES ($1, $2, $3, '', '[]', $4, 'enabled', 'standard', $5, 0, $6, 0, $7, $7)
"""
_TABLES = (
    "connections",
    "grants",
    "events",
    "attempts",
    "deliveries",
    "audit_entries",
    "hourly_counts",
    "connection_counts",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """Things there are, to be named in addresses."""

    user_id: UUID
    event_id: UUID
    destination_id: UUID
    middle: UUID
    """A connection older than half of them."""


async def fill(installation: Installation, connections: int) -> Filled:
    """The installation's own database. Its developer has nine tenths of `connections`."""
    async with open_database(installation.url, size=2) as db:
        now = utc_now()
        start = now - timedelta(days=DAYS)
        for table in ("events", "attempts"):
            for day in days_from(start.date(), now.date() - timedelta(days=2)):
                await db.autocommit.execute(creation(table, day))
        await _developers(db, start)
        destinations = await _destinations(db, start)
        events = connections * _EVENTS_PER_CONNECTION
        for statement, count in (
            (_CONNECTIONS, connections),
            (_GRANTS, connections),
            (_AUDIT, connections),
            (_EVENTS, events),
        ):
            await _write(db, statement, start, count)
        for statement in (_ATTEMPTS, _DELIVERIES):
            await _write(db, statement, start, events, destinations)
        await _count(db, now)
        for table in _TABLES:
            await db.autocommit.execute(f"VACUUM ANALYZE {table}")
        await db.autocommit.execute("CHECKPOINT")
        return await _filled(db, destinations)


async def _write(db: Database, statement: str, start: datetime, count: int, *more: object) -> None:
    first = round(start.timestamp() * 1000)
    span = DAYS * 24 * 3600 * 1000
    for begin in range(0, count, _BATCH):
        await db.autocommit.execute(statement, first, span, count, begin, min(begin + _BATCH, count), *more)


async def _developers(db: Database, start: datetime) -> None:
    await db.autocommit.execute(
        "INSERT INTO developers (dev_id, name, account, environment, settings, healthcheck_at, created_at)"
        " SELECT 'other-' || n, 'Other ' || n, 'other-' || n, 'production', '{}', $1, $1"
        " FROM generate_series(0, $2 - 1) AS n ON CONFLICT DO NOTHING",
        start, _OTHERS,
    )  # fmt: skip
    await db.autocommit.execute("UPDATE developers SET created_at = $1", start)


async def _destinations(db: Database, start: datetime) -> list[UUID]:
    made = [uuid7() for _ in range(_DESTINATIONS)]
    for number, one in enumerate(made):
        is_failing = number == 0
        await db.autocommit.execute(
            _DESTINATION, DEV_ID, one, f"https://{number}.example.org/", one.int % 64,
            start if is_failing else None, 1 if is_failing else None, start,
        )  # fmt: skip
    return made


async def _count(db: Database, now: datetime) -> None:
    """As the worker would have by now."""
    await db.autocommit.execute("DELETE FROM count_marks")
    while await count_next(db, now=now):
        pass
    await count_connections(db, now=now)


async def _filled(db: Database, destinations: list[UUID]) -> Filled:
    of_developer = "FROM connections WHERE dev_id = $1 ORDER BY id"
    many = await db.autocommit.fetchval("SELECT count(*) FROM connections WHERE dev_id = $1", DEV_ID)
    return Filled(
        user_id=await db.autocommit.fetchval(f"SELECT id {of_developer} DESC LIMIT 1", DEV_ID),
        event_id=await db.autocommit.fetchval(
            "SELECT id FROM events WHERE dev_id = $1 ORDER BY id DESC LIMIT 1", DEV_ID
        ),
        destination_id=destinations[1],
        middle=await db.autocommit.fetchval(f"SELECT id {of_developer} OFFSET $2 LIMIT 1", DEV_ID, many // 2),
    )
