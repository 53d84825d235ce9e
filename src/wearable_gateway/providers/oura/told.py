"""What the vendor's calls to us say, and whether they are its own.

Every fact here is of https://cloud.ouraring.com/v2/docs#tag/Webhook-Subscription-Routes.
"""

import hmac
from datetime import datetime, timedelta

from pydantic import Field, ValidationError

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers._base.times import FIRST_YEAR, LAST_YEAR
from wearable_gateway.providers.oura.collections import DAILY
from wearable_gateway.providers.oura.document import SLUG, Document
from wearable_gateway.unified.records import DataType

_AT, _SIGNATURE = "x-oura-timestamp", "x-oura-signature"
_OLDEST, _AHEAD = timedelta(days=1), timedelta(minutes=5)
"""The vendor tries for about an hour, and does not say whether it signs each try anew."""
_DIGITS_OF_SECONDS, _DIGITS_OF_MILLISECONDS = 10, 13
SINGLE = {"sleep": DataType.SLEEP, "workout": DataType.ACTIVITY, "session": DataType.ACTIVITY}
"""Collections whose documents are records by themselves."""


class _Told(Document):
    event_type: str
    data_type: str
    object_id: str = Field(min_length=1)
    event_time: datetime
    user_id: str = Field(min_length=1)

    @property
    def key(self) -> str:
        at = self.event_time.isoformat()
        return f"{self.user_id}/{self.data_type}/{self.object_id}/{self.event_type}/{at}"


def answer_challenge(request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
    """What a subscription is made with: the token we gave, against which a word is to be said back."""
    if request.method != "GET":
        return None
    given = request.query.get("verification_token", "")
    if not hmac.compare_digest(given.encode(), app.notice_secret.encode()):
        raise NoticeRefusedError(SLUG, "the verification token is missing or wrong")
    return NoticeAnswer(200, {"challenge": request.query.get("challenge", "")})


def check_signature(request: NoticeRequest, app: AppAccess) -> None:
    """HMAC-SHA256 with the client secret over the timestamp and the body, in hex. Raises NoticeRefusedError.

    The vendor writes it in capitals. Its sample signs the body as it is after reading and writing it again, which is the
    same while it sends JSON without spaces; the bytes that came are what we check.
    """
    at = request.headers.get(_AT, "")
    wanted = hmac.digest(app.client_secret.encode(), at.encode() + request.body, "sha256").hex()
    given = request.headers.get(_SIGNATURE, "").lower()
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise NoticeRefusedError(SLUG, "the signature is missing or wrong")
    age = _age(at, request.received_at)
    if age is not None and not -_AHEAD <= age <= _OLDEST:
        raise NoticeRefusedError(SLUG, "the signature is of another day")


def _age(at: str, now: datetime) -> timedelta | None:
    """The vendor shows a timestamp of ten digits and names no unit; of what looks otherwise we know no age."""
    if not (at.isascii() and at.isdigit()) or len(at) not in {_DIGITS_OF_SECONDS, _DIGITS_OF_MILLISECONDS}:
        return None
    seconds = int(at) if len(at) == _DIGITS_OF_SECONDS else int(at) / 1000
    return timedelta(seconds=now.timestamp() - seconds)


def read_notice(body: bytes) -> list[Notice]:
    """One notice, or none of what we do not give on. Raises NoticeRefusedError."""
    try:
        told = _Told.model_validate_json(body)
    except ValidationError as error:
        raise NoticeRefusedError(SLUG, "the body is not a notice") from error
    if not FIRST_YEAR <= told.event_time.year <= LAST_YEAR:
        raise NoticeRefusedError(SLUG, "the notice is of no time of a living person")
    kind = SINGLE.get(told.data_type, DataType.DAILY if told.data_type.lower() in DAILY else None)
    if kind is None:
        return []
    deleted = told.event_type == "delete" and told.data_type in SINGLE
    day = told.event_time.date()
    return [
        Notice(
            key=told.key,
            kind=NoticeKind.DATA_DELETED if deleted else NoticeKind.DATA_CHANGED,
            account_id=told.user_id,
            occurred_at=told.event_time,
            data_types=(kind,),
            start=day - timedelta(days=1),
            end=day + timedelta(days=1),
            record_keys=(told.object_id,) if deleted else (),
            hints={"collection": told.data_type, "id": told.object_id},
        )
    ]
