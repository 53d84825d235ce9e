"""Did the vendor send this? `X-WHOOP-Signature` over the time of sending and the body.

https://developer.whoop.com/docs/developing/webhooks: base64 of HMAC-SHA256 with the client secret, over the
milliseconds of `X-WHOOP-Signature-Timestamp` with the body directly behind them.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

_TOLERANCE = timedelta(minutes=5)
_MILLISECONDS = re.compile(r"[0-9]{1,15}")


def is_signed(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether `body` is signed with `secret` and was sent within five minutes of `now`."""
    stamp = headers.get("x-whoop-signature-timestamp", "")
    if not _MILLISECONDS.fullmatch(stamp):
        return False
    if abs(now.timestamp() - int(stamp) / 1000) > _TOLERANCE.total_seconds():
        return False
    expected = base64.b64encode(hmac.digest(secret.encode(), stamp.encode() + body, "sha256"))
    return hmac.compare_digest(expected, headers.get("x-whoop-signature", "").encode())
