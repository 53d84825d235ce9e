"""What time is it, and how is it written on the wire?"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def wire_time(moment: datetime) -> str:
    """ISO 8601 with six fractional digits and an offset, as Terra writes times."""
    return moment.isoformat(timespec="microseconds")
