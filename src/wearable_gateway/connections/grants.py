"""The rows of grants: found by what they are, locked one at a time, opened only where tokens are used."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from wearable_gateway.connections.models import Grant, GrantState
from wearable_gateway.db.session import Row, Session
from wearable_gateway.kit import json
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import derived_uuid
from wearable_gateway.providers._base.reaching import Tokens

_COLUMNS = (
    "id, provider, provider_app_id, provider_account_id, state, scopes, tokens, token_version, consented_at,"
    " refreshing_until, release_requested_at, release_due_at"
)


def grant_id_of(provider_app_id: UUID, provider_account_id: str) -> UUID:
    return derived_uuid("grant", str(provider_app_id), provider_account_id)


def read_grant(row: Row) -> Grant:
    return Grant(
        id=row["id"],
        provider=row["provider"],
        provider_app_id=row["provider_app_id"],
        provider_account_id=row["provider_account_id"],
        state=GrantState(row["state"]),
        scopes=tuple(row["scopes"]),
        tokens=row["tokens"],
        token_version=row["token_version"],
        consented_at=row["consented_at"],
        refreshing_until=row["refreshing_until"],
        release_requested_at=row["release_requested_at"],
        release_due_at=row["release_due_at"],
    )


class GrantRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, grant_id: UUID) -> Grant | None:
        row = await self._session.fetchrow(f"SELECT {_COLUMNS} FROM grants WHERE id = $1", grant_id)
        return read_grant(row) if row else None

    async def lock(self, grant_id: UUID) -> Grant | None:
        """Whoever changes a grant or its set of connections holds this lock, and takes it first."""
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM grants WHERE id = $1 FOR UPDATE",
            grant_id,
        )
        return read_grant(row) if row else None

    async def ensure(
        self, *, provider: str, provider_app_id: UUID, provider_account_id: str, now: datetime
    ) -> Grant:
        """The grant of this account with this app, locked; made empty when it is new."""
        grant_id = grant_id_of(provider_app_id, provider_account_id)
        await self._session.execute(
            "INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version,"
            " consented_at, created_at) VALUES ($1, $2, $3, $4, 'revoked', '{}', 0, $5, $5) ON CONFLICT DO NOTHING",
            grant_id, provider, provider_app_id, provider_account_id, now,
        )  # fmt: skip
        grant = await self.lock(grant_id)
        assert grant is not None  # noqa: S101 - made or found one statement ago
        return grant

    async def set_consent(
        self, grant_id: UUID, *, tokens: bytes, scopes: Sequence[str], consented_at: datetime
    ) -> None:
        """The newest consent's tokens replace the older ones, and whatever was under way to end the grant is off."""
        await self._session.execute(
            "UPDATE grants SET state = 'live', tokens = $2, scopes = $3, token_version = token_version + 1,"
            " consented_at = $4, refreshing_until = NULL, release_requested_at = NULL, release_due_at = NULL,"
            " release_attempts = 0 WHERE id = $1",
            grant_id, tokens, list(scopes), consented_at,
        )  # fmt: skip

    async def begin_fetch(self, grant_id: UUID) -> int:
        """The number of the fetch that is about to begin: of two answers the one with the larger number is newer."""
        number: int = await self._session.fetchval(
            "UPDATE grants SET fetches = fetches + 1 WHERE id = $1 RETURNING fetches", grant_id
        )
        return number

    async def set_refreshing(self, grant_id: UUID, until: datetime | None) -> None:
        await self._session.execute("UPDATE grants SET refreshing_until = $2 WHERE id = $1", grant_id, until)

    async def set_tokens(self, grant_id: UUID, *, tokens: bytes, refreshed_at: datetime) -> None:
        await self._session.execute(
            "UPDATE grants SET tokens = $2, token_version = token_version + 1, refreshing_until = NULL,"
            " refreshed_at = $3 WHERE id = $1",
            grant_id, tokens, refreshed_at,
        )  # fmt: skip

    async def set_scopes(self, grant_id: UUID, scopes: Sequence[str]) -> None:
        await self._session.execute("UPDATE grants SET scopes = $2 WHERE id = $1", grant_id, list(scopes))

    async def set_revoked(self, grant_id: UUID) -> None:
        """Dead: the tokens are erased."""
        await self._session.execute(
            "UPDATE grants SET state = 'revoked', tokens = NULL, scopes = '{}', token_version = token_version + 1,"
            " refreshing_until = NULL, release_requested_at = NULL, release_due_at = NULL WHERE id = $1",
            grant_id,
        )  # fmt: skip

    async def request_release(self, grant_id: UUID, *, now: datetime) -> None:
        await self._session.execute(
            "UPDATE grants SET state = 'releasing', release_requested_at = $2, release_due_at = $2,"
            " release_attempts = 0 WHERE id = $1",
            grant_id, now,
        )  # fmt: skip


def tokens_to_text(tokens: Tokens) -> bytes:
    """A token set as it is sealed: JSON, the expiry in seconds since 1970."""
    plain: dict[str, Any] = {
        "access": tokens.access,
        "refresh": tokens.refresh,
        "expires_at": tokens.expires_at.timestamp() if tokens.expires_at else None,
        "scopes": list(tokens.scopes),
        "extra": dict(tokens.extra),
    }
    return json.dump(plain)


def tokens_from_text(text: bytes) -> Tokens:
    plain = json.load(text)
    expires_at = plain["expires_at"]
    return Tokens(
        access=plain["access"],
        refresh=plain["refresh"],
        expires_at=datetime.fromtimestamp(expires_at, UTC) if expires_at else None,
        scopes=tuple(plain["scopes"]),
        extra=plain["extra"],
    )


def seal_tokens(keyring: Keyring, grant_id: UUID, tokens: Tokens) -> bytes:
    return keyring.encrypt(tokens_to_text(tokens), identity=f"grants/{grant_id}/tokens")


def open_tokens(keyring: Keyring, grant_id: UUID, sealed: bytes) -> Tokens:
    return tokens_from_text(keyring.decrypt(sealed, identity=f"grants/{grant_id}/tokens"))
