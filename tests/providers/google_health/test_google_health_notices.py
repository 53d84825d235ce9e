"""What Google says to us, whether it is Google, and what it means."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.providers.google_health.vendor import civil
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import NoticeKind, NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.google_health import PROVIDER
from wearable_gateway.simulators.google_health.signing import NoticeKey
from wearable_gateway.unified.records import DataType

KEY = NoticeKey()
APP = AppAccess("client", "secret", "notice-secret", {}, {"keyset": json.dumps(KEY.keyset())})
SECRET = "Bearer notice-secret"
KNOCK = b'{"type": "verification"}'
NOTICE = b'[{"data":{"healthUserId":"u","operation":"UPSERT","dataType":"steps"}}]'
ISO = {"civilIso8601TimeInterval": {"startTime": "2026-11-19T17:29:00", "endTime": "2026-11-20T01:34:00"}}


def came(body: bytes, **headers: str) -> NoticeRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return NoticeRequest(named, body, datetime.now(UTC))


def change(data_type: str = "steps", **more: Any) -> dict[str, Any]:
    return {"data": {"healthUserId": "u", "operation": "UPSERT", "dataType": data_type, **more}}


def body(*envelopes: Mapping[str, Any]) -> bytes:
    return json.dumps(list(envelopes)).encode()


def test_a_knock_with_the_secret_is_answered_201() -> None:
    answer = PROVIDER.answer(came(KNOCK, authorization=SECRET), APP)

    assert answer is not None
    assert (answer.status, answer.body) == (201, None)


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer other"}, {"authorization": "notice-secret"}]
)
def test_a_knock_without_the_secret_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.answer(came(KNOCK, **headers), APP)


@pytest.mark.parametrize("sent", [NOTICE, b"", b"[]", b'{"type":"other"}', b"\xff"])
def test_what_is_no_knock_is_not_answered_as_one(sent: bytes) -> None:
    assert PROVIDER.answer(came(sent, authorization=SECRET), APP) is None


@pytest.mark.parametrize("header", ["google_health_api_signature", "x_healthapi_signature"])
def test_a_signature_is_taken_under_both_of_its_names(header: str) -> None:
    PROVIDER.verify(came(NOTICE, authorization=SECRET, **{header: KEY.sign(NOTICE)}), APP)


@pytest.mark.parametrize("header", ["google_health_api_signature", "x_healthapi_signature"])
def test_a_body_that_a_known_key_did_not_sign_is_refused(header: str) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(came(NOTICE, authorization=SECRET, **{header: KEY.sign(NOTICE + b" ")}), APP)


@pytest.mark.parametrize(
    "signature",
    [None, pytest.param(NoticeKey(7).sign(NOTICE), id="another key's"), "", "no base64!", "AQ==", "AAAAAAA="],
)
def test_a_signature_that_says_nothing_leaves_it_to_the_secret(signature: str | None) -> None:
    signed = {} if signature is None else {"google_health_api_signature": signature}

    PROVIDER.verify(came(NOTICE, authorization=SECRET, **signed), APP)
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(came(NOTICE, **signed), APP)


@pytest.mark.parametrize("keyset", ["", "{}", "no json", '{"key":[{"keyId":1}]}', '{"key":"x"}'])
def test_a_keyset_that_cannot_be_read_leaves_it_to_the_secret(keyset: str) -> None:
    signed = {"google_health_api_signature": KEY.sign(NOTICE + b" ")}

    PROVIDER.verify(came(NOTICE, authorization=SECRET, **signed), replace(APP, extra={"keyset": keyset}))


def test_a_key_that_is_no_longer_in_use_says_nothing() -> None:
    keyset = KEY.keyset()
    keyset["key"][0]["status"] = "DISABLED"
    signed = {"google_health_api_signature": KEY.sign(b"other")}

    PROVIDER.verify(
        came(NOTICE, authorization=SECRET, **signed), replace(APP, extra={"keyset": json.dumps(keyset)})
    )


def test_nobody_is_believed_while_there_is_no_secret() -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(came(NOTICE, authorization="Bearer "), replace(APP, notice_secret=""))


@pytest.mark.parametrize(
    ("data_type", "kinds"),
    [
        ("steps", {DataType.DAILY}),
        ("heart-rate", {DataType.DAILY}),
        ("sleep", {DataType.SLEEP}),
        ("exercise", {DataType.ACTIVITY}),
        ("weight", {DataType.BODY}),
        ("daily-oxygen-saturation", {DataType.DAILY, DataType.SLEEP}),
        ("daily-respiratory-rate", {DataType.SLEEP}),
        ("nutrition-log", set()),
        ("levitation", set()),
    ],
)
def test_a_data_type_concerns_the_records_it_is_read_for(data_type: str, kinds: set[DataType]) -> None:
    found = PROVIDER.notices(body(change(data_type, intervals=[ISO])))

    assert {kind for notice in found for kind in notice.data_types} == kinds
    assert {notice.account_id for notice in found} <= {"u"}


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        (ISO, (date(2026, 11, 19), date(2026, 11, 20))),
        ({"civilIso8601TimeInterval": "2026-08-13/2026-08-14"}, (date(2026, 8, 13), date(2026, 8, 14))),
        (
            {"civilIso8601TimeInterval": {"startTime": "2026-11-19T17:29:00"}},
            (date(2026, 11, 19), date(2026, 11, 19)),
        ),
        (
            {
                "civilDateTimeInterval": {
                    "startDateTime": civil(2026, 11, 18),
                    "endDateTime": civil(2026, 11, 19),
                }
            },
            (date(2026, 11, 18), date(2026, 11, 19)),
        ),
        (
            {
                "physicalTimeInterval": {
                    "startTime": "2026-11-19T23:00:00Z",
                    "endTime": "2026-11-20T01:00:00Z",
                }
            },
            (date(2026, 11, 18), date(2026, 11, 21)),
        ),
        ({"civilIso8601TimeInterval": "soon"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_each_form_of_an_interval_tells_the_days(
    interval: dict[str, Any], days: tuple[date | None, date | None]
) -> None:
    (notice,) = PROVIDER.notices(body(change(intervals=[interval])))

    assert (notice.start, notice.end) == days


def test_a_batch_becomes_one_notice_for_each_account_record_and_stretch_of_days() -> None:
    others = change("distance", intervals=[ISO]), change("weight", intervals=[ISO])
    of_another = {"data": {**change(intervals=[ISO])["data"], "healthUserId": "v"}}

    found = PROVIDER.notices(body(change(intervals=[ISO]), *others, of_another, {"data": "?"}, {}))

    assert [(notice.account_id, notice.data_types) for notice in found] == [
        ("u", (DataType.DAILY,)),
        ("u", (DataType.BODY,)),
        ("v", (DataType.DAILY,)),
    ]


def test_a_single_envelope_is_a_notice_as_well() -> None:
    (notice,) = PROVIDER.notices(json.dumps(change(intervals=[ISO])).encode())

    assert notice.kind is NoticeKind.DATA_CHANGED


def test_a_long_stretch_is_told_in_weeks() -> None:
    found = PROVIDER.notices(body(change(intervals=[{"civilIso8601TimeInterval": "2026-11-01/2026-11-20"}])))

    assert [(notice.start, notice.end) for notice in found] == [
        (date(2026, 11, 14), date(2026, 11, 20)),
        (date(2026, 11, 7), date(2026, 11, 13)),
        (date(2026, 11, 1), date(2026, 11, 6)),
    ]


def test_a_stretch_without_end_is_told_for_a_year() -> None:
    assert (
        len(PROVIDER.notices(body(change(intervals=[{"civilIso8601TimeInterval": "1970-01-01/2026-11-20"}]))))
        == 53
    )


def keys(request: NoticeRequest) -> list[str]:
    return [notice.key for notice in PROVIDER.notices_in(request)]


def test_what_is_signed_anew_is_news_and_what_comes_with_the_same_signature_a_repeat() -> None:
    sent = body(change(intervals=[ISO]), change("weight", intervals=[ISO]))
    once, anew = (came(sent, google_health_api_signature=KEY.sign(sent)) for _ in range(2))

    assert len(set(keys(once))) == 2
    assert keys(once) == keys(replace(once, received_at=datetime.now(UTC)))
    assert not set(keys(once)) & set(keys(anew))


def test_what_is_not_signed_is_always_news() -> None:
    sent = body(change(intervals=[ISO]))

    assert keys(came(sent)) != keys(came(sent))


@pytest.mark.parametrize("record", ["abc", "users/u/dataTypes/sleep/dataPoints/abc"])
def test_a_deleted_session_is_named(record: str) -> None:
    sent = body(change("sleep", operation="DELETE", recordId=record, intervals=[ISO]))

    (notice,) = PROVIDER.notices(sent)

    assert notice.kind is NoticeKind.DATA_DELETED
    assert (notice.data_types, notice.record_keys) == ((DataType.SLEEP,), ("abc",))


@pytest.mark.parametrize(
    "gone", [change("sleep", operation="DELETE"), change("steps", operation="DELETE", recordId="x")]
)
def test_what_is_deleted_without_a_record_of_its_own_is_read_again(gone: dict[str, Any]) -> None:
    (notice,) = PROVIDER.notices(body(gone))

    assert notice.kind is NoticeKind.DATA_CHANGED
    assert notice.record_keys == ()
