"""What the vendor's calls to us are taken for."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.providers.oura.accounts import APP, NOON
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import NoticeAnswer, NoticeKind, NoticeRequest
from wearable_gateway.providers.oura import PROVIDER
from wearable_gateway.unified.records import DataType

NOW = datetime.fromtimestamp(NOON, UTC)
TOLD = {
    "event_type": "update",
    "data_type": "sleep",
    "object_id": "sleep-1",
    "event_time": "2026-11-21T08:00:00+00:00",
    "user_id": "user-1",
}
BODY = orjson.dumps(TOLD)


def signed(body: bytes = BODY, at: str = str(int(NOON)), secret: str = APP.client_secret) -> dict[str, str]:
    digest = hmac.digest(secret.encode(), at.encode() + body, "sha256").hex().upper()
    return {"x-oura-timestamp": at, "x-oura-signature": digest}


def request(headers: dict[str, str], body: bytes = BODY) -> NoticeRequest:
    return NoticeRequest(headers, body, NOW)


def seconds(**before: float) -> str:
    return str(int((NOW - timedelta(**before)).timestamp()))


@pytest.mark.parametrize(
    "headers",
    [
        signed(),
        {name: value.lower() for name, value in signed().items()},
        signed(at=str(int(NOON * 1000))),
        signed(at=seconds(hours=2)),
        signed(at="2026-11-21T12:00:00Z"),
        signed(at="17945664001794566400"),
    ],
)
def test_what_is_signed_with_the_client_secret_is_the_vendors(headers: dict[str, str]) -> None:
    PROVIDER.verify(request(headers), APP)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        ({"x-oura-timestamp": str(int(NOON))}, BODY),
        (signed(secret="another"), BODY),
        (signed(secret=APP.notice_secret), BODY),
        (signed(), BODY.replace(b"user-1", b"user-2")),
        (signed() | {"x-oura-timestamp": seconds(minutes=1)}, BODY),
        (signed() | {"x-oura-signature": "ÄÖÜ"}, BODY),
        (signed() | {"x-oura-signature": signed()["x-oura-signature"][:-1]}, BODY),
        (signed(at=seconds(days=2)), BODY),
        (signed(at=seconds(hours=-1)), BODY),
    ],
)
def test_anything_else_is_not(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(request(headers, body), APP)


def challenge(method: str = "GET", **query: str) -> NoticeRequest:
    return NoticeRequest({}, b"", NOW, method, query)


def test_the_challenge_is_said_back_to_who_knows_the_token() -> None:
    asked = challenge(verification_token=APP.notice_secret, challenge="8f2a")
    assert PROVIDER.answer(asked, APP) == NoticeAnswer(200, {"challenge": "8f2a"})


@pytest.mark.parametrize(
    "asked",
    [
        challenge(challenge="x"),
        challenge(verification_token="", challenge="x"),
        challenge(verification_token="nö"),
    ],
)
def test_the_challenge_is_said_to_nobody_else(asked: NoticeRequest) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.answer(asked, APP)


def test_a_notice_is_no_challenge() -> None:
    assert PROVIDER.answer(challenge("POST", verification_token=APP.notice_secret), APP) is None


@pytest.mark.parametrize(
    ("event", "data", "kind", "of"),
    [
        ("create", "sleep", NoticeKind.DATA_CHANGED, DataType.SLEEP),
        ("update", "workout", NoticeKind.DATA_CHANGED, DataType.ACTIVITY),
        ("update", "session", NoticeKind.DATA_CHANGED, DataType.ACTIVITY),
        ("delete", "sleep", NoticeKind.DATA_DELETED, DataType.SLEEP),
        ("delete", "session", NoticeKind.DATA_DELETED, DataType.ACTIVITY),
        ("update", "daily_activity", NoticeKind.DATA_CHANGED, DataType.DAILY),
        ("create", "vo2_max", NoticeKind.DATA_CHANGED, DataType.DAILY),
        ("delete", "enhanced_tag", NoticeKind.DATA_CHANGED, DataType.DAILY),
        ("renamed", "daily_spo2", NoticeKind.DATA_CHANGED, DataType.DAILY),
    ],
)
def test_what_a_notice_is_about(event: str, data: str, kind: NoticeKind, of: DataType) -> None:
    (notice,) = PROVIDER.notices(orjson.dumps(TOLD | {"event_type": event, "data_type": data}))
    assert (notice.kind, notice.data_types, notice.account_id) == (kind, (of,), "user-1")
    assert notice.record_keys == (("sleep-1",) if kind is NoticeKind.DATA_DELETED else ())
    assert notice.occurred_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize("data", ["meal", "rest_mode_period", "daily_resilience", "tag", "something_new"])
def test_what_we_do_not_give_on_is_no_notice(data: str) -> None:
    assert PROVIDER.notices(orjson.dumps(TOLD | {"data_type": data})) == []


@pytest.mark.parametrize("changed", [{"user_id": ""}, {"object_id": None}, {"event_time": "yesterday"}])
def test_a_notice_that_names_nobody_or_nothing_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(orjson.dumps(TOLD | changed))


def test_a_repeat_has_the_key_of_the_first_and_everything_else_another() -> None:
    def key(**changed: str) -> str:
        (notice,) = PROVIDER.notices(orjson.dumps(TOLD | changed))
        return notice.key

    others = [
        key(event_type="create"),
        key(data_type="workout"),
        key(object_id="sleep-2"),
        key(event_time="2026-11-21T08:00:01+00:00"),
        key(user_id="user-2"),
    ]
    assert key() == key()
    assert len({key(), *others}) == 6


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_notice_of_no_time_is_refused(at: str) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(orjson.dumps(TOLD | {"event_time": at}))


def test_a_notice_without_an_offset_is_one_all_the_same() -> None:
    (notice,) = PROVIDER.notices(orjson.dumps(TOLD | {"event_time": "2026-11-21T08:00:00"}))
    assert notice.hints["id"] == "sleep-1"
