"""Until when does a record know?"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def latest_moment(body: Mapping[str, Any]) -> datetime | None:
    """The end of what `body` speaks of; None when it does not say. A time without an offset is taken for UTC."""
    metadata = body.get("metadata") or {}
    text = metadata.get("end_time") or metadata.get("start_time") or body.get("timestamp")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
