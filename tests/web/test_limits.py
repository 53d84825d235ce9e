"""Too many requests: what the caller reads, and what a flood costs."""

from datetime import UTC, datetime

import pytest

from tests.web.callers import Caller, refused
from wearable_gateway.db.session import Database
from wearable_gateway.developers.settings_repository import change_settings


@pytest.fixture
async def limited(a: Caller, db: Database) -> Caller:
    async with db.transaction() as session:
        await change_settings(session, a.dev_id, {"requests_per_minute": 3}, actor="test:limits")
    # A test that began in the last moments of a minute would see two of them.
    moment = datetime.now(UTC).replace(second=0, microsecond=0)
    await db.autocommit.execute(
        "INSERT INTO request_counts (dev_id, minute, taken)"
        " SELECT $1, $2::timestamptz + n * interval '1 minute', 3 FROM generate_series(1, 2) n",
        a.dev_id,
        moment,
    )
    return a


async def _until_refused(caller: Caller) -> int:
    for count in range(10):
        answer = await caller.http.get("/v2/subscriptions")
        if answer.status_code != 200:
            return count
    return 10


async def test_a_refusal_names_the_rule_and_when_to_come_back(limited: Caller) -> None:
    assert await _until_refused(limited) <= 3
    answer = await limited.http.get("/v2/subscriptions")
    body = refused(answer, 429)
    assert body["detail"] == "rate limit exceeded"
    assert body["title"] == "too many requests"
    assert answer.headers["x-terra-ratelimit-rule"] == "requests"
    assert 1 <= int(answer.headers["retry-after"]) <= 60


async def test_every_route_with_a_key_counts(limited: Caller) -> None:
    await _until_refused(limited)
    refused(await limited.http.post("/v2/auth/authenticateUser", params={"resource": "SANDBOX"}), 429)
    refused(await limited.http.post("/v2/auth/generateAuthToken"), 429)
    refused(await limited.http.post("/api/widget/session"), 429)
    assert (await limited.http.get("/v2/integrations")).status_code == 200


async def test_a_flood_asks_the_database_for_no_more_permits(limited: Caller, db: Database) -> None:
    await _until_refused(limited)
    await db.autocommit.execute("ALTER TABLE request_counts RENAME TO elsewhere")
    for _ in range(5):
        refused(await limited.http.get("/v2/subscriptions"), 429)


async def test_a_wrong_key_uses_up_nobodys_permits(limited: Caller, b: Caller) -> None:
    for _ in range(5):
        answer = await b.http.get("/v2/subscriptions", headers={"dev-id": limited.dev_id})
        refused(answer, 401)
    assert (await b.http.get("/v2/subscriptions")).status_code == 200


async def test_one_developers_flood_leaves_the_others_alone(limited: Caller, b: Caller) -> None:
    await _until_refused(limited)
    for _ in range(5):
        assert (await b.http.get("/v2/subscriptions")).status_code == 200
