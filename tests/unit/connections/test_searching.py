"""A search finds what a look at every connection would find, whichever way it goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wearable_gateway.connections import searching
from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository, Narrowed
from wearable_gateway.connections.searching import _just_above
from wearable_gateway.db.session import Database
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import first_uuid7

NOW = utc_now()
WORDS = ("ann", "anna", "Ann", "bob", "an%", "an_", "ä", "\U0010ffff", "\U0010ffffx", None)


@pytest.fixture
async def crowd(db: Database) -> list[dict[str, Any]]:
    """Forty of Acme's, and one of somebody else that would match everything."""
    rows = []
    for number in range(41):
        at = NOW - timedelta(hours=number)
        row: dict[str, Any] = {
            "id": UUID(int=first_uuid7(at).int + number),
            "dev_id": "northwind" if number == 40 else "acme",
            "provider": ("OURA", "GARMIN", "POLAR")[number % 3],
            "reference_id": WORDS[number % len(WORDS)],
            "state": ("active", "active", "paused", "revoked")[number % 4],
            "last_error": "401" if number % 7 == 0 else None,
            "last_event_at": at if number % 2 else None,
            "at": at,
        }
        rows.append(row)
        await db.autocommit.execute(
            "INSERT INTO connections (dev_id, id, provider, grant_id, reference_id, consented_scopes, scopes, state,"
            " last_error, last_error_at, last_event_at, created_at, updated_at, paused_at)"
            " VALUES ($1, $2, $3, $2, $4, '{}', '{}', $5, $6, $7, $8, $7, $7, $9)",
            row["dev_id"], row["id"], row["provider"], row["reference_id"], row["state"], row["last_error"], at,
            row["last_event_at"], at if number % 3 == 0 or row["state"] == "paused" else None,
        )  # fmt: skip
    return [row for row in rows if row["dev_id"] == "acme"]


@pytest.mark.parametrize("walked", [2, 3000], ids=["by an index", "among the newest"])
async def test_every_question_is_answered_alike(
    db: Database, crowd: list[dict[str, Any]], walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_WALKED", walked)
    acme = ConnectionRepository(db.autocommit, "acme")
    asked = 0
    for text in (None, *WORDS[:-1], "a", "nobody"):
        for provider in (None, "OURA", "DEXCOM"):
            for state in (None, *ConnectionState):
                for before in (None, crowd[20]["id"]):
                    expected = [
                        row["id"]
                        for row in crowd
                        if (text is None or str(row["reference_id"] or "").startswith(text))
                        and provider in {None, row["provider"]}
                        and state in {None, row["state"]}
                        and (before is None or str(row["id"]) < str(before))
                    ]
                    found = await acme.search(
                        text=text, provider=provider, state=state, before=before, limit=5
                    )  # fmt: skip
                    assert [one.id for one in found] == expected[:5], (text, provider, state, before)
                    asked += bool(expected)
    assert asked > 50
    assert [one.id for one in await acme.search(text=str(crowd[3]["id"]))] == [crowd[3]["id"]]
    assert await acme.search(text=str(crowd[3]["id"]), state=ConnectionState.ACTIVE) == []


@pytest.mark.parametrize("walked", [2, 3000])
async def test_more_can_be_asked_for(
    db: Database, crowd: list[dict[str, Any]], walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_WALKED", walked)
    acme = ConnectionRepository(db.autocommit, "acme")
    at = NOW - timedelta(hours=10)
    expectations = {
        Narrowed(with_error=True): [row for row in crowd if row["last_error"]],
        Narrowed(without_reference_id=True): [row for row in crowd if row["reference_id"] is None],
        Narrowed(silent_since=at): [
            row for row in crowd if not row["last_event_at"] or row["last_event_at"] < at
        ],
        Narrowed(since=at): [row for row in crowd if row["at"] >= at],
        Narrowed(until=at): [row for row in crowd if row["at"] < at],
    }
    for narrowed, expected in expectations.items():
        found = await acme.search(narrowed=narrowed, limit=100)
        assert [one.id for one in found] == [row["id"] for row in expected]


def test_the_bound_above_a_beginning_is_the_least_that_is_above_all_of_them() -> None:
    assert [_just_above(word) for word in ("a", "az", "a\U0010ffff", "\U0010ffff", "\ud7ff")] == [
        "b", "a{", "b", None, "\ue000",
    ]  # fmt: skip
