"""Who has a request, and what is left of it when its connection goes."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.web.callers import Callers
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.data_requests import service
from wearable_gateway.data_requests.dates import DateRange
from wearable_gateway.data_requests.models import DataRequest, RequestState
from wearable_gateway.data_requests.repository import (
    Chunk,
    DataRequestRepository,
    DataRequestsAcrossDevelopers,
)
from wearable_gateway.data_requests.service import Wanted
from wearable_gateway.db.session import Database
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.unified.records import DataType

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def request_of_acme(callers: Callers, db: Database, now: datetime) -> DataRequest:
    acme = await callers.company("acme")
    user_id = UUID(await callers.connected(acme, "acc-ann"))
    days = DateRange(date(2026, 8, 1), date(2026, 10, 31))
    wanted = Wanted("acme", user_id, DataType.DAILY, days, with_samples=False)
    async with db.transaction() as session:
        connection = await ConnectionRepository(session, "acme").get(user_id)
        return await service.begin(session, wanted, connection, now=now)


async def test_a_request_is_one_workers_until_its_claim_ends(
    db: Database, request_of_acme: DataRequest, now: datetime
) -> None:
    repository = DataRequestRepository(db.autocommit, "acme")
    first = await repository.claim(request_of_acme.id, now=now, until=now + MINUTE)
    assert first is not None
    assert await repository.claim(request_of_acme.id, now=now, until=now + MINUTE) is None
    assert await DataRequestsAcrossDevelopers(db.autocommit).due(now=now) == []
    later = now + 2 * MINUTE
    assert await DataRequestsAcrossDevelopers(db.autocommit).due(now=later) == [("acme", request_of_acme.id)]
    second = await repository.claim(request_of_acme.id, now=later, until=later + MINUTE)
    assert second is not None
    # Whoever was taken for dead finds that it is no longer theirs.
    assert not await repository.hold(first, due_at=later)
    assert await repository.hold(second, due_at=later)


async def test_a_request_that_is_over_is_nobodys(
    db: Database, request_of_acme: DataRequest, now: datetime
) -> None:
    repository = DataRequestRepository(db.autocommit, "acme")
    claimed = await repository.claim(request_of_acme.id, now=now, until=now + MINUTE)
    assert claimed is not None
    await repository.finish(claimed, RequestState.COMPLETED, None, now=now)
    assert not await repository.hold(claimed, due_at=now)
    assert await repository.claim(request_of_acme.id, now=now + MINUTE, until=now + MINUTE) is None
    everyone = DataRequestsAcrossDevelopers(db.autocommit)
    assert await everyone.forget_finished(now) == 0
    assert await everyone.forget_finished(now + MINUTE) == 1
    assert await repository.find(claimed.id) is None


async def test_what_waits_to_be_sent_is_erased_with_the_connection(
    db: Database, request_of_acme: DataRequest, now: datetime
) -> None:
    repository = DataRequestRepository(db.autocommit, "acme")
    (window, *_) = await repository.windows(request_of_acme.id)
    await repository.stage(request_of_acme, window, [Chunk(uuid7(), b"{}", now)])
    assert await db.autocommit.fetchval("SELECT count(*) FROM data_request_chunks") == 1
    await ConnectionRepository(db.autocommit, "acme").remove(request_of_acme.user_id)
    assert await db.autocommit.fetchval("SELECT count(*) FROM data_request_chunks") == 0
    assert await repository.find(request_of_acme.id) is not None
