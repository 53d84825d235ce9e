"""What the vendor tells, and when it is believed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.garmin import PROVIDER, Garmin
from wearable_gateway.unified.records import DataType

NOW = datetime(2026, 11, 20, 12, 30, 5, tzinfo=UTC)
APP = AppAccess("client-1", "secret", "notice-secret", {})
DAY = {"calendarDate": "2026-11-20", "startTimeInSeconds": 1_795_154_400, "startTimeOffsetInSeconds": -21_600}


def told(body: Any, at: datetime = NOW) -> list[Notice]:
    return list(Garmin(lambda: at).notices(json.dumps(body).encode()))


def request(headers: dict[str, str]) -> NoticeRequest:
    return NoticeRequest(headers, b"{}", NOW)


def test_summaries_of_several_users_and_kinds_in_one_body_are_one_notice_per_user() -> None:
    found = told(
        {
            "dailies": [{"userId": "ada", **DAY}, {"userId": "bo", **DAY}],
            "stressDetails": [{"userId": "ada", **DAY}],
            "sleeps": [
                {"userId": "bo", "summaryId": "x1", **DAY, "naps": [{"napStartTimeInSeconds": 1_795_200_000}]}
            ],
        }
    )
    assert [notice.account_id for notice in found] == ["ada", "bo"]
    assert {notice.kind for notice in found} == {NoticeKind.DATA_CHANGED}
    assert [item["document"] for item in found[0].documents[DataType.DAILY]] == ["dailies", "stressDetails"]
    assert found[1].data_types == (DataType.DAILY, DataType.SLEEP)
    assert [item["document"] for item in found[1].documents[DataType.SLEEP]] == ["sleeps", "nap"]


def test_details_of_activities_come_one_by_one() -> None:
    details = [{"userId": "ada", "summaryId": f"{number}-detail"} for number in range(3)]
    found = told({"activityDetails": details, "activities": [{"userId": "ada", "summaryId": "1"}]})
    assert [len(notice.documents[DataType.ACTIVITY]) for notice in found] == [1, 1, 1, 1]


def test_kinds_that_are_not_read_and_things_that_are_no_summaries_say_nothing() -> None:
    assert (
        told({"epochs": [{"userId": "ada"}], "dailies": [7, {"steps": 1}, {"userId": 7}], "hrv": "none"})
        == []
    )


def test_a_ping_is_for_what_stands_at_its_url() -> None:
    url = "https://apis.garmin.com/wellness-api/rest/pulseox?uploadStartTimeInSeconds=1&token=t%2Bt"
    (notice,) = told({"pulseox": [{"userId": "ada", "callbackURL": url}]})
    assert notice.data_types == (DataType.DAILY, DataType.BODY)
    assert notice.hints == {"summaries": "pulseox", "url": url}
    assert not notice.documents


@pytest.mark.parametrize(
    "permissions",
    [["ACTIVITY_EXPORT"], {"ACTIVITY_EXPORT": True, "HEALTH_EXPORT": False}],
    ids=["list", "map"],
)
def test_a_change_of_permissions_says_what_is_left_of_them(permissions: Any) -> None:
    change = {
        "userId": "ada",
        "summaryId": "x1",
        "permissions": permissions,
        "changeTimeInSeconds": 1_795_154_400,
    }
    (notice,) = told({"userPermissionsChange": [change]})
    assert notice.kind is NoticeKind.SCOPES_CHANGED
    assert notice.scopes == ("ACTIVITY_EXPORT",)
    assert notice.occurred_at == datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_a_deregistration_is_a_revocation_of_whoever_it_names() -> None:
    found = told({"deregistrations": [{"userId": "ada"}, {"userId": "bo", "userAccessToken": "t"}]})
    assert [(notice.kind, notice.account_id) for notice in found] == [
        (NoticeKind.REVOKED, "ada"),
        (NoticeKind.REVOKED, "bo"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"deregistrations": [{"userId": "ada"}]},
        {"dailies": [{"userId": "ada", **DAY}]},
        {
            "userPermissionsChange": [
                {"userId": "ada", "permissions": [], "changeTimeInSeconds": 1_795_154_400}
            ]
        },
        {"hrv": [{"userId": "ada", "callbackURL": "https://apis.garmin.com/x"}]},
    ],
    ids=["deregistration", "push", "permissions", "ping"],
)
def test_a_repeat_is_known_for_one(body: Any) -> None:
    (first,), (again,) = told(body), told(body, NOW + timedelta(seconds=30))
    assert first.key == again.key


def test_a_second_deregistration_after_a_second_consent_is_no_repeat() -> None:
    body = {"deregistrations": [{"userId": "ada"}]}
    assert told(body)[0].key != told(body, NOW + timedelta(minutes=1))[0].key


def test_the_same_day_pushed_again_after_a_second_consent_is_no_repeat() -> None:
    body = {"dailies": [{"userId": "ada", **DAY}]}
    assert told(body)[0].key != told(body, NOW + timedelta(minutes=1))[0].key


def test_different_users_days_and_urls_are_no_repeats() -> None:
    bodies: list[Any] = [
        {"dailies": [{"userId": "ada", **DAY}]},
        {"dailies": [{"userId": "bo", **DAY}]},
        {"dailies": [{"userId": "ada", **DAY, "steps": 1}]},
        {"dailies": [{"userId": "ada", "callbackURL": "https://apis.garmin.com/1"}]},
        {"dailies": [{"userId": "ada", "callbackURL": "https://apis.garmin.com/2"}]},
    ]
    assert len({notice.key for body in bodies for notice in told(body)}) == len(bodies)


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b'{"dailies": NaN}', b"\xff", b"[" * 5000])
def test_what_is_no_notice_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(body)


def test_a_change_of_permissions_without_permissions_is_refused() -> None:
    with pytest.raises(NoticeRefusedError):
        told({"userPermissionsChange": [{"userId": "ada"}]})


@pytest.mark.parametrize("headers", [{}, {"garmin-client-id": "client-1"}])
def test_a_notice_of_this_app_or_of_no_named_one_is_taken(headers: dict[str, str]) -> None:
    PROVIDER.verify(request(headers), APP)


@pytest.mark.parametrize("claimed", ["client-2", "", "client-1 ", "clïent-1"])
def test_a_notice_of_another_app_is_refused(claimed: str) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(request({"garmin-client-id": claimed}), APP)
