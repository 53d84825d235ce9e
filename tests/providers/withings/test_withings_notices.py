"""What the vendor tells us: forms without id and signature, and the probes before them."""

from datetime import UTC, date, datetime

import pytest
from tests.providers.withings.accounts import APP

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import NoticeKind, NoticeRequest
from wearable_gateway.providers.withings import PROVIDER
from wearable_gateway.unified.records import DataType

DAILY, ACTIVITY, SLEEP, BODY, ATHLETE = (
    DataType.DAILY,
    DataType.ACTIVITY,
    DataType.SLEEP,
    DataType.BODY,
    DataType.ATHLETE,
)
# 1530576000 is 2018-07-03T00:00:00Z, 1530698753 is 2018-07-04T10:05:53Z.
RANGE = "&startdate=1530576000&enddate=1530698753"


@pytest.mark.parametrize(
    ("form", "kind", "types", "start", "end"),
    [
        ("appli=1" + RANGE, "data_changed", (BODY,), date(2018, 7, 2), date(2018, 7, 5)),
        ("appli=2" + RANGE, "data_changed", (BODY,), date(2018, 7, 2), date(2018, 7, 5)),
        ("appli=4" + RANGE, "data_changed", (BODY,), date(2018, 7, 2), date(2018, 7, 5)),
        ("appli=54" + RANGE, "data_changed", (BODY,), date(2018, 7, 2), date(2018, 7, 5)),
        ("appli=44" + RANGE, "data_changed", (SLEEP,), date(2018, 7, 2), date(2018, 7, 5)),
        ("appli=16&date=2018-07-03", "data_changed", (DAILY, ACTIVITY), date(2018, 7, 3), date(2018, 7, 3)),
        ("appli=16&date=1530576000", "data_changed", (DAILY, ACTIVITY), date(2018, 7, 2), date(2018, 7, 3)),
        ("appli=16", "data_changed", (DAILY, ACTIVITY), None, None),
        ("appli=1&startdate=99999999999999", "data_changed", (BODY,), None, None),
        ("appli=1&startdate=1530698753&enddate=1500000000", "data_changed", (BODY,), None, None),
        ("appli=44&date=yesterday", "data_changed", (SLEEP,), None, None),
        ("appli=46&action=unlink", "revoked", (), None, None),
        ("appli=46&action=delete", "revoked", (), None, None),
        ("appli=46&action=update", "data_changed", (ATHLETE,), None, None),
    ],
)
def test_a_form_says_what_happened(
    form: str, kind: str, types: tuple[DataType, ...], start: date | None, end: date | None
) -> None:
    (notice,) = PROVIDER.notices(f"userid=12345&{form}".encode())
    assert notice.kind is NoticeKind(kind)
    assert notice.account_id == "12345"
    assert notice.data_types == types
    assert (notice.start, notice.end) == (start, end)


@pytest.mark.parametrize(
    "form",
    ["appli=50&deviceid=d&date=1530576000", "appli=53", "appli=9999", "appli=46", "appli=46&action=dance"],
)
def test_what_nobody_needs_to_know_is_nothing(form: str) -> None:
    assert list(PROVIDER.notices(f"userid=12345&{form}".encode())) == []


@pytest.mark.parametrize(
    "body",
    [
        b"userid=12345",
        b"userid=me&appli=1",
        b"userid=-1&appli=1",
        b"userid=1&appli=one",
        "userid=\u0663&appli=1".encode(),
        b"userid=" + b"1" * 400 + b"&appli=1",
        b"\xff\xfe",
        b"&".join(b"a=1" for _ in range(100)) + b"&userid=1&appli=1",
    ],
)
def test_what_is_no_such_form_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeRefusedError):
        PROVIDER.notices(body)


def test_the_second_sync_of_a_day_is_no_repeat_of_the_first() -> None:
    body = b"userid=12345&appli=16&date=2018-07-03"
    (first,), (second,) = PROVIDER.notices(body), PROVIDER.notices(body)
    assert first.key != second.key


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("HEAD", b"", 200),
        ("GET", b"", 200),
        ("POST", b"", 200),
        ("POST", b"\r\n", 200),
        ("POST", b"userid=1&appli=1", None),
    ],
)
def test_probes_are_answered_and_notices_are_not_taken_for_them(
    method: str, body: bytes, status: int | None
) -> None:
    request = NoticeRequest({}, body, datetime.now(UTC), method)
    answer = PROVIDER.answer(request, APP)
    assert (answer.status if answer else None) == status
    PROVIDER.verify(request, APP)


def test_a_post_that_names_no_user_is_a_probe_too() -> None:
    assert list(PROVIDER.notices(b"hello=there")) == []
