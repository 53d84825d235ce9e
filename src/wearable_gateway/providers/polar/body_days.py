"""Which of the vendor's measurements of a body belong to which day?"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from wearable_gateway.providers.polar.bodies import Period, SelfTest, Told
from wearable_gateway.providers.polar.document import Document
from wearable_gateway.unified.lenient import build

Dated = TypeVar("Dated", bound=Document)

Documents = Iterable[Mapping[str, Any]]


def body_days(
    first: date,
    last: date,
    *,
    physical_info: Mapping[str, Any] | None,
    spo2_tests: Documents,
    ecg_tests: Documents,
    temperature_periods: Documents,
) -> Sequence[Mapping[str, Any]]:
    """One document for each day from `first` to `last` that has something; what has no day is left out.

    A test is of the day on its user's own clock; what comes in UTC alone is of the day in UTC.
    """
    found: dict[date, dict[str, Any]] = defaultdict(dict)

    def put(name: str, day: date | None, document: Mapping[str, Any]) -> None:
        if day is not None and first <= day <= last:
            found[day].setdefault(name, []).append(document)

    for name, tests in (("spo2_tests", spo2_tests), ("ecg_tests", ecg_tests)):
        for test in tests:
            put(name, _day(test, SelfTest, lambda read: read.at), test)
    for period in temperature_periods:
        put("temperature_periods", _day(period, Period, lambda read: read.start), period)
    if physical_info is not None:
        day = _day(physical_info, Told, lambda read: read.known_at)
        if day is not None and first <= day <= last:
            found[day]["physical_info"] = physical_info
    return [{"date": day.isoformat(), **parts} for day, parts in sorted(found.items())]


def _day(
    document: Mapping[str, Any], model: type[Dated], moment: Callable[[Dated], datetime | None]
) -> date | None:
    try:
        at = moment(build(model, document)[0])
    except ValidationError:
        return None
    if at is None:
        return None
    # Z is how UTC is written, and says nothing of where the user was.
    return at.astimezone(UTC).date() if at.tzname() == "UTC" else at.date()
