"""WHOOP: what it tells us, and what is fetched for it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wearable_gateway.errors import NoticeRefusedError, ProviderRejectedError
from wearable_gateway.providers._base.notices import NoticeKind, NoticeRequest
from wearable_gateway.providers.whoop import PROVIDER
from wearable_gateway.unified.records import DataType

from .accounts import APP, TODAY, Account

DAY = TODAY.isoformat()
ID = "5b1f6f0e-7b0a-4f3a-9c2e-2f6d7a1c0001"
# Signed by hand with `openssl dgst -sha256 -hmac client-secret -binary | base64`.
SENT_AT = datetime(2026, 11, 21, 17, 0, 0, 250_000, tzinfo=UTC)
BODY = b'{"user_id":10129,"id":"5b1f6f0e-7b0a-4f3a-9c2e-2f6d7a1c0001","type":"sleep.updated","trace_id":"t1"}'
STAMP, SIGNATURE = "1795280400250", "Mlbona/1VVdTHhs39VdsvhRidM9OmuF8Mr6v9u5U1+E="


def request(body: bytes = BODY, at: datetime = SENT_AT, **headers: str) -> NoticeRequest:
    signed = {"x-whoop-signature": SIGNATURE, "x-whoop-signature-timestamp": STAMP}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return NoticeRequest(signed | named, body, at)


def body_of(kind: str, item: Any = ID, **more: Any) -> bytes:
    return json.dumps({"user_id": 10129, "id": item, "type": kind, "trace_id": "t1"} | more).encode()


def test_a_notice_signed_by_the_vendor_is_taken() -> None:
    PROVIDER.verify(request(), APP)


@pytest.mark.parametrize("late", [timedelta(minutes=-5), timedelta(minutes=5)])
def test_five_minutes_of_difference_are_borne(late: timedelta) -> None:
    PROVIDER.verify(request(at=SENT_AT + late), APP)


@pytest.mark.parametrize(
    "forged",
    [
        request(body=BODY + b" "),
        request(body=BODY.replace(b"10129", b"10130")),
        request(x_whoop_signature=""),
        request(x_whoop_signature=SIGNATURE.lower()),
        request(x_whoop_signature="é"),
        request(x_whoop_signature_timestamp="1795280400251"),
        request(x_whoop_signature_timestamp="1795280400.25"),
        request(x_whoop_signature_timestamp="9" * 40),
        request(x_whoop_signature_timestamp=""),
        request(x_whoop_signature_timestamp="now"),
        request(at=SENT_AT + timedelta(minutes=5, seconds=1)),
        request(at=SENT_AT - timedelta(minutes=5, seconds=1)),
    ],
)
def test_a_notice_that_is_forged_or_stale_is_refused(forged: NoticeRequest) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(forged, APP)


def test_another_apps_secret_proves_nothing() -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(request(), replace(APP, client_secret="another"))


@pytest.mark.parametrize(
    ("kind", "meant", "types", "keys"),
    [
        ("workout.updated", NoticeKind.DATA_CHANGED, {DataType.ACTIVITY}, ()),
        ("sleep.updated", NoticeKind.DATA_CHANGED, {DataType.SLEEP}, ()),
        (
            "recovery.updated",
            NoticeKind.DATA_CHANGED,
            {DataType.DAILY, DataType.SLEEP, DataType.BODY},
            (),
        ),
        ("workout.deleted", NoticeKind.DATA_DELETED, {DataType.ACTIVITY}, (ID,)),
        ("sleep.deleted", NoticeKind.DATA_DELETED, {DataType.SLEEP}, (ID,)),
    ],
)
def test_what_a_notice_means(
    kind: str, meant: NoticeKind, types: set[DataType], keys: tuple[str, ...]
) -> None:
    (notice,) = PROVIDER.notices(body_of(kind))
    assert notice.kind is meant
    assert notice.account_id == "10129"
    assert set(notice.data_types) == types
    assert notice.record_keys == keys


@pytest.mark.parametrize(
    "body",
    [
        # The day stays, and its record has no word for a recovery that is no more.
        body_of("recovery.deleted"),
        body_of("workout.deleted", 1043),
        body_of("journal.updated"),
        body_of(""),
    ],
)
def test_what_says_nothing_to_us_is_taken_and_forgotten(body: bytes) -> None:
    assert PROVIDER.notices(body) == []


@pytest.mark.parametrize("missing", ["user_id", "id", "type", "trace_id"])
def test_a_notice_without_what_makes_it_one_is_refused(missing: str) -> None:
    told = {name: value for name, value in json.loads(BODY).items() if name != missing}
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(json.dumps(told).encode())


def test_a_repeat_has_the_key_of_the_first_and_nothing_else_has() -> None:
    bodies = [
        body_of("sleep.updated"),
        body_of("sleep.updated", trace_id="t2"),
        body_of("recovery.updated"),
        body_of("sleep.updated", "5b1f6f0e-7b0a-4f3a-9c2e-2f6d7a1c0002"),
    ]
    keys = [notice.key for body in bodies for notice in PROVIDER.notices(body)]
    assert len(set(keys)) == len(bodies)
    assert PROVIDER.notices(bodies[0])[0].key == keys[0]


async def test_the_simulated_vendor_signs_as_the_vendor_does(account: Account) -> None:
    await account.order("push", account="ada", kind="activity", date=DAY)
    (sent,) = account.vendor.sender.sent
    now = datetime.fromtimestamp(account.vendor.clock(), UTC)
    PROVIDER.verify(NoticeRequest(sent.headers(sent.body), sent.body, now), APP)


@pytest.mark.parametrize(
    ("kind", "told", "group", "field"),
    [("activity", "workout", "strain_data", "strain_level"), ("sleep", "sleep", "scores", "sleep")],
)
async def test_what_is_new_comes_first_without_its_score_and_then_with_it(
    account: Account, kind: str, told: str, group: str, field: str
) -> None:
    await account.order("push", account="ada", kind=kind, date=DAY)
    (first,) = account.notices()
    ((unscored,),) = (await account.read_noticed(first)).values()
    second = account.notices()[1]
    ((scored,),) = (await account.read_noticed(second)).values()
    assert second.hints["type"] == f"{told}.updated"
    assert second.key != first.key
    assert unscored.key == scored.key == first.hints["id"]
    assert unscored.body[group][field] is None
    assert scored.body[group][field] > 0


async def test_a_recovery_is_found_by_way_of_its_sleep_and_its_cycle(account: Account) -> None:
    await account.order("push", account="ada", kind="daily", date=DAY)
    (notice,) = account.notices()
    found = await account.read_noticed(notice)
    ((day,), (night,), (body,)) = (found[kind] for kind in (DataType.DAILY, DataType.SLEEP, DataType.BODY))
    assert (day.day, night.day, body.day) == (TODAY, TODAY, TODAY)
    assert day.body["scores"]["recovery"] == night.body["readiness_data"]["readiness"]
    assert day.body["strain_data"]["strain_level"] > 0
    assert len(body.body["temperature_data"]["skin_temperature_samples"]) == 1
    assert Counter(await account.calls()) == {
        "GET /developer/v2/activity/sleep/{id}": 1,
        "GET /developer/v2/cycle/{id}/recovery": 1,
        "GET /developer/v2/cycle/{id}": 1,
    }


async def test_only_what_somebody_may_have_is_fetched(account: Account) -> None:
    await account.order("push", account="ada", kind="daily", date=DAY)
    (notice,) = account.notices()
    assert set(await account.read_noticed(notice, DataType.SLEEP)) == {DataType.SLEEP}
    # Whoever may not read sleeps is given the days they may read.
    narrow = account.with_scopes("read:cycles", "read:recovery")
    found = await narrow.read_noticed(notice, DataType.DAILY)
    assert [record.day for record in found[DataType.DAILY]] == [TODAY]
    before = await account.calls()
    assert await account.with_scopes("read:cycles", "read:sleep").read_noticed(notice) == {}
    assert await account.calls() == before


@pytest.mark.parametrize("kind", ["activity", "sleep", "daily"])
async def test_what_is_gone_before_it_is_fetched_is_nothing(account: Account, kind: str) -> None:
    await account.order("push", account="ada", kind=kind, date=DAY)
    (changed,) = account.notices()
    await account.order("delete", account="ada", kind=kind, date=DAY)
    assert await account.read_noticed(changed) == {}


@pytest.mark.parametrize(("kind", "type_"), [("activity", DataType.ACTIVITY), ("sleep", DataType.SLEEP)])
async def test_what_was_deleted_is_named_as_it_was_kept(account: Account, kind: str, type_: DataType) -> None:
    (record,) = await account.read(type_)
    await account.order("delete", account="ada", kind=kind, date=DAY)
    (deleted,) = account.notices()
    assert deleted.kind is NoticeKind.DATA_DELETED
    assert deleted.record_keys == (record.key,)
    assert deleted.data_types == (type_,)
    assert await account.read(type_) == []


async def test_a_night_whose_sleep_was_deleted_has_no_recovery(account: Account) -> None:
    await account.order("delete", account="ada", kind="sleep", date=DAY)
    (day,) = await account.read(DataType.DAILY)
    assert day.body["scores"]["recovery"] is None
    assert day.body["strain_data"]["strain_level"] > 0


async def test_a_notice_of_the_first_version_has_the_last_days_looked_through(account: Account) -> None:
    (notice,) = PROVIDER.notices(body_of("workout.updated", 1043, user_id=int(account.access.account_id)))
    found = await account.read_noticed(notice)
    assert [record.day for record in found[DataType.ACTIVITY]] == [TODAY]


async def test_a_vendor_that_cannot_read_the_question_is_not_taken_for_one_without_the_thing(
    account: Account,
) -> None:
    await account.order("push", account="ada", kind="activity", date=DAY)
    await account.order("fail", path="/developer", status=400)
    with pytest.raises(ProviderRejectedError):
        await account.read_noticed(account.notices()[0])
