"""What do clients have to be told, what is due, and what became of it?"""

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from wearable_gateway.sandbox.config import Clock
from wearable_gateway.sandbox.state import Notice, NoticeState
from wearable_gateway.sandbox.store import Store

NoticeType = Literal["data.updated", "authorization.revoked", "authorization.scopes_changed", "ping"]

KEPT_SETTLED = 1000
"""Settled notices are kept to be sent again on request; the file is written whole, so not all of them."""


class NoticeQueue:
    def __init__(self, store: Store, clock: Clock, *, retry_schedule: Sequence[float]) -> None:
        self._store = store
        self._clock = clock
        self._retry_schedule = retry_schedule
        self.on_work: Callable[[], None] = lambda: None

    def add(
        self,
        kind: NoticeType,
        *,
        account_id: str | None,
        client_id: str,
        details: Mapping[str, Any] | None = None,
    ) -> bool:
        """False when the client has no address to be told at."""
        client = self._store.state.clients.get(client_id)
        if client is None or client.notice_url is None:
            return False
        notice_id = f"ntc_{secrets.token_hex(16)}"
        body = {
            "id": notice_id,
            "type": kind,
            "account_id": account_id,
            "occurred_at": self._now(),
            **(details or {}),
        }
        content = orjson.dumps({name: value for name, value in body.items() if value is not None}).decode()
        self._push(Notice(notice_id, client_id, account_id or "", content, due_at=self._clock()))
        return True

    def resend(self, notice_id: str) -> bool:
        """False when no settled notice has this id."""
        notice = self._store.state.settled.pop(notice_id, None)
        if notice is None:
            return False
        notice.state, notice.attempts, notice.due_at = "pending", 0, self._clock()
        self._push(notice)
        return True

    def due(self) -> list[Notice]:
        now = self._clock()
        return [notice for notice in self._store.state.pending.values() if notice.due_at <= now]

    def seconds_to_next(self) -> float | None:
        """Until the next try that lies ahead; None when there is none."""
        now = self._clock()
        ahead = [notice.due_at - now for notice in self._store.state.pending.values() if notice.due_at > now]
        return min(ahead, default=None)

    def record_delivered(self, notice: Notice) -> None:
        notice.attempts += 1
        self._settle(notice, "delivered")

    def record_refused(self, notice: Notice) -> None:
        notice.attempts += 1
        if notice.attempts > len(self._retry_schedule):
            self._settle(notice, "failed")
        else:
            notice.due_at = self._clock() + self._retry_schedule[notice.attempts - 1]
            self._store.changed()

    def counts(self) -> dict[NoticeState, int]:
        state = self._store.state
        counts: dict[NoticeState, int] = {"pending": len(state.pending), "delivered": 0, "failed": 0}
        for notice in state.settled.values():
            counts[notice.state] += 1
        return {name: count + state.forgotten.get(name, 0) for name, count in counts.items()}

    def _push(self, notice: Notice) -> None:
        self._store.state.pending[notice.id] = notice
        self._store.changed()
        self.on_work()

    def _settle(self, notice: Notice, outcome: NoticeState) -> None:
        state = self._store.state
        notice.state = outcome
        state.settled[notice.id] = state.pending.pop(notice.id)
        if len(state.settled) > KEPT_SETTLED:
            oldest = state.settled.pop(next(iter(state.settled)))
            state.forgotten[oldest.state] = state.forgotten.get(oldest.state, 0) + 1
        self._store.changed()

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sign(body: bytes, *, secret: str, at: int) -> str:
    """The value of the `sandbox-signature` header."""
    signature = hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256").hex()
    return f"t={at},v1={signature}"
