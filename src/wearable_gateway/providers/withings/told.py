"""What does a notice say? A form without signature or id, one for each user and kind of event (`appli`).

https://developer.withings.com/developer-guide/v3/data-api/notifications/notification-content
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

from wearable_gateway.unified.records import DataType

_USER = 46
DATA = {
    1: (DataType.BODY,),
    2: (DataType.BODY,),
    4: (DataType.BODY,),
    16: (DataType.DAILY, DataType.ACTIVITY),
    44: (DataType.SLEEP,),
    54: (DataType.BODY,),
}
SCOPES = {
    1: "user.metrics",
    2: "user.metrics",
    4: "user.metrics",
    16: "user.activity",
    44: "user.activity",
    46: "user.info",
    54: "user.activity",
}
"""What is subscribed to, and the scope it needs."""
_GONE = frozenset({"unlink", "delete"})
_EARLIEST, _LATEST = timedelta(hours=12), timedelta(hours=14)
"""How far a local clock is behind UTC, and ahead of it."""
_MOST_FIELDS = 40
_FIRST_YEAR, _LAST_YEAR = 1970, 2191
_LARGEST_EPOCH = 7_000_000_000
"""In the year 2191."""


@dataclass(frozen=True, slots=True)
class Told:
    """`gone`: the account left us. Without kinds there is nothing to do."""

    account_id: str
    kinds: tuple[DataType, ...] = ()
    start: date | None = None
    end: date | None = None
    gone: bool = False


def read_notice(body: bytes) -> Told | None:
    """None for a probe, which names no user. Raises ValueError when it is no such form."""
    form = dict(parse_qsl(body.decode("utf-8"), max_num_fields=_MOST_FIELDS))
    account_id, appli = form.get("userid"), form.get("appli")
    if account_id is None:
        return None
    if not _is_number(account_id) or appli is None or not _is_number(appli):
        raise ValueError("userid and appli are no numbers")
    action = form.get("action")
    if int(appli) == _USER:
        kinds = (DataType.ATHLETE,) if action == "update" else ()
        return Told(account_id, kinds, gone=action in _GONE)
    start, end = _days(form)
    return Told(account_id, DATA.get(int(appli), ()), start, end)


def _days(form: dict[str, str]) -> tuple[date | None, date | None]:
    """The local days that a notice may be about, wherever the person is."""
    start, end = form.get("startdate") or form.get("date"), form.get("enddate") or form.get("date")
    first, last = _day(start, -_EARLIEST), _day(end, _LATEST)
    return (first, last) if first and last and first <= last else (None, None)


def _day(text: str | None, shift: timedelta) -> date | None:
    if text is None:
        return None
    if _is_number(text):
        seconds = int(text)
        return (datetime.fromtimestamp(seconds, UTC) + shift).date() if seconds < _LARGEST_EPOCH else None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20  # noqa: PLR2004 - as many digits as an id has
