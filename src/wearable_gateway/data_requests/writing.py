"""A developer writes to the end user's account at the provider: item by item, each with its own outcome."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.faults import record_fault
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, ConnectionState, Grant
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.data_requests.completion import EXPIRED
from wearable_gateway.db.session import Database
from wearable_gateway.errors import (
    DisallowedError,
    GrantRevokedError,
    InvalidInputError,
    ProviderError,
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderRejectedError,
)
from wearable_gateway.kit.clock import Clock
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access
from wearable_gateway.unified.records import DataType

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ItemResult:
    """`id` is the provider's, None when the item was not taken; `reason` says why."""

    id: str | None
    response_code: int
    reason: str | None = None

    @property
    def succeeded(self) -> bool:
        return self.response_code < HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Written:
    connection: Connection
    results: Sequence[ItemResult]

    @property
    def complete(self) -> bool:
        return all(result.succeeded for result in self.results)


class Writer:
    """Writes for one developer."""

    def __init__(self, db: Database, vendors: Vendors, dev_id: str, clock: Clock) -> None:
        self._db = db
        self._vendors = vendors
        self._dev_id = dev_id
        self._clock = clock

    async def write(self, user_id: UUID, kind: DataType, items: Sequence[Mapping[str, Any]]) -> Written:
        """Add unified records at the provider, in order. Raises RefusedError, ProviderRefusedError."""

        async def one(provider: Provider, access: Access, item: Mapping[str, Any]) -> ItemResult:
            return ItemResult(await provider.write(access, kind, item), HTTPStatus.CREATED)

        return await self._each(user_id, kind, items, one, name=lambda _: None)

    async def delete(self, user_id: UUID, kind: DataType, log_ids: Sequence[str]) -> Written:
        """Remove what `write` added. Raises RefusedError, ProviderRefusedError."""

        async def one(provider: Provider, access: Access, log_id: str) -> ItemResult:
            await provider.delete(access, kind, log_id)
            return ItemResult(log_id, HTTPStatus.OK)

        written = await self._each(user_id, kind, log_ids, one, name=lambda log_id: log_id)
        gone = [result.id for result in written.results if result.succeeded and result.id]
        # Where one log is one record. Others are part of a day, which the vendor's notice makes us look at again.
        await RecordRepository(self._db.autocommit, self._dev_id).remove(user_id, kind, gone)
        return written

    async def _each(
        self,
        user_id: UUID,
        kind: DataType,
        items: Sequence[T],
        one: Callable[[Provider, Access, T], Awaitable[ItemResult]],
        *,
        name: Callable[[T], str | None],
    ) -> Written:
        connection, grant = await self._admit(user_id, kind)
        provider = PROVIDERS[connection.provider]
        results: list[ItemResult] = []
        async with self._vendors.access(grant) as access:
            for item in items:
                try:
                    results.append(await one(provider, access, item))
                except ProviderError as error:
                    # What was written before has ids that the caller must get: then nothing is raised any more.
                    if not any(result.succeeded for result in results):
                        await self._raise_if_hopeless(grant, error)
                    results.append(ItemResult(name(item), _code(error), error.detail))
        return Written(connection, results)

    async def _raise_if_hopeless(self, grant: Grant, error: ProviderError) -> None:
        """Some errors are not the item's: the next one would meet them too."""
        if isinstance(error, GrantRevokedError):
            raise DisallowedError(EXPIRED) from error
        if isinstance(error, ProviderRefusedError):
            async with self._db.transaction() as session:
                await record_fault(session, grant.id, error.detail, now=self._clock())
            raise error

    async def _admit(self, user_id: UUID, kind: DataType) -> tuple[Connection, Grant]:
        connection = await ConnectionRepository(self._db.autocommit, self._dev_id).get(user_id)
        grant = await GrantRepository(self._db.autocommit).find(connection.grant_id)
        if connection.state is ConnectionState.REVOKED or grant is None:
            raise DisallowedError(EXPIRED)
        scope = PROVIDERS[connection.provider].write_scopes.get(kind)
        if scope is None:
            able = sorted(slug for slug, provider in PROVIDERS.items() if kind in provider.write_scopes)
            raise InvalidInputError(
                "user_id", f"{connection.provider} takes no {kind.value} data; these do: {', '.join(able)}"
            )
        if scope not in connection.scopes:
            raise DisallowedError(
                f"no permissions: the end user did not agree to have {kind.value} data written"
            )
        return connection, grant


def _code(error: ProviderError) -> int:
    if isinstance(error, ProviderRejectedError | ProviderRefusedError):
        return error.status
    if isinstance(error, ProviderPendingError):
        return HTTPStatus.ACCEPTED
    if isinstance(error, GrantRevokedError):
        return HTTPStatus.FORBIDDEN
    limited = isinstance(error, ProviderLimitError)
    return HTTPStatus.TOO_MANY_REQUESTS if limited else HTTPStatus.SERVICE_UNAVAILABLE
