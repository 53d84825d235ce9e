"""Whatever the vendor answers or tells, it is read, left out, or a fault that has a name."""

import json

import pytest

from tests.providers.garbled import ask_garbled, fetch_garbled, read_garbled
from tests.providers.whoop.accounts import APP, EVERYTHING, NOON, TODAY, connected
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import Ask, Tokens
from wearable_gateway.providers.whoop import PROVIDER
from wearable_gateway.unified.records import DataType

TOLD = {
    "user_id": 10_129,
    "id": "550e8400-e29b-41d4-a716-446655440000",
    "type": "sleep.updated",
    "trace_id": "d3709ee7-104e-4f70-a928-2932964b017b",
}


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
async def test_garbled_documents_cost_no_more_than_themselves(kind: DataType) -> None:
    async with connected() as account:
        await fetch_garbled(PROVIDER, account.access, Ask(kind, TODAY, TODAY, samples=True), seeds=range(100))


@pytest.mark.parametrize("scopes", [EVERYTHING, ("read:cycles",)])
async def test_garbled_answers_about_an_account_are_faults_with_a_name(scopes: tuple[str, ...]) -> None:
    tokens = Tokens("a", "r", None, scopes)
    asks = (lambda odd: PROVIDER.account(odd.client, odd.app, tokens),)
    async with connected() as account:
        await ask_garbled(PROVIDER, account.access, asks, seeds=range(100))


def test_garbled_notices_are_read_or_refused() -> None:
    whole = NoticeRequest({}, json.dumps(TOLD).encode(), NOON)
    assert read_garbled(PROVIDER, whole, APP, seeds=range(200))
