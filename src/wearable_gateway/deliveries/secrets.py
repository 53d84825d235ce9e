"""Which secrets sign what goes to a destination? The newest, and for a while those it took the place of."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.errors import InvalidInputError, NotFoundError, SettingsError
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.signatures import new_signing_secret

OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)
_MOST_OLD = 5


def secret_identity(dev_id: str, destination_id: UUID) -> str:
    return f"destinations/{dev_id}/{destination_id}/signing_secret"


def seal(keyring: Keyring, dev_id: str, destination_id: UUID, secret: str) -> bytes:
    return keyring.encrypt(secret.encode(), identity=secret_identity(dev_id, destination_id))


def open_secrets(keyring: Keyring, destination: Row, *, now: datetime) -> tuple[str, ...]:
    """Those of a row of `destinations`, the newest first. Empty when the key that opens the newest is not set."""
    identity = secret_identity(destination["dev_id"], destination["id"])
    sealed = [destination["signing_secret"], *_still_signing(destination["old_secrets"], now)]
    try:
        return tuple(keyring.decrypt(one, identity=identity).decode() for one in sealed)
    except SettingsError:
        return ()


def _still_signing(old: Sequence[Mapping[str, Any]], now: datetime) -> list[bytes]:
    return [base64.b64decode(one["sealed"]) for one in old if datetime.fromisoformat(one["until"]) > now]


def read_overlap(seconds: int) -> timedelta:
    """Raises InvalidInputError for what is negative or over a week."""
    longest = int(LONGEST_OVERLAP.total_seconds())
    if not 0 <= seconds <= longest:
        raise InvalidInputError("overlap_seconds", f"0 to {longest}")
    return timedelta(seconds=seconds)


async def rotate(
    session: Session,
    keyring: Keyring,
    dev_id: str,
    destination_id: UUID,
    *,
    now: datetime,
    overlap: timedelta = OVERLAP,
) -> str:
    """A new secret, shown this once; for `overlap` what is sent is signed with the old one as well.

    In a transaction. Raises NotFoundError; InvalidInputError for an overlap that is negative or over a week.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise InvalidInputError("overlap", f"0 to {int(LONGEST_OVERLAP.total_seconds())} seconds")
    row = await session.fetchrow(
        "SELECT signing_secret, old_secrets FROM destinations WHERE dev_id = $1 AND id = $2 FOR UPDATE",
        dev_id, destination_id,
    )  # fmt: skip
    if row is None:
        raise NotFoundError("destination")
    secret = new_signing_secret()
    retired = {
        "sealed": base64.b64encode(row["signing_secret"]).decode(),
        "until": (now + overlap).isoformat(),
    }
    # An overlap of zero is for a secret that leaked: it ends at once, and so do those before it.
    old = [retired, *row["old_secrets"]][:_MOST_OLD] if overlap else []
    await session.execute(
        "UPDATE destinations SET signing_secret = $3, old_secrets = $4, updated_at = $5 WHERE dev_id = $1 AND id = $2",
        dev_id, destination_id, seal(keyring, dev_id, destination_id, secret),
        [one for one in old if datetime.fromisoformat(one["until"]) > now], now,
    )  # fmt: skip
    return secret
