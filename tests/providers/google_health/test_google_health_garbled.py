"""Whatever the vendor answers or tells, it is read, left out, or a fault that has a name."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.providers.garbled import ask_garbled, fetch_garbled, read_garbled
from tests.providers.google_health.vendor import civil, simulated
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess, Ask, Tokens
from wearable_gateway.providers.google_health import PROVIDER
from wearable_gateway.unified.records import DataType

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
APP = AppAccess("client", "client-secret", "notice-secret", {})
TOLD = [
    {
        "data": {
            "version": "v4",
            "healthUserId": "1111-2222",
            "operation": "UPSERT",
            "dataType": data_type,
            "intervals": [
                {
                    "physicalTimeInterval": {
                        "startTime": "2026-11-20T06:58:00Z",
                        "endTime": "2026-11-20T14:58:00Z",
                    }
                },
                {
                    "civilDateTimeInterval": {
                        "startDateTime": civil(2026, 11, 20),
                        "endDateTime": civil(2026, 11, 20),
                    }
                },
                {"civilIso8601TimeInterval": "2026-11-20/2026-11-21"},
            ],
        }
    }
    for data_type in ("steps", "sleep")
]


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
async def test_garbled_documents_cost_no_more_than_themselves(kind: DataType) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    async with simulated() as vendor:
        access = await vendor.signed_in("ann")
        await fetch_garbled(PROVIDER, access, Ask(kind, yesterday, yesterday, samples=True), seeds=range(15))


async def test_garbled_answers_about_an_account_or_subscribers_are_faults_with_a_name() -> None:
    asks = (
        lambda odd: PROVIDER.account(odd.client, odd.app, Tokens("a", "r", None, ())),
        lambda odd: PROVIDER.subscribe_app(odd.client, odd.app, "https://gateway.test/notices"),
    )
    async with simulated() as vendor:
        await ask_garbled(PROVIDER, await vendor.signed_in("ann"), asks, seeds=range(10))


def test_garbled_notices_are_read_or_refused() -> None:
    headers = {"authorization": "Bearer notice-secret"}
    whole = NoticeRequest(headers, json.dumps(TOLD).encode(), NOW)
    assert read_garbled(PROVIDER, whole, APP, seeds=range(300))


@pytest.mark.parametrize("days", ["0001-01-01/0001-01-02", "2026-11-20/9999-12-31", "9999-12-31"])
def test_days_that_no_calendar_reaches_beyond_are_none(days: str) -> None:
    told = {"healthUserId": "1", "dataType": "steps", "intervals": [{"civilIso8601TimeInterval": days}]}
    (notice,) = PROVIDER.notices(json.dumps([{"data": told}]).encode())
    assert (notice.start, notice.end) == (None, None)


@pytest.mark.parametrize("given", ["", "Bearer notice-secre\xe9", "notice-secret", "bearer notice-secret"])
def test_an_authorization_that_is_not_ours_is_refused(given: str) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(NoticeRequest({"authorization": given}, b"[]", NOW), APP)
