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
import secrets

SECRET_PREFIX = "whsec_"  # noqa: S105 - a public prefix
TOLERANCE_SECONDS = 300

# Anybody may send a header: a number too long for a float must not raise.
_SECONDS = re.compile(r"[0-9]{1,12}")


def new_signing_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def terra_signature(secret: str, body: bytes, timestamp: int) -> str:
    digest = hmac.digest(secret.encode(), b"%d." % timestamp + body, "sha256")
    return f"t={timestamp},v1={digest.hex()}"


def standard_signature(secret: str, message_id: str, body: bytes, timestamp: int) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(digest).decode()


def verify_timed_signature(header: str, secret: str, body: bytes, now: float) -> bool:
    """Whether a `t=…,v1=…` header signs `body` with `secret` and is at most five minutes old."""
    fields = [field.strip().partition("=") for field in header.split(",")]
    stamp = next((value for name, _, value in fields if name == "t"), "")
    if not _SECONDS.fullmatch(stamp) or abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return False
    expected = hmac.new(secret.encode(), f"{int(stamp)}.".encode() + body, hashlib.sha256).hexdigest()
    given = [value for name, _, value in fields if name == "v1"]
    return any(hmac.compare_digest(expected.encode(), value.encode()) for value in given)
