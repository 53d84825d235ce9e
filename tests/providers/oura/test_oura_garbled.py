"""Whatever the vendor answers or tells, it is read, left out, or a fault that has a name."""

import orjson
import pytest

from tests.providers.garbled import ask_garbled, fetch_garbled, read_garbled
from tests.providers.oura.accounts import APP, DAY, connected, simulated
from tests.providers.oura.test_oura_told import NOW, TOLD
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import Ask, Tokens
from wearable_gateway.providers.oura import PROVIDER
from wearable_gateway.unified.records import DataType


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
async def test_garbled_documents_cost_no_more_than_themselves(kind: DataType) -> None:
    access = (await connected(simulated())).access
    await fetch_garbled(PROVIDER, access, Ask(kind, DAY, DAY, samples=True), seeds=range(40))


async def test_garbled_answers_about_an_account_or_subscriptions_are_faults_with_a_name() -> None:
    access = (await connected(simulated())).access
    asks = (
        lambda odd: PROVIDER.account(odd.client, odd.app, Tokens("a", "r", None, ())),
        lambda odd: PROVIDER.subscribe_app(odd.client, odd.app, "https://gateway.test/notices"),
    )
    await ask_garbled(PROVIDER, access, asks, seeds=range(15))


def test_garbled_notices_are_read_or_refused() -> None:
    whole = NoticeRequest({}, orjson.dumps(TOLD), NOW)
    assert read_garbled(PROVIDER, whole, APP, seeds=range(200))
