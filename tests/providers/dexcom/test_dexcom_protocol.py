"""Dexcom's ways: an account id by a call, windows of device time, what is taken back, and no word of anything."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.alone import Alone, answering
from wearable_gateway.errors import (
    ConsentRefusedError,
    GrantRevokedError,
    NoticeRefusedError,
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import Access, Ask
from wearable_gateway.providers.dexcom import PROVIDER
from wearable_gateway.unified.records import DataType

DATA = "/v3/users/self"
A_DAY = 24 * 60 // 5


def ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


async def fetched(access: Access, kind: DataType, first: date, last: date) -> Sequence[Mapping[str, Any]]:
    return await PROVIDER.fetch(access, Ask(kind, first, last, samples=True))


def a_body(document: Mapping[str, Any]) -> dict[str, Any]:
    record = PROVIDER.normalise(DataType.BODY, document)
    assert record is not None
    return record.body


async def test_the_account_is_asked_for_and_is_the_same_at_each_consent(dexcom: Alone) -> None:
    async with dexcom.linked("ann") as first, dexcom.linked("ann") as second, dexcom.linked("bob") as other:
        assert first.access.account_id == second.access.account_id != other.access.account_id


async def test_of_the_token_answer_nothing_is_kept_that_nobody_needs(dexcom: Alone) -> None:
    tokens = await dexcom.tokens("ann")
    assert tokens.extra == {}
    assert tokens.refresh is not None


async def test_a_refresh_token_is_good_once(dexcom: Alone) -> None:
    tokens = await dexcom.tokens("ann")
    fresh = await dexcom.flow.refresh(tokens)
    assert fresh.refresh != tokens.refresh
    with pytest.raises(GrantRevokedError):
        await dexcom.flow.refresh(tokens)


async def test_a_long_range_is_asked_for_in_windows_and_each_day_comes_whole(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        documents = await fetched(ann.access, DataType.BODY, ago(32), ago(1))
    assert [document["date"] for document in documents] == [str(ago(back)) for back in range(32, 0, -1)]
    assert {len(document["egvs"]) for document in documents} == {A_DAY}
    assert dexcom.vendor.frame.calls[f"GET {DATA}/egvs"] == 2


async def test_phone_and_receiver_tell_the_same_offset(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        documents = await fetched(ann.access, DataType.BODY, ago(2), ago(1))
    shown = {str(document["egvs"][0]["displayTime"])[19:] for document in documents}
    assert shown == {"+01:00", ""}
    for document in documents:
        body = a_body(document)
        samples = body["glucose_data"]["detailed_blood_glucose_samples"]
        assert body["metadata"]["start_time"] == f"{document['date']}T00:00:00.000000+01:00"
        assert samples[0]["timestamp"] == f"{document['date']}T00:00:00.000000+01:00"
        assert samples[-1]["timestamp"] == f"{document['date']}T23:55:00.000000+01:00"


async def test_a_meal_that_is_taken_back_leaves_an_empty_day(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        await dexcom.vendor.delete(dexcom.vendor.person("ann"), "nutrition", ago(1))
        taken_back, eaten = await fetched(ann.access, DataType.NUTRITION, ago(1), ago(0))
    record = PROVIDER.normalise(DataType.NUTRITION, taken_back)
    assert record is not None
    assert (record.body["meals"], record.body["summary"]["macros"]["carbohydrates_g"]) == ([], 0)
    record = PROVIDER.normalise(DataType.NUTRITION, eaten)
    assert record is not None
    assert len(record.body["meals"]) == 1


async def test_what_people_write_down_is_not_handed_on(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        (body,) = await fetched(ann.access, DataType.BODY, ago(1), ago(1))
        (meals,) = await fetched(ann.access, DataType.NUTRITION, ago(1), ago(1))
    assert {event["eventType"] for event in body["events"]} == {"insulin"}
    assert {event["eventType"] for event in meals["events"]} == {"carbs"}


async def test_the_person_is_known_by_their_id_and_devices(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        (document,) = await fetched(ann.access, DataType.ATHLETE, ago(0), ago(0))
        record = PROVIDER.normalise(DataType.ATHLETE, document)
    assert record is not None
    assert record.body["provider_user_id"] == ann.access.account_id
    assert record.body["devices"][0]["name"] == "Dexcom G7"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-01T00:00:00", "2026-01-31T00:00:01"),
        ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("2026-01-02T00:00:00", "2026-01-01T00:00:00"),
        ("soon", "later"),
    ],
)
async def test_the_simulated_vendor_takes_thirty_days_without_an_offset(
    dexcom: Alone, first: str, last: str
) -> None:
    async with dexcom.linked() as ann:
        answer = await ann.access.client.get(f"{DATA}/egvs", params={"startDate": first, "endDate": last})
    assert answer.status_code == 400


# --- signals and outcomes ---


async def test_an_access_token_that_ended_is_refreshed_unseen(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        dexcom.vendor.book.tokens[ann.held.tokens.access].ends = 0
        await PROVIDER.probe(ann.access)
        assert ann.held.refreshed == 1


async def test_a_grant_that_was_revoked_dies_by_its_refresh(dexcom: Alone) -> None:
    async with dexcom.linked() as ann:
        dexcom.vendor.withdraw(dexcom.vendor.person("ann"))
        with pytest.raises(GrantRevokedError):
            await PROVIDER.probe(ann.access)


async def test_a_code_that_is_none_refuses_the_consent(dexcom: Alone) -> None:
    with pytest.raises(ConsentRefusedError):
        await dexcom.flow.exchange(code="US_no.code", redirect_uri="http://127.0.0.1/callback", verifier="v")


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (400, {}, ProviderRejectedError),
        (403, {}, ProviderRefusedError),
        (404, {}, ProviderRejectedError),
        (429, {"retry-after": "60"}, ProviderLimitError),
        (500, {}, ProviderUnavailableError),
        (503, {}, ProviderUnavailableError),
    ],
)
async def test_each_refusal_has_its_outcome(
    status: int, headers: dict[str, str], outcome: type[ProviderError]
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, json={}))
    async with answering(PROVIDER, transport) as access:
        with pytest.raises(outcome) as raised:
            await fetched(access, DataType.BODY, ago(1), ago(0))
    assert type(raised.value) is outcome


@pytest.mark.parametrize("answer", [[], {}, {"records": None}, {"records": {}}, None, 5])
async def test_an_answer_without_records_is_no_empty_day(answer: Any) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with answering(PROVIDER, transport) as access:
        for kind in (DataType.BODY, DataType.NUTRITION):
            with pytest.raises(ProviderUnavailableError):
                await fetched(access, kind, ago(1), ago(0))


async def test_records_that_are_none_or_have_no_day_are_left_out() -> None:
    records = [None, 7, {}, {"displayTime": 5}, {"displayTime": f"{ago(0)}T00:00:00", "eventType": "carbs"}]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"records": records}))
    async with answering(PROVIDER, transport) as access:
        (day,) = await fetched(access, DataType.NUTRITION, ago(1), ago(0))
    assert day == {"date": str(ago(0)), "events": [records[-1]]}


def test_nobody_can_speak_for_a_vendor_that_says_nothing(dexcom: Alone) -> None:
    request = NoticeRequest({}, b"{}", datetime.now(UTC))
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(request, dexcom.app)
    assert PROVIDER.notices(b"{}") == ()
