"""The secrets of a flow that travel: the link, the OAuth state, the browser's cookie.

A link and a state carry their `dev_id` in front, so that looking one up by its hash stays within one developer.
"""

import hashlib
import secrets
from dataclasses import dataclass

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class FlowToken:
    dev_id: str
    hash: bytes


def new_flow_token(dev_id: str) -> tuple[str, bytes]:
    """A secret of 256 bits for URLs, and the hash that is kept of it."""
    text = f"{dev_id}.{secrets.token_urlsafe(32)}"
    return text, _hash(text)


def read_flow_token(text: str) -> FlowToken | None:
    """None when `text` cannot be one of ours."""
    dev_id, separator, rest = text.partition(".")
    if not separator or not rest or len(text) > _LONGEST or not text.isascii() or not text.isprintable():
        return None
    return FlowToken(dev_id, _hash(text))


def new_browser_secret() -> str:
    return secrets.token_urlsafe(24)


def browser_hash(secret: str) -> bytes:
    return _hash(secret)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
