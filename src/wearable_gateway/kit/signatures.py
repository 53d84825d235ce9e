"""How is a webhook signed? Terra's form and Standard Webhooks', over the same bytes.

Terra: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, keyed with the secret's own characters
(https://docs.tryterra.co/reference/using-the-api/webhooks). Standard Webhooks 1.0.0: `v1,<base64 HMAC-SHA256
of "<id>.<t>.<body>">`, keyed with the base64-decoded part behind `whsec_`
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
"""

import base64
import hashlib
import hmac
import re
import secrets as chance
from collections.abc import Sequence

SECRET_PREFIX = "whsec_"  # noqa: S105 - a public prefix
TOLERANCE_SECONDS = 300

# Anybody may send a header: a number too long for a float must not raise.
_SECONDS = re.compile(r"[0-9]{1,12}")


def new_signing_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(chance.token_bytes(32)).decode()


def terra_signature(secrets: Sequence[str], body: bytes, timestamp: int) -> str:
    """One `v1` for each secret, as while one of them takes another's place."""
    signed = b"%d." % timestamp + body
    digests = (hmac.digest(secret.encode(), signed, "sha256").hex() for secret in secrets)
    return f"t={timestamp}," + ",".join(f"v1={digest}" for digest in digests)


def standard_signature(secrets: Sequence[str], message_id: str, body: bytes, timestamp: int) -> str:
    """One signature for each secret, with spaces between."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(_standard_digest(secret, signed) for secret in secrets)


def _standard_digest(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def verify_timed_signature(header: str, secret: str, body: bytes, now: float) -> bool:
    """Whether a `t=…,v1=…` header signs `body` with `secret` and is at most five minutes old."""
    fields = [field.strip().partition("=") for field in header.split(",")]
    stamp = next((value for name, _, value in fields if name == "t"), "")
    if not _SECONDS.fullmatch(stamp) or abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return False
    expected = hmac.new(secret.encode(), f"{int(stamp)}.".encode() + body, hashlib.sha256).hexdigest()
    given = [value for name, _, value in fields if name == "v1"]
    return any(hmac.compare_digest(expected.encode(), value.encode()) for value in given)
