"""What the vendor's notices say (https://www.polar.com/accesslink-api/#webhook-events)."""

from datetime import datetime

from pydantic import Field, ValidationError

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers.polar.document import SLUG, Day, Document
from wearable_gateway.unified.records import DataType

PING = "PING"
EXERCISE, SLEEP = "EXERCISE", "SLEEP"
ACTIVITY_SUMMARY, CONTINUOUS_HEART_RATE = "ACTIVITY_SUMMARY", "CONTINUOUS_HEART_RATE"
_TYPES = {
    EXERCISE: DataType.ACTIVITY,
    SLEEP: DataType.SLEEP,
    ACTIVITY_SUMMARY: DataType.DAILY,
    CONTINUOUS_HEART_RATE: DataType.DAILY,
    "PHYSICAL_INFORMATION": DataType.BODY,
}
EVENTS = tuple(_TYPES)
"""What we want to be told of. What SleepWise makes of a night has no place in a record."""


class _Body(Document):
    event: str
    timestamp: datetime
    user_id: str | None = Field(default=None, coerce_numbers_to_str=True)
    entity_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    day: Day | None = Field(default=None, alias="date")


def is_ping(body: bytes) -> bool:
    """Whether this is how the vendor tries an address."""
    try:
        return _Body.model_validate_json(body).event == PING
    except ValidationError:
        return False


def read_notice(body: bytes) -> Notice | None:
    """What the vendor told us; None of what we do not want to know. Raises NoticeRefusedError.

    The URL in a notice is not looked at: what is new is fetched from where the app's settings say the vendor is.
    """
    try:
        read = _Body.model_validate_json(body)
    except ValidationError as error:
        raise NoticeRefusedError(SLUG, "the body is not a notice") from error
    if read.event == PING:
        return Notice(key=f"{PING}/{read.timestamp.isoformat()}", kind=NoticeKind.PING, account_id=None)
    kind = _TYPES.get(read.event)
    if kind is None:
        return None
    if read.user_id is None or (read.event == EXERCISE and read.entity_id is None):
        raise NoticeRefusedError(SLUG, "the notice does not say whose it is, or of what")
    what = read.entity_id or (read.day.isoformat() if read.day else "")
    return Notice(
        # No notice has an id; a thing that changes again is told of at another time.
        key=f"{read.user_id}/{read.event}/{what}/{read.timestamp.isoformat()}",
        kind=NoticeKind.DATA_CHANGED,
        account_id=read.user_id,
        occurred_at=read.timestamp,
        data_types=(kind,),
        start=read.day,
        end=read.day,
        hints={"event": read.event, "id": read.entity_id},
    )
