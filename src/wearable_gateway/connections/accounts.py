"""Wearable accounts as those who run the gateway see them: every grant, whoever is linked to it, and no token.

Grants are shared and connections are developers': what stands here is read in steps, never joined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.connections.models import Connection, GrantState
from wearable_gateway.connections.repository import COLUMNS, as_uuid, read_connection
from wearable_gateway.db.session import Row, Session
from wearable_gateway.errors import NotFoundError

_COLUMNS = (
    "id, provider, provider_app_id, provider_account_id, state, scopes, consented_at, refreshed_at, fetches,"
    " release_due_at, release_attempts, created_at"
)


@dataclass(frozen=True, slots=True)
class Account:
    """What a wearable account granted one provider app. `release_due_at`: when the vendor is told that it is over."""

    id: UUID
    provider: str
    provider_app_id: UUID
    provider_account_id: str
    state: GrantState
    scopes: tuple[str, ...]
    consented_at: datetime
    refreshed_at: datetime | None
    fetches: int
    release_due_at: datetime | None
    release_attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something done for a grant from time to time; `attempts` counts failures in a row."""

    name: str
    due_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Linked:
    """Connections to a grant that are not over, of how many developers, and when its vendor was asked for them last."""

    connections: int = 0
    developers: int = 0
    last_fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A developer whom the end of a grant reaches, with one event for each connection."""

    dev_id: str
    connections: int


class AccountsAcrossDevelopers:
    """What only those who run the gateway may ask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, grant_id: UUID) -> Account:
        """Raises NotFoundError."""
        row = await self._session.fetchrow(f"SELECT {_COLUMNS} FROM grants WHERE id = $1", grant_id)
        if row is None:
            raise NotFoundError("account")
        return _read(row)

    async def page(
        self,
        providers: Sequence[str] | None = None,
        *,
        account_id: str | None = None,
        after: UUID | None = None,
        limit: int,
    ) -> list[Account]:
        """By provider and the provider's name of the account; None: of all. `after` is the last one before; unknown: none."""
        values: list[Any] = [limit]
        # Only what is asked for stands in the statement, so that the index is entered where the page begins.
        where = "true"
        if providers is not None:
            values.append(list(providers))
            where += f" AND provider = ANY (${len(values)})"
        if account_id is not None:
            values.append(account_id)
            where += f" AND provider_account_id = ${len(values)}"
        if after is not None:
            last = await self._session.fetchrow(
                "SELECT provider, provider_account_id FROM grants WHERE id = $1", after
            )
            if last is None:
                return []
            values += [last["provider"], last["provider_account_id"], after]
            count = len(values)
            where += f" AND (provider, provider_account_id, id) > (${count - 2}, ${count - 1}, ${count})"
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM grants WHERE {where} ORDER BY provider, provider_account_id, id LIMIT $1",
            *values,
        )
        return [_read(row) for row in rows]

    async def search(
        self, providers: Sequence[str] | None, text: str, *, after: UUID | None = None, limit: int
    ) -> list[Account]:
        """`text` is the provider's name of an account, the id of a grant, or a user_id; nothing: all."""
        found = await self.page(providers, account_id=text or None, after=after, limit=limit)
        named = as_uuid(text)
        if named is None or after is not None:
            return found
        by_id = await self.of_ids([named, *await self.grants_of_user(named)])
        known = {one.id for one in found}
        return [*found, *(one for one in by_id if one.id not in known and _is_of(one, providers))]

    async def of_ids(self, grant_ids: Sequence[UUID]) -> list[Account]:
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM grants WHERE id = ANY ($1) ORDER BY provider, provider_account_id, id",
            list(grant_ids),
        )
        return [_read(row) for row in rows]

    async def grants_of_user(self, user_id: UUID) -> list[UUID]:
        """Of whichever developer the user is: one look into the primary key for each developer there is."""
        rows = await self._session.fetch(
            "SELECT c.grant_id FROM developers d JOIN connections c ON c.dev_id = d.dev_id WHERE c.id = $1",
            user_id,
        )
        return [row["grant_id"] for row in rows]

    async def app_owners(self, app_ids: Sequence[UUID]) -> Mapping[UUID, str | None]:
        """By provider app the developer whose own it is; None: shared. One that was taken away is not in it."""
        rows = await self._session.fetch(
            "SELECT id, dev_id FROM provider_apps WHERE id = ANY ($1)", list(set(app_ids))
        )
        return {row["id"]: row["dev_id"] for row in rows}

    async def links(self, grant_ids: Sequence[UUID]) -> Mapping[UUID, Linked]:
        """By grant who is linked to it."""
        rows = await self._session.fetch(
            "SELECT grant_id, count(*) FILTER (WHERE state <> 'revoked') AS connections,"
            " count(DISTINCT dev_id) FILTER (WHERE state <> 'revoked') AS developers, max(last_polled_at) AS fetched"
            " FROM connections WHERE grant_id = ANY ($1) GROUP BY grant_id",
            list(grant_ids),
        )  # fmt: skip
        found = {
            row["grant_id"]: Linked(row["connections"], row["developers"], row["fetched"]) for row in rows
        }
        return {grant_id: found.get(grant_id, Linked()) for grant_id in grant_ids}

    async def reached(self, grant_id: UUID) -> list[Reached]:
        """Every developer whom the end of the grant would reach."""
        rows = await self._session.fetch(
            "SELECT dev_id, count(*) AS connections FROM connections WHERE grant_id = $1 AND state <> 'revoked'"
            " GROUP BY dev_id ORDER BY dev_id",
            grant_id,
        )  # fmt: skip
        return [Reached(row["dev_id"], row["connections"]) for row in rows]

    async def connections(self, grant_id: UUID, *, after: UUID | None = None, limit: int) -> list[Connection]:
        """All that ever were linked and are still there, oldest first; `after` is the user_id of one of them."""
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections WHERE grant_id = $1 AND ($2::uuid IS NULL OR id > $2)"
            " ORDER BY id, dev_id LIMIT $3",
            grant_id, after, limit,
        )  # fmt: skip
        return [read_connection(row) for row in rows]

    async def tasks(self, grant_id: UUID) -> list[Task]:
        rows = await self._session.fetch(
            "SELECT task, due_at, attempts FROM grant_upkeep WHERE grant_id = $1 ORDER BY due_at, task",
            grant_id,
        )
        return [Task(row["task"], row["due_at"], row["attempts"]) for row in rows]


def _is_of(account: Account, providers: Sequence[str] | None) -> bool:
    return providers is None or account.provider in providers


def _read(row: Row) -> Account:
    return Account(
        **{name: row[name] for name in _COLUMNS.split(", ") if name not in {"state", "scopes"}},
        state=GrantState(row["state"]),
        scopes=tuple(row["scopes"]),
    )
