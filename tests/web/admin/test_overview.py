"""The figures of the first page, for programs."""

from datetime import datetime, timedelta

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.counts import hours
from wearable_gateway.counts.connections import count_connections
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

PATH = "/admin/v1/developers/company-a/overview"


@pytest.mark.parametrize(
    ("span", "parts", "seconds"), [("24h", 24, 3600), ("7d", 28, 21600), ("30d", 30, 86400)]
)
async def test_a_developers_figures_and_those_of_all(  # noqa: PLR0917 - what is asked, and of whom
    a: Caller, b: Caller, admin: httpx.AsyncClient, callers: Callers, span: str, parts: int, seconds: int
) -> None:
    now = utc_now()
    for dev_id, number in ((a.dev_id, 3), (b.dev_id, 2)):
        for _ in range(number):
            await callers.db.autocommit.execute(
                "INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at)"
                " VALUES ($1, $2, 'daily', $2, $2, '', $3)",
                dev_id, uuid7(), now,
            )  # fmt: skip
    later = now + timedelta(seconds=30)
    while await hours.count_next(callers.db, now=later):
        pass
    await count_connections(callers.db, now=later)

    own = (await admin.get(PATH, params={"range": span})).json()
    assert (own["range"], own["step_seconds"], len(own["events"]["daily"])) == (span, seconds, parts)
    assert own["events"]["daily"][-1] == sum(own["events"]["daily"]) == 3
    assert datetime.fromisoformat(own["start"]) + timedelta(seconds=(parts - 1) * seconds) <= now
    assert own["as_of"] is not None
    assert own["deliveries"]["success_rate"] is None
    assert own["backlog"] == {"waiting": 0, "is_more": False, "oldest": None}
    everybody = (await admin.get("/admin/v1/overview", params={"range": span})).json()
    assert set(everybody) == set(own)
    assert sum(everybody["events"]["daily"]) == 5


async def test_what_cannot_be_shown_is_refused(a: Caller, admin: httpx.AsyncClient) -> None:
    refused(await admin.get(PATH, params={"range": "a year"}), 400, "invalid range")
    refused(await admin.get("/admin/v1/developers/nobody/overview"), 404, "developer not found")
    refused(await a.http.get(PATH), 401)
    refused(await a.http.get("/admin/v1/overview"), 401)
