"""What is no more at the vendor is no more here, for whoever is linked to the account."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests.web.callers import Caller, Callers
from wearable_gateway.connections.grants import grant_id_of
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.db.session import Database
from wearable_gateway.ingestion.forgetting import forget
from wearable_gateway.kit import json
from wearable_gateway.unified.common import UploadType
from wearable_gateway.unified.records import DataType, Record

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 21)


async def keep(
    callers: Callers, owner: Caller, user_id: str, kind: DataType, *keys: str, since: date = date.min
) -> None:
    bodies = {
        key: {
            "metadata": {"summary_id": key, "upload_type": 1},
            "heart_rate_data": {"detailed": {"hr_samples": [{"bpm": 60}]}},
        }
        for key in keys
    }
    records = [Record(kind, key, DAY, body) for key, body in bodies.items()]
    async with callers.db.transaction() as session:
        await RecordRepository(session, owner.dev_id).store(
            UUID(user_id), kind, records, fetch=1, keep_since=since, now=NOW
        )


async def kept(db: Database, user_id: str) -> list[str]:
    rows = await db.autocommit.fetch("SELECT key FROM records WHERE user_id = $1 ORDER BY key", UUID(user_id))
    return [row["key"] for row in rows]


async def events(db: Database, kind: str = "activity") -> list[dict[str, Any]]:
    rows = await db.autocommit.fetch("SELECT body FROM events WHERE type = $1", kind)
    return [json.load(bytes(row["body"])) for row in rows]


async def gone(callers: Callers, kinds: Sequence[DataType], *keys: str, account: str = "acc-ann") -> None:
    grant_id = grant_id_of(callers.provider_app.id, account)
    await forget(callers.db, grant_id, kinds, keys, clock=lambda: NOW)


async def test_a_workout_is_forgotten_by_everybody_and_told_once_to_each(callers: Callers) -> None:
    a, b = await callers.company("Company A"), await callers.company("Company B")
    users = [await callers.connected(company, "acc-ann") for company in (a, b)]
    for company, user_id in zip((a, b), users, strict=True):
        await keep(callers, company, user_id, DataType.ACTIVITY, "1", "2")
    await gone(callers, [DataType.ACTIVITY], "1", "unheard-of")
    await gone(callers, [DataType.ACTIVITY], "1")
    assert [await kept(callers.db, user_id) for user_id in users] == [["2"], ["2"]]
    told = await events(callers.db)
    assert len(told) == 2
    for event in told:
        (body,) = event["data"]
        assert body["metadata"] == {"summary_id": "1", "upload_type": UploadType.DELETE.value}
        assert body["heart_rate_data"]["detailed"]["hr_samples"] is None


async def test_another_account_and_another_type_keep_theirs(callers: Callers) -> None:
    a = await callers.company("Company A")
    ann, ben = await callers.connected(a, "acc-ann"), await callers.connected(a, "acc-ben")
    await keep(callers, a, ben, DataType.ACTIVITY, "1")
    await keep(callers, a, ann, DataType.SLEEP, "1")
    await gone(callers, [DataType.ACTIVITY], "1")
    assert await kept(callers.db, ben) == await kept(callers.db, ann) == ["1"]
    assert await events(callers.db) == []


async def test_a_sleep_goes_without_a_word_for_there_is_none(callers: Callers) -> None:
    a = await callers.company("Company A")
    ann = await callers.connected(a, "acc-ann")
    await keep(callers, a, ann, DataType.SLEEP, "1")
    await gone(callers, [DataType.ACTIVITY, DataType.SLEEP], "1")
    assert await kept(callers.db, ann) == []
    assert await events(callers.db, "sleep") == []


async def test_who_has_paused_is_not_told_and_has_it_no_more_either(callers: Callers) -> None:
    a = await callers.company("Company A")
    ann = await callers.connected(a, "acc-ann")
    await keep(callers, a, ann, DataType.ACTIVITY, "1")
    await callers.db.autocommit.execute("UPDATE connections SET state = 'paused', paused_at = created_at")
    await gone(callers, [DataType.ACTIVITY], "1")
    assert await kept(callers.db, ann) == []
    assert await events(callers.db) == []


async def test_what_was_told_and_not_kept_is_forgotten(callers: Callers) -> None:
    a = await callers.company("Company A")
    ann = await callers.connected(a, "acc-ann")
    await keep(callers, a, ann, DataType.ACTIVITY, "1", since=date.max)
    await gone(callers, [DataType.ACTIVITY], "1")
    assert await kept(callers.db, ann) == []
