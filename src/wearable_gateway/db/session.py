"""How is a statement run? asyncpg, one transaction per request or job, a wake-up after the commit.

SQLAlchemy describes the tables; statements are SQL (docs/adr/0002). Nothing here is ever held open during a call
to a remote host.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import asyncpg

from wearable_gateway.db.wakeups import Notifier
from wearable_gateway.errors import DatabaseUnavailableError, InvalidInputError
from wearable_gateway.kit import json

Row = Any  # asyncpg.Record: a mapping with attribute-free access; asyncpg ships no types

# Harmless placeholders on PostgreSQL, needed on Citus (docs/adr/0003).
_SERVER_SETTINGS = {
    "application_name": "wearable-gateway",
    "jit": "off",
    # A process stopped in the middle of a transaction must not hold its locks for ever.
    "idle_in_transaction_session_timeout": "30000",
    "citus.override_table_visibility": "off",
    "citus.propagate_set_commands": "local",
    "citus.enable_deadlock_prevention": "off",
}


class Session(Protocol):
    """What a repository needs: run one statement, and say who should look for work afterwards."""

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]: ...
    async def fetchrow(self, sql: str, *values: Any) -> Row | None: ...
    async def fetchval(self, sql: str, *values: Any) -> Any: ...
    async def execute(self, sql: str, *values: Any) -> int: ...
    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...
    def wake(self, queue: str) -> None: ...


def _affected(status: str) -> int:
    """The number of rows in a command tag such as `UPDATE 3`."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() else 0


_UNAVAILABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """A value PostgreSQL cannot hold is bad input, wherever it slipped through; a lost server is nobody's fault."""
    try:
        yield
    except (asyncpg.DataError, UnicodeEncodeError) as error:
        raise InvalidInputError(
            "value", "text without NUL characters and of a size that can be stored"
        ) from error
    except _UNAVAILABLE as error:
        raise DatabaseUnavailableError("the database does not answer; try again in a moment") from error


class _Statements:
    """The same five calls on a connection inside a transaction and on the pool outside one."""

    def __init__(self, runner: Any, notifier: Notifier) -> None:
        self._runner = runner
        self._notifier = notifier

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        with _in_our_words():
            rows: Sequence[Row] = await self._runner.fetch(sql, *values)
            return rows

    async def fetchrow(self, sql: str, *values: Any) -> Row | None:
        with _in_our_words():
            return await self._runner.fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: Any) -> Any:
        with _in_our_words():
            return await self._runner.fetchval(sql, *values)

    async def execute(self, sql: str, *values: Any) -> int:
        with _in_our_words():
            return _affected(await self._runner.execute(sql, *values))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _in_our_words():
            await self._runner.executemany(sql, rows)


class Autocommit(_Statements):
    """Each statement is its own transaction: for reads, and for writes that are one statement."""

    def wake(self, queue: str) -> None:
        self._notifier.notify(queue)


class Transaction(_Statements):
    def __init__(self, runner: Any, notifier: Notifier) -> None:
        super().__init__(runner, notifier)
        self._woken: set[str] = set()

    def wake(self, queue: str) -> None:
        """Once this transaction has committed, whoever works on `queue` looks at it at once."""
        self._woken.add(queue)

    def committed(self) -> None:
        for queue in self._woken:
            self._notifier.notify(queue)


_with_every_transaction: ContextVar[Callable[[Session], Awaitable[None]] | None] = ContextVar(
    "with_every_transaction", default=None
)


@contextmanager
def with_every_transaction(action: Callable[[Session], Awaitable[None]]) -> Iterator[None]:
    """Until the end of the block, `action` is part of each transaction that begins in this task or one it starts."""
    token = _with_every_transaction.set(action)
    try:
        yield
    finally:
        _with_every_transaction.reset(token)


class _Rehearsed(Exception):  # noqa: N818 - ends a transaction that was never meant to last
    pass


class Database:
    def __init__(self, pool: Any, notifier: Notifier) -> None:
        self._pool = pool
        self._notifier = notifier
        self.autocommit = Autocommit(pool, notifier)

    @asynccontextmanager
    async def transaction(self, *, rehearse: bool = False) -> AsyncIterator[Transaction]:
        """`rehearse`: undone at its end, so that whoever asks learns what would happen and nothing does."""
        with _in_our_words():
            async with self._pool.acquire() as connection:
                session = Transaction(connection, self._notifier)
                try:
                    async with connection.transaction():
                        yield session
                        if rehearse:
                            raise _Rehearsed  # noqa: TRY301 - so that the transaction ends as after any failure
                        action = _with_every_transaction.get()
                        if action is not None:
                            await action(session)
                except _Rehearsed:
                    return
                session.committed()


# jsonb cannot hold U+0000; a vendor's text that has one loses it and nothing else.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def _encode_json(value: Any) -> bytes:
    return b"\x01" + _NUL.sub(rb"\1", json.dump(value))


async def _set_codecs(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=_encode_json,
        decoder=lambda text: json.load(text[1:]),
    )


async def _keep_session(_connection: Any) -> None:
    """No reset between two uses: nothing here sets session state, and the reset costs as much as a query."""


def driver_url(url: str) -> str:
    """`postgresql+asyncpg://…` and `postgres://…` as asyncpg wants them."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}{separator}{rest}"


@asynccontextmanager
async def open_database(url: str, *, size: int = 16) -> AsyncIterator[Database]:
    """A pool of at most `size` connections, closed at the end."""
    dsn = driver_url(url)
    async with (
        asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            init=_set_codecs,
            reset=_keep_session,
            server_settings=_SERVER_SETTINGS,
            max_inactive_connection_lifetime=60,
        ) as pool,
        Notifier.running(pool) as notifier,
    ):
        yield Database(pool, notifier)
