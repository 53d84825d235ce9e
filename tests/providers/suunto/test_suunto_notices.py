"""Suunto's notices: who may send them, what they say, and which of them say the same."""

import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fakes.alone import Alone
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.suunto import PROVIDER
from wearable_gateway.unified.records import DataType

APP = AppAccess("client", "secret", "notice-secret", {}, {"notification_secret": "told in the portal"})
WORKOUT = {
    "workoutKey": "65f2b1c8d4e5f60718293a4b",
    "startTime": 1_773_531_000_000,  # 2026-03-14T23:30:00Z
    "totalTime": 60.0,
    "timeOffsetInMinutes": 120,
}


def body(kind: str, **more: Any) -> bytes:
    return json.dumps({"type": kind, "username": "ann", **more}).encode()


def rows(*times: str) -> list[dict[str, Any]]:
    return [{"timestamp": time, "entryData": {}} for time in times]


def signed(content: bytes, secret: str = "told in the portal") -> NoticeRequest:
    signature = hmac.digest(secret.encode(), content, "sha256").hex()
    return NoticeRequest({"x-hmac-sha256-signature": signature}, content, datetime.now(UTC))


def test_what_the_vendor_signed_is_believed() -> None:
    PROVIDER.verify(signed(b"{}"), APP)


@pytest.mark.parametrize(
    "request_",
    [
        signed(b"{}", "guessed"),
        signed(b"{}", "notice-secret"),
        NoticeRequest(signed(b"{}").headers, b"{} ", datetime.now(UTC)),
        NoticeRequest({"x-hmac-sha256-signature": "é"}, b"{}", datetime.now(UTC)),
        NoticeRequest({}, b"{}", datetime.now(UTC)),
    ],
)
def test_what_anybody_else_sends_is_refused(request_: NoticeRequest) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(request_, APP)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(signed(b"{}", ""), AppAccess("client", "secret", "notice-secret", {}))


def test_a_workout_is_told_of_with_its_key_its_local_day_and_its_watch() -> None:
    gear = {"manufacturer": "Suunto", "name": "Suunto Race"}
    (notice,) = PROVIDER.notices(body("WORKOUT_CREATED", workout=WORKOUT, gear=gear))
    assert (notice.account_id, notice.data_types) == ("ann", (DataType.ACTIVITY,))
    assert (notice.start, notice.end) == (date(2026, 3, 15), date(2026, 3, 15))
    assert notice.hints == {"workout": WORKOUT["workoutKey"], "gear": gear}


@pytest.mark.parametrize(
    ("kind", "data_type", "last"),
    [
        ("SUUNTO_247_ACTIVITY_CREATED", DataType.DAILY, date(2026, 3, 15)),
        ("SUUNTO_247_RECOVERY_CREATED", DataType.DAILY, date(2026, 3, 15)),
        ("SUUNTO_247_SLEEP_CREATED", DataType.SLEEP, date(2026, 3, 16)),
    ],
)
def test_rows_are_told_of_by_the_local_days_they_touch(kind: str, data_type: DataType, last: date) -> None:
    samples = rows("2026-03-15T01:00:00.000+03:00", "2026-03-13T23:00:00.000-08:00")
    (notice,) = PROVIDER.notices(body(kind, samples=samples))
    assert (notice.data_types, notice.start, notice.end) == ((data_type,), date(2026, 3, 13), last)


@pytest.mark.parametrize(
    "content",
    [
        body("ROUTE_CREATED", route={}),
        body("SOMETHING_NEW"),
        body("WORKOUT_CREATED"),
        body("WORKOUT_CREATED", workout={"activityId": 1}),
        body("SUUNTO_247_SLEEP_CREATED", samples=[]),
        body("SUUNTO_247_SLEEP_CREATED", samples=[{"timestamp": "now"}, 5]),
    ],
)
def test_what_says_nothing_of_use_is_taken_and_left(content: bytes) -> None:
    assert list(PROVIDER.notices(content)) == []


@pytest.mark.parametrize(
    "content", [b"", b"username=ann&workoutid=1", b"[]", b"{}", b'{"type":"X","username":""}']
)
def test_what_is_no_notice_is_refused(content: bytes) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(content)


def test_a_surprising_value_costs_no_notice() -> None:
    workout = {**WORKOUT, "stepCount": "many", "hrdata": 5, "maxSpeed": -1}
    (notice,) = PROVIDER.notices(body("WORKOUT_CREATED", workout=workout, gear="a watch"))
    assert notice.hints == {"workout": WORKOUT["workoutKey"], "gear": None}


def test_a_repeat_has_the_same_key_and_a_revision_of_the_same_sleep_another() -> None:
    draft, final = (
        body(
            "SUUNTO_247_SLEEP_CREATED",
            samples=[{"timestamp": "2026-03-14T22:00:00+02:00", "entryData": {"SleepId": 7, "Duration": s}}],
        )
        for s in (3600, 27_000)
    )
    keys = [PROVIDER.notices(content)[0].key for content in (draft, draft, final)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("kind", ["activity", "sleep", "daily"])
async def test_what_the_simulated_vendor_sends_is_believed_and_understood(suunto: Alone, kind: str) -> None:
    async with suunto.linked("ann") as ann:
        await suunto.vendor.changed(suunto.vendor.person("ann"), kind, suunto.vendor.today())
        sent = suunto.vendor.sender.sent[-1]
        PROVIDER.verify(NoticeRequest(sent.headers(sent.body), sent.body, datetime.now(UTC)), suunto.app)
        (notice,) = PROVIDER.notices(sent.body)
        documents = await PROVIDER.fetch_noticed(ann.access, notice, [DataType(kind)])
    assert notice.account_id == ann.access.account_id
    # A sleep is asked for on either side of midnight: where it ends is not said.
    assert len(documents[DataType(kind)]) == (2 if kind == "sleep" else 1)
