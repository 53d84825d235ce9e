"""What is news, what is merged, and from when it stands."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.web.callers import Caller, Callers
from wearable_gateway.connections.records import Kept, RecordRepository
from wearable_gateway.db.session import Database, Transaction
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.ingestion.keeping import keep_since
from wearable_gateway.unified.records import ALWAYS, DataType, Record

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


@pytest.fixture
async def callers(app: Any, db: Database, keyring: Any, hasher: Any) -> Callers:
    hosts = dict.fromkeys(("authorize", "token", "revoke", "api"), "http://127.0.0.1:9")
    made = await ProviderApps(db.autocommit, keyring).put(
        "SANDBOX", client_id="gateway", client_secret="client-secret", hosts=hosts
    )
    return Callers(app, db, keyring, hasher, made)


class Shelf:
    """The daily records of one connection."""

    def __init__(self, session: Transaction, caller: Caller, user_id: Any) -> None:
        self._repository = RecordRepository(session, caller.dev_id)
        self._user_id = user_id

    async def store(self, *bodies: dict[str, Any], fetch: int = 1, **options: Any) -> Kept:
        records = [Record(DataType.DAILY, body["key"], body.get("day", DAY), body) for body in bodies]
        wanted = {"keep_since": date.min, "now": NOW, **options}
        return await self._repository.store(self._user_id, DataType.DAILY, records, fetch=fetch, **wanted)

    async def read(self) -> list[dict[str, Any]]:
        return await self._repository.read(self._user_id, DataType.DAILY, date.min, date.max)

    async def forget_before(self, day: date) -> int:
        return await self._repository.forget_before(day)


@pytest.fixture
async def shelf(callers: Callers, db: Database) -> AsyncIterator[Shelf]:
    a = await callers.company("Company A")
    user_id = await callers.connected(a, "acc-ann")
    async with db.transaction() as session:
        yield Shelf(session, a, user_id)


def _changed(kept: Kept) -> list[dict[str, Any]]:
    return [record.body for record in kept.changed]


async def test_what_is_new_or_different_is_news_and_a_repetition_is_not(shelf: Shelf) -> None:
    first, second = {"key": "1", "steps": 5}, {"key": "2", "steps": 6}
    assert _changed(await shelf.store(first, second)) == [first, second]
    assert _changed(await shelf.store(first, second, fetch=2)) == []
    changed = {"key": "2", "steps": 7}
    kept = await shelf.store(first, changed, fetch=3)
    assert _changed(kept) == [changed]
    assert [record.body for record in kept.all] == [first, changed]


async def test_a_later_payload_keeps_what_only_an_earlier_one_knew(shelf: Shelf) -> None:
    await shelf.store({"key": "1", "steps": 5, "floors": 2})
    kept = await shelf.store({"key": "1", "steps": 6, "floors": None}, fetch=2)
    assert _changed(kept) == [{"key": "1", "steps": 6, "floors": 2}]
    assert _changed(await shelf.store({"key": "1", "steps": 6}, fetch=3)) == []


async def test_an_answer_that_was_overtaken_overrules_nothing(shelf: Shelf) -> None:
    await shelf.store({"key": "1", "steps": 7}, fetch=5)
    assert _changed(await shelf.store({"key": "1", "steps": 6}, fetch=4)) == []
    # Yet what it alone knew is not lost.
    kept = await shelf.store({"key": "1", "steps": 6, "floors": 2}, fetch=4)
    assert _changed(kept) == [{"key": "1", "steps": 7, "floors": 2}]
    # And it does not make the records look older than they are.
    assert _changed(await shelf.store({"key": "1", "steps": 6}, fetch=4)) == []


async def test_a_repetition_seen_later_overtakes_too(shelf: Shelf) -> None:
    await shelf.store({"key": "1", "steps": 7}, fetch=5)
    await shelf.store({"key": "1", "steps": 7}, fetch=7)
    assert _changed(await shelf.store({"key": "1", "steps": 6}, fetch=6)) == []


async def test_the_moment_of_a_record_never_runs_backwards(shelf: Shelf) -> None:
    first = await shelf.store({"key": "1", "steps": 5})
    assert first.at == NOW
    same_moment = await shelf.store({"key": "1", "steps": 6}, fetch=2)
    assert same_moment.at == NOW + TICK
    clock_is_slow = await shelf.store({"key": "1", "steps": 7}, fetch=3, now=NOW - timedelta(minutes=5))
    assert clock_is_slow.at == NOW + 2 * TICK
    another = await shelf.store({"key": "2", "steps": 7}, fetch=4, now=NOW - timedelta(minutes=5))
    assert another.at == NOW - timedelta(minutes=5)


async def test_telling_all_counts_for_the_moment_of_what_did_not_change(shelf: Shelf) -> None:
    await shelf.store({"key": "1", "steps": 5})
    told = await shelf.store({"key": "1", "steps": 5}, fetch=2, now=NOW + timedelta(hours=1), tell_all=True)
    assert (told.changed, len(told.all)) == ([], 1)
    after = await shelf.store({"key": "1", "steps": 6}, fetch=3)
    assert after.at == NOW + timedelta(hours=1) + TICK


async def test_a_record_that_moved_to_another_day_is_still_one(shelf: Shelf) -> None:
    await shelf.store({"key": "nap", "day": DAY})
    await shelf.store({"key": "nap", "day": DAY + timedelta(days=1)}, fetch=2)
    assert len(await shelf.read()) == 1


async def test_without_history_only_changes_are_told_and_nothing_is_kept(shelf: Shelf) -> None:
    options: dict[str, Any] = {"keep_since": date.max}
    assert _changed(await shelf.store({"key": "1", "steps": 5}, **options)) != []
    assert _changed(await shelf.store({"key": "1", "steps": 5}, fetch=2, **options)) == []
    assert _changed(await shelf.store({"key": "1", "steps": 6}, fetch=3, **options)) != []
    assert _changed(await shelf.store({"key": "1", "steps": 5}, fetch=2, **options)) == []
    assert await shelf.read() == []


async def test_old_records_lose_their_content_and_are_still_recognised(shelf: Shelf) -> None:
    old, new = {"key": "1", "day": date(2026, 1, 1)}, {"key": "2", "day": DAY}
    await shelf.store(old, new, {"key": "3", "day": ALWAYS})
    assert await shelf.forget_before(date(2026, 11, 1)) == 1
    assert await shelf.forget_before(date(2026, 11, 1)) == 0
    assert [body["key"] for body in await shelf.read()] == ["2", "3"]
    assert _changed(await shelf.store(old, new, fetch=2, keep_since=date(2026, 11, 1))) == []


@pytest.mark.parametrize(
    ("days", "first"),
    [(None, date.min), (0, date.max), (1, date(2026, 11, 22)), (30, date(2026, 10, 24))],
)
def test_how_far_back_is_kept(days: int | None, first: date) -> None:
    assert keep_since(days, today=date(2026, 11, 22)) == first
