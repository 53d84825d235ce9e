"""Few events among many are found in windows, and a page says how far back it looked."""

import pytest

from tests.fakes.past import Past
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import event_log
from wearable_gateway.deliveries.afterwards.event_log import EventFilters, list_events
from wearable_gateway.events.catalog import EventType
from wearable_gateway.events.meanings import FAMILIES
from wearable_gateway.kit.ids import moment_of


@pytest.mark.parametrize("limit", [1, 3, 200])
async def test_pages_yield_each_event_once_and_end(
    db: Database, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(event_log, "_ROUND", 4)
    monkeypatch.setattr(event_log, "_ROUNDS", 2)
    past = await Past.of(db)
    expected = []
    for _ in range(4):
        expected += await past.events(2, "sleep")
        await past.events(9, "daily")
    found, after, pages = [], None, 0
    while True:
        page = await list_events(db.autocommit, "acme", EventFilters(type="sleep"), after=after, limit=limit)
        pages += 1
        assert len(page.events) <= limit
        found += [event.id for event in page.events]
        if page.next is None:
            break
        full = len(page.events) == limit
        assert page.looked_back_to == (None if full else moment_of(page.next))
        after = page.next
    assert found == expected[::-1]
    assert pages > 4
    assert page.looked_back_to is None


def test_every_type_has_a_meaning_and_one_place() -> None:
    told = [kind for family in FAMILIES for kind in family.types]
    assert sorted(told) == sorted(EventType)
    assert all(family.types[kind].strip() for family in FAMILIES for kind in family.types)
