"""What STRAVA says in words of its own: tokens and refusals, pushes, limits."""

import json
from datetime import timedelta
from typing import Any

import pytest

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import NoticeKind
from wearable_gateway.providers.strava import PROVIDER
from wearable_gateway.providers.strava.limits import calls_used
from wearable_gateway.unified.records import DataType

TOKENS = {
    "token_type": "Bearer",
    "expires_at": 1_795_000_000,
    "expires_in": 21_600,
    "refresh_token": "r-1",
    "access_token": "a-1",
}
EVENT = {
    "object_type": "activity",
    "object_id": 9_000_000_001,
    "aspect_type": "update",
    "owner_id": 1_234_567,
    "subscription_id": 131_300,
    "event_time": 1_780_000_000,
    "updates": {"title": "At my doctor's"},
}


def fault(resource: str, field: str, code: str = "invalid") -> dict[str, Any]:
    return {"message": "Bad Request", "errors": [{"resource": resource, "field": field, "code": code}]}


def body(**changes: Any) -> bytes:
    return json.dumps(EVENT | changes).encode()


def test_of_the_athlete_in_a_token_answer_only_the_id_is_kept() -> None:
    answer = TOKENS | {"athlete": {"id": 1_234_567, "firstname": "Avelia", "city": "Exampleford"}}
    assert PROVIDER.token_answer(200, answer) == TOKENS | {"athlete_id": 1_234_567}


def test_a_refresh_names_no_athlete() -> None:
    assert PROVIDER.token_answer(200, TOKENS) == TOKENS


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (400, fault("RequestToken", "code"), "invalid_grant"),
        (400, fault("AuthorizationCode", "code"), "invalid_grant"),
        (400, fault("RefreshToken", "refresh_token"), "invalid_grant"),
        (400, fault("Application", "client_id"), "invalid_client"),
        (401, fault("Application", "client_secret"), "invalid_client"),
        (403, fault("Application", "Status"), "unauthorized_client"),
        (403, fault("Application", "Limit of connected athletes"), "unauthorized_client"),
        (400, fault("RequestToken", "grant_type"), "invalid_request"),
        (400, fault("RefreshToken", "refresh_token", "missing"), "invalid_request"),
        (429, {"errors": "Rate Limit Exceeded", "status": 429}, "temporarily_unavailable"),
        (400, {"errors": "no list"}, "invalid_request"),
        (400, {}, "invalid_request"),
    ],
)
def test_a_refusal_of_the_token_endpoint_in_the_words_of_the_rfc(
    status: int, answer: dict[str, Any], error: str
) -> None:
    assert PROVIDER.token_answer(status, answer) == {"error": error}


@pytest.mark.parametrize("aspect", ["create", "update"])
def test_an_activity_that_changed_is_named_by_its_id(aspect: str) -> None:
    [notice] = PROVIDER.notices(body(aspect_type=aspect))
    assert notice.kind is NoticeKind.DATA_CHANGED
    assert notice.account_id == "1234567"
    assert notice.data_types == (DataType.ACTIVITY,)
    assert notice.hints == {"activity_id": 9_000_000_001}
    assert notice.occurred_at is not None
    assert notice.occurred_at.isoformat() == "2026-05-28T20:26:40+00:00"


def test_an_activity_that_was_deleted_is_a_record_that_is_no_more() -> None:
    [notice] = PROVIDER.notices(body(aspect_type="delete", updates={}))
    assert notice.kind is NoticeKind.DATA_DELETED
    assert (notice.data_types, notice.record_keys) == ((DataType.ACTIVITY,), ("9000000001",))


@pytest.mark.parametrize(
    ("aspect", "updates", "kind"),
    [
        ("update", {"authorized": "false"}, NoticeKind.REVOKED),
        ("update", {"authorized": False}, NoticeKind.REVOKED),
        ("delete", {}, NoticeKind.REVOKED),
        ("update", {"authorized": "true"}, NoticeKind.PING),
        ("update", {}, NoticeKind.PING),
        ("update", [], NoticeKind.PING),
    ],
)
def test_an_athlete_took_their_consent_back_or_did_something_else(
    aspect: str, updates: Any, kind: NoticeKind
) -> None:
    [notice] = PROVIDER.notices(
        body(object_type="athlete", object_id=1_234_567, aspect_type=aspect, updates=updates)
    )
    assert (notice.kind, notice.account_id, notice.data_types) == (kind, "1234567", ())


def test_a_repeat_has_the_same_key_and_another_change_of_that_second_has_not() -> None:
    [first], [repeat] = PROVIDER.notices(body()), PROVIDER.notices(body())
    [other] = PROVIDER.notices(body(updates={"type": "Run"}))
    assert first.key == repeat.key != other.key
    assert "doctor" not in first.key


@pytest.mark.parametrize(
    "odd",
    [
        {"object_id": None},
        {"owner_id": "somebody"},
        {"event_time": 10**30},
        {"event_time": -1},
        {"object_type": 7},
    ],
)
def test_an_event_that_cannot_be_read_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(body(**odd))


QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
ALL = {"x-ratelimit-limit": "200,2000", "x-ratelimit-usage": "79,222"}
READS = {"x-readratelimit-limit": "100,1000", "x-readratelimit-usage": "78,221"}


@pytest.mark.parametrize(
    ("headers", "used"),
    [
        (ALL | READS, [(QUARTER, 100, 78), (DAY, 1000, 221)]),
        (ALL, [(QUARTER, 200, 79), (DAY, 2000, 222)]),
        (READS, [(QUARTER, 100, 78), (DAY, 1000, 221)]),
        # Another 190 calls wrote: of 200 are 10 left, so of the 100 that may read as well.
        (
            READS | {"x-ratelimit-limit": "200,2000", "x-ratelimit-usage": "190,300"},
            [(QUARTER, 100, 90), (DAY, 1000, 221)],
        ),
        (READS | {"x-readratelimit-usage": "101,999"}, [(QUARTER, 100, 101), (DAY, 1000, 999)]),
        ({}, []),
        ({"x-ratelimit-limit": "many", "x-ratelimit-usage": "1,2"}, []),
        ({"x-ratelimit-limit": "200", "x-ratelimit-usage": "1"}, []),
    ],
)
def test_what_is_left_is_the_lower_of_the_two_limits(
    headers: dict[str, str], used: list[tuple[timedelta, int, int]]
) -> None:
    assert calls_used(headers) == used
