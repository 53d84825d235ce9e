"""One developer's flows, and separately what the worker must find across developers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wearable_gateway.connect.models import Flow, FlowKind, FlowState, Trip
from wearable_gateway.db.session import Row, Session
from wearable_gateway.kit.encryption import Keyring

_COLUMNS = (
    "dev_id, id, kind, state, reason, user_id, provider, providers, reference_id, success_url, failure_url, language,"
    " show_disconnect, provider_app_id, expected_account, pending_tokens, opened_at, claimed_at, created_at, expires_at"
)


def _read(row: Row) -> Flow:
    values = dict(row)
    values["kind"] = FlowKind(values["kind"])
    values["state"] = FlowState(values["state"])
    values["providers"] = tuple(values["providers"]) if values["providers"] is not None else None
    return Flow(**values)


def verifier_identity(dev_id: str, state_hash: bytes) -> str:
    return f"flow_states/{dev_id}/{state_hash.hex()}/verifier"


class FlowRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def add(self, flow: Flow, token_hash: bytes) -> None:
        await self._session.execute(
            "INSERT INTO flows (dev_id, id, kind, state, token_hash, user_id, provider, providers, reference_id,"
            " success_url, failure_url, language, provider_app_id, expected_account, created_at, expires_at, show_disconnect)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            self._dev_id, flow.id, flow.kind.value, flow.state.value, token_hash, flow.user_id, flow.provider,
            list(flow.providers) if flow.providers is not None else None, flow.reference_id, flow.success_url,
            flow.failure_url, flow.language, flow.provider_app_id, flow.expected_account, flow.created_at,
            flow.expires_at, flow.show_disconnect,
        )  # fmt: skip

    async def find_by_token(self, token_hash: bytes) -> Flow | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM flows WHERE dev_id = $1 AND token_hash = $2", self._dev_id, token_hash
        )
        return _read(row) if row else None

    async def find_by_user(self, user_id: UUID) -> Flow | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM flows WHERE dev_id = $1 AND user_id = $2", self._dev_id, user_id
        )
        return _read(row) if row else None

    async def find(self, flow_id: UUID) -> Flow | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM flows WHERE dev_id = $1 AND id = $2", self._dev_id, flow_id
        )
        return _read(row) if row else None

    async def lock(self, flow_id: UUID) -> Flow | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM flows WHERE dev_id = $1 AND id = $2 FOR UPDATE", self._dev_id, flow_id
        )
        return _read(row) if row else None

    async def set_opened(self, flow_id: UUID, *, now: datetime) -> None:
        await self._session.execute(
            "UPDATE flows SET opened_at = $3 WHERE dev_id = $1 AND id = $2 AND opened_at IS NULL",
            self._dev_id, flow_id, now,
        )  # fmt: skip

    async def set_left(self, flow_id: UUID, *, provider: str, provider_app_id: UUID, now: datetime) -> None:
        await self._session.execute(
            "UPDATE flows SET provider = $3, provider_app_id = $4, opened_at = COALESCE(opened_at, $5), left_at = $5"
            " WHERE dev_id = $1 AND id = $2",
            self._dev_id, flow_id, provider, provider_app_id, now,
        )  # fmt: skip

    async def set_state(
        self,
        flow_id: UUID,
        state: FlowState,
        *,
        reason: str | None = None,
        claimed_at: datetime | None = None,
        pending_tokens: bytes | None = None,
    ) -> None:
        await self._session.execute(
            "UPDATE flows SET state = $3, reason = $4, claimed_at = $5, pending_tokens = $6"
            " WHERE dev_id = $1 AND id = $2",
            self._dev_id, flow_id, state.value, reason, claimed_at, pending_tokens,
        )  # fmt: skip

    async def add_trip(
        self,
        trip: Trip,
        *,
        state_hash: bytes,
        browser_hash: bytes,
        verifier: bytes,
        now: datetime,
        expires_at: datetime,
    ) -> None:
        await self._session.execute(
            "INSERT INTO flow_states (dev_id, state_hash, flow_id, browser_hash, verifier, provider, provider_app_id,"
            " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            self._dev_id, state_hash, trip.flow_id, browser_hash, verifier, trip.provider, trip.provider_app_id,
            now, expires_at,
        )  # fmt: skip

    async def take_trip(
        self, state_hash: bytes, browser_hash: bytes, *, keyring: Keyring, now: datetime
    ) -> Trip | None:
        """The trip this state belongs to, once: whoever asks again, or from another browser, gets None."""
        row = await self._session.fetchrow(
            "DELETE FROM flow_states WHERE dev_id = $1 AND state_hash = $2 AND browser_hash = $3 AND expires_at > $4"
            " RETURNING flow_id, verifier, provider, provider_app_id",
            self._dev_id, state_hash, browser_hash, now,
        )  # fmt: skip
        if row is None:
            return None
        verifier = keyring.decrypt(row["verifier"], identity=verifier_identity(self._dev_id, state_hash))
        return Trip(row["flow_id"], verifier.decode(), row["provider"], row["provider_app_id"])


class FlowsAcrossDevelopers:
    """What only the worker asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def in_progress(self, provider_app_id: UUID, left_before: datetime, *, now: datetime) -> bool:
        """Whether somebody who left for this app's vendor before `left_before` may still come back."""
        found = await self._session.fetchval(
            "SELECT 1 FROM flows WHERE provider_app_id = $1 AND expires_at > $3"
            " AND ((state = 'open' AND left_at <= $2) OR state IN ('exchanging', 'exchanged')) LIMIT 1",
            provider_app_id, left_before, now,
        )  # fmt: skip
        return found is not None

    async def interrupted(self, claimed_before: datetime) -> Sequence[Flow]:
        """Flows whose process died, or gave up for the time being, between the callback and the connection."""
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM flows WHERE state IN ('exchanging', 'exchanged') AND claimed_at < $1"
            " ORDER BY claimed_at LIMIT 100",
            claimed_before,
        )  # fmt: skip
        return [_read(row) for row in rows]

    async def expired(self, moment: datetime) -> Sequence[Flow]:
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM flows WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT 100",
            moment,
        )  # fmt: skip
        return [_read(row) for row in rows]

    async def forget_states(self, moment: datetime) -> None:
        """Remove the trips nobody came back from."""
        await self._session.execute("DELETE FROM flow_states WHERE expires_at < $1", moment)

    async def forget_older(self, moment: datetime) -> int:
        """Remove closed flows that ended before `moment`; their states go with them."""
        return await self._session.execute(
            "DELETE FROM flows WHERE expires_at < $1 AND state IN ('completed', 'failed')", moment
        )
