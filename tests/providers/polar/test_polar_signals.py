"""POLAR: what each signal of the vendor's means."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from wearable_gateway.errors import (
    NoticeRefusedError,
    ProviderError,
    ProviderLimitError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.facts import Usage
from wearable_gateway.providers._base.notices import NoticeAnswer, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask
from wearable_gateway.providers.polar import PROVIDER
from wearable_gateway.providers.polar.webhook import SECRET
from wearable_gateway.unified.records import DataType

APP = AppAccess("client", "client-secret", "notice-secret", {}, {SECRET: "the-secret"})
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
AT = "2026-11-21T08:00:00Z"
PING = json.dumps({"timestamp": AT, "event": "PING"}).encode()


def request(body: bytes, signature: str | None = None, method: str = "POST") -> NoticeRequest:
    headers = {} if signature is None else {"polar-webhook-signature": signature}
    return NoticeRequest(headers, body, NOW, method)


def signed(body: bytes, secret: str = "the-secret") -> str:
    return hmac.digest(secret.encode(), body, "sha256").hex()


def access(status: int, content: Any = None, headers: Mapping[str, str] | None = None) -> Access:
    def answer(_: httpx.Request) -> httpx.Response:
        if content is None:
            return httpx.Response(status, headers=headers)
        return httpx.Response(status, json=content, headers=headers)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://vendor.test")
    return Access(client, APP, "90210", frozenset(PROVIDER.oauth.scopes))


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        pytest.param(200, {"polar-user-id": 90210}, None, id="the account: it lives"),
        pytest.param(200, {"polar-user-id": 1}, ProviderUnavailableError, id="another account: asked again"),
        pytest.param(204, None, ProviderUnavailableError, id="nobody: asked again, not believed"),
        pytest.param(401, {}, ProviderRefusedError, id="no token of ours: over, as there is no refresh"),
        pytest.param(403, {}, ProviderRefusedError, id="consents missing: in trouble, and alive"),
        pytest.param(404, {}, ProviderRejectedError, id="no such thing: alive"),
        pytest.param(429, {}, ProviderLimitError, id="too many calls: later"),
        pytest.param(503, {}, ProviderUnavailableError, id="down: later"),
    ],
)
async def test_what_an_answer_to_a_probe_means(
    status: int, content: Any, outcome: type[ProviderError] | None
) -> None:
    if outcome is None:
        await PROVIDER.probe(access(status, content))
        return
    with pytest.raises(outcome):
        await PROVIDER.probe(access(status, content))


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
@pytest.mark.parametrize("status", [204, 404])
async def test_nothing_is_not_an_error(kind: DataType, status: int) -> None:
    today = datetime.now(UTC).date()
    ask = Ask(kind, today - timedelta(days=4), today, samples=True)
    assert list(await PROVIDER.fetch(access(status), ask)) == []


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, ProviderRejectedError), (401, ProviderRefusedError), (403, ProviderRefusedError)],
)
async def test_a_refusal_is_not_taken_for_nothing(
    kind: DataType, status: int, outcome: type[ProviderError]
) -> None:
    today = datetime.now(UTC).date()
    with pytest.raises(outcome):
        await PROVIDER.fetch(access(status, {}), Ask(kind, today, today, samples=True))


@pytest.mark.parametrize("content", [17, "exercises", True])
async def test_an_answer_that_holds_no_documents_is_asked_for_again(content: Any) -> None:
    today = datetime.now(UTC).date()
    with pytest.raises(ProviderUnavailableError):
        await PROVIDER.fetch(access(200, content), Ask(DataType.ACTIVITY, today, today, samples=True))


def test_a_ping_is_answered_though_nobody_can_have_signed_it() -> None:
    nobody = AppAccess("client", "client-secret", "notice-secret", {})
    assert PROVIDER.answer(request(PING), nobody) == NoticeAnswer(200)


@pytest.mark.parametrize(
    "came",
    [
        request(b'{"event": "SLEEP", "timestamp": "2026-11-21T08:00:00Z"}'),
        request(b"PING"),
        request(b""),
        request(PING, method="GET"),
    ],
)
def test_nothing_but_a_ping_is_answered_unverified(came: NoticeRequest) -> None:
    assert PROVIDER.answer(came, APP) is None


NIGHT = json.dumps({"event": "SLEEP", "user_id": 90210, "date": "2026-11-21", "timestamp": AT}).encode()


def test_a_notice_signed_with_the_webhooks_secret_is_the_vendors() -> None:
    PROVIDER.verify(request(NIGHT, signed(NIGHT)), APP)
    PROVIDER.verify(request(NIGHT, signed(NIGHT).upper()), APP)


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(request(NIGHT), id="not signed"),
        pytest.param(request(NIGHT, ""), id="an empty signature"),
        pytest.param(request(NIGHT, "ü"), id="a signature that is no ASCII"),
        pytest.param(request(NIGHT + b" ", signed(NIGHT)), id="another body"),
        pytest.param(request(NIGHT, signed(NIGHT, "another")), id="another secret"),
        pytest.param(request(NIGHT, signed(NIGHT, "client-secret")), id="the client's secret"),
    ],
)
def test_anything_else_is_refused(came: NoticeRequest) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(came, APP)


def test_without_a_webhook_of_ours_nothing_is_believed() -> None:
    nobody = AppAccess("client", "client-secret", "notice-secret", {})
    with pytest.raises(NoticeRefusedError):
        PROVIDER.verify(request(NIGHT, signed(NIGHT, "")), nobody)


@pytest.mark.parametrize(
    ("event", "more", "kind", "day"),
    [
        ("EXERCISE", {"entity_id": "aQlC83"}, DataType.ACTIVITY, None),
        ("SLEEP", {"date": "2026-11-21"}, DataType.SLEEP, date(2026, 11, 21)),
        ("ACTIVITY_SUMMARY", {"date": "2026-11-21"}, DataType.DAILY, date(2026, 11, 21)),
        ("CONTINUOUS_HEART_RATE", {"date": "2026-11-21"}, DataType.DAILY, date(2026, 11, 21)),
        ("PHYSICAL_INFORMATION", {}, DataType.BODY, None),
    ],
)
def test_a_notice_says_what_changed_for_whom(
    event: str, more: dict[str, str], kind: DataType, day: date | None
) -> None:
    body = {"event": event, "user_id": 90210, "timestamp": AT, "url": "http://elsewhere.test/x", **more}
    (notice,) = PROVIDER.notices(json.dumps(body).encode())
    assert notice.kind is NoticeKind.DATA_CHANGED
    assert (notice.account_id, notice.data_types) == ("90210", (kind,))
    assert (notice.start, notice.end) == (day, day)
    assert "elsewhere" not in repr(notice)


def test_a_ping_that_was_signed_is_a_ping() -> None:
    (notice,) = PROVIDER.notices(PING)
    assert notice.kind is NoticeKind.PING


@pytest.mark.parametrize("event", ["SLEEP_WISE_ALERTNESS", "SLEEP_WISE_CIRCADIAN_BEDTIME", "SOMETHING_NEW"])
def test_what_we_do_not_want_to_know_is_no_notice(event: str) -> None:
    body = {"event": event, "user_id": 90210, "from": "2026-11-20", "timestamp": AT}
    assert list(PROVIDER.notices(json.dumps(body).encode())) == []


@pytest.mark.parametrize(
    "body",
    [
        {"event": "SLEEP", "timestamp": AT, "date": "2026-11-21"},
        {"event": "EXERCISE", "user_id": 1, "timestamp": AT},
        {"event": "EXERCISE", "user_id": 1, "timestamp": AT, "entity_id": "../users/2"},
        {"event": "SLEEP", "user_id": 1, "timestamp": AT, "date": "../exercises"},
        {"event": "SLEEP", "user_id": 1, "date": "2026-11-21"},
    ],
)
def test_a_notice_that_lacks_what_it_is_about_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"ratelimit-usage": "12, 340", "ratelimit-limit": "520, 5100", "ratelimit-reset": "300, 4000"},
            [
                Usage(timedelta(minutes=15), calls=520, used=12, resets_in=300),
                Usage(timedelta(days=1), calls=5100, used=340, resets_in=4000),
            ],
        ),
        (
            {"ratelimit-usage": "12,340", "ratelimit-limit": "520,5100"},
            [
                Usage(timedelta(minutes=15), calls=520, used=12),
                Usage(timedelta(days=1), calls=5100, used=340),
            ],
        ),
        ({"ratelimit-usage": "many", "ratelimit-limit": "520, 5100"}, []),
        ({}, []),
    ],
)
def test_the_limits_are_what_the_answers_say(headers: dict[str, str], expected: list[Usage]) -> None:
    assert list(PROVIDER.usage(headers, NOW)) == expected
