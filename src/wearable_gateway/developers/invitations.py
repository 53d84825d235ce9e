"""Invitations: a link to pass on, which gives one e-mail address a place, once, within a week."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.operators import normalise_email
from wearable_gateway.developers.places import AtPlace
from wearable_gateway.developers.roles import Role
from wearable_gateway.developers.sessions import hash_token, new_token
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7

LIFETIME = timedelta(days=7)
_COLUMNS = "id, dev_id, email, role, invited_by, created_at, expires_at"
_MOST = 500


@dataclass(frozen=True, slots=True)
class Invitation:
    """`dev_id` None: to run the gateway. `invited_by` is written as the audit's actors are."""

    id: UUID
    dev_id: str | None
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


class Invitations(AtPlace):
    """Those of one place."""

    async def pending(self) -> list[Invitation]:
        """By e-mail address; those too that are over, to be renewed."""
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM invitations WHERE {self._here} ORDER BY email LIMIT {_MOST}",
            self._dev_id,
        )  # fmt: skip
        return [_read(row) for row in rows]

    async def get(self, invitation_id: UUID) -> Invitation:
        """Raises NotFoundError, also for one that was used or withdrawn."""
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM invitations WHERE {self._here} AND id = $2", self._dev_id, invitation_id
        )
        if row is None:
            raise NotFoundError("invitation")
        return _read(row)

    async def invite(self, email: str, role: Role, now: datetime) -> tuple[Invitation, str]:
        """The invitation and its token, which is kept nowhere; another one of this address is over.

        Raises InvalidInputError when they are here already, NotFoundError for a developer there is not.
        """
        address = normalise_email(email)
        if self._dev_id is not None:
            await find_developer(self._session, self._dev_id)
        if await self._session.fetchval(
            f"SELECT id FROM operators WHERE {self._here} AND email = $2", self._dev_id, address
        ):
            raise InvalidInputError("email", f"{address} is an operator already; choose another")
        token, token_hash = new_token()
        row = await self._session.fetchrow(
            f"INSERT INTO invitations ({_COLUMNS}, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (email, dev_id) DO UPDATE SET role = EXCLUDED.role, invited_by = EXCLUDED.invited_by,"
            " created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at, token_hash = EXCLUDED.token_hash"
            f" RETURNING {_COLUMNS}",
            uuid7(), self._dev_id, address, role.value, self._acting.name, now, now + LIFETIME, token_hash,
        )  # fmt: skip
        await self._record("operator.invited", address, after={"role": role.value})
        return _read(row), token

    async def renew(self, invitation_id: UUID, now: datetime) -> tuple[Invitation, str]:
        """The same with a new token for another week; the old link is over. Raises NotFoundError."""
        found = await self.get(invitation_id)
        return await self.invite(found.email, found.role, now)

    async def withdraw(self, invitation_id: UUID) -> Invitation:
        """Raises NotFoundError."""
        row = await self._session.fetchrow(
            f"DELETE FROM invitations WHERE {self._here} AND id = $2 RETURNING {_COLUMNS}",
            self._dev_id, invitation_id,
        )  # fmt: skip
        if row is None:
            raise NotFoundError("invitation")
        withdrawn = _read(row)
        await self._record(
            "operator.invitation_withdrawn", withdrawn.email, before={"role": withdrawn.role.value}
        )
        return withdrawn


async def find_invitation(session: Session, token: str, now: datetime) -> Invitation:
    """Looks, and changes nothing. Raises DisallowedError for one that was used, withdrawn, too old or never was."""
    row = await session.fetchrow(
        f"SELECT {_COLUMNS} FROM invitations WHERE token_hash = $1 AND expires_at > $2",
        hash_token(token), now,
    )  # fmt: skip
    return _read_valid(row)


async def use_invitation(session: Session, token: str, now: datetime) -> Invitation:
    """The same, and it is used up."""
    row = await session.fetchrow(
        f"DELETE FROM invitations WHERE token_hash = $1 AND expires_at > $2 RETURNING {_COLUMNS}",
        hash_token(token), now,
    )  # fmt: skip
    return _read_valid(row)


def _read_valid(row: Row | None) -> Invitation:
    if row is None:
        raise DisallowedError("this invitation was used, withdrawn or is too old: ask for a new one")
    return _read(row)


def _read(row: Row) -> Invitation:
    return Invitation(**{**row, "role": Role(row["role"])})
