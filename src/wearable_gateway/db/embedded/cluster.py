"""One PostgreSQL server as a child of this process: made on first use, started, watched, stopped."""

import atexit
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from wearable_gateway.db.embedded.account import Account, choose_account
from wearable_gateway.db.embedded.binaries import find_binaries, major_of
from wearable_gateway.db.embedded.configuration import ports, server_arguments
from wearable_gateway.db.embedded.data_directory import DataDirectory
from wearable_gateway.db.embedded.databases import create_database, ensure_database
from wearable_gateway.db.embedded.errors import EmbeddedPostgresError
from wearable_gateway.db.embedded.keeper import Keeper
from wearable_gateway.db.embedded.lock import DataLock
from wearable_gateway.db.embedded.new_cluster import make_cluster
from wearable_gateway.db.embedded.postmaster import (
    PidFile,
    end_leftovers,
    read_pid_file,
    serves,
    stale_pid,
    wait_until,
)
from wearable_gateway.db.embedded.running import DEFAULT_DATABASE, address
from wearable_gateway.db.embedded.server_log import ServerLog

_SECONDS_FOR_A_DYING_SERVER = 0.3
_SECONDS_FOR_ANOTHER_START = 10
_SECONDS_BETWEEN_NEWS = 10
_SECONDS_FOR_A_STOP = 60
_log = logging.getLogger(__name__)


class Cluster:
    """`durable=False` is for tests: a crash of the machine, not of the server, may then lose everything."""

    def __init__(self, data_dir: Path, *, durable: bool = True, port: int | None = None) -> None:
        self._files = DataDirectory(data_dir.absolute())
        self._durable = durable
        self._wanted_port = port
        self._lock = DataLock(self._files.lock)
        self._server_log = ServerLog(self._files.log, self._files.older_log)
        self._account: Account | None = None
        self._keeper: Keeper | None = None
        self._port = 0
        self._starter = os.getpid()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process, or None when it does not run."""
        return self._keeper.pid if self._keeper is not None and self._keeper.alive else None

    def start(self) -> None:
        """Returns when the server takes connections; after a crash it recovers first, however long that takes."""
        if sys.platform == "win32":
            raise EmbeddedPostgresError(
                "The embedded PostgreSQL runs on Linux and macOS: on Windows use WSL, or set DATABASE_URL."
            )
        with self._plain_errors():
            self._files.prepare()
            self._take_lock()
            try:
                self._serve()
            except BaseException:
                self._lock.release()
                raise
        self._starter = os.getpid()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Ends open connections and writes everything down; nothing to do if the server does not run."""
        atexit.unregister(self.stop)
        # A forked child inherits this object, but not the right to end its parent's server.
        if self._keeper is None or self._starter != os.getpid():
            return
        self._keeper.end(patience=_SECONDS_FOR_A_STOP)
        self._keeper = None

    def url(self, database: str = DEFAULT_DATABASE) -> str:
        self._require_running()
        return address(self._files, self._port, database)

    def create_database(self, name: str, template: str | None = None) -> None:
        account = self._require_running()
        create_database(account.binaries, self._port, self._files.password(), name=name, template=template)

    def ensure_database(self, name: str = DEFAULT_DATABASE) -> None:
        """Creates the database unless it is there already."""
        account = self._require_running()
        ensure_database(account.binaries, self._port, self._files.password(), name=name)

    def _require_running(self) -> Account:
        if self._account is None or self.pid is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL does not run: start it first.")
        return self._account

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL cannot start on {self._files.root}: {error.strerror} ({error.filename})."
            ) from error

    def _take_lock(self) -> None:
        # Without a live server the holder is only starting, or has yet to notice that its server died.
        if wait_until(self._lock.acquire, _SECONDS_FOR_A_DYING_SERVER):
            return
        server = self._ready_server()
        if server is None and wait_until(self._lock.acquire, _SECONDS_FOR_ANOTHER_START):
            return
        server = self._ready_server()
        if server is None:
            raise EmbeddedPostgresError(
                f"Process {self._lock.holder()} is busy with {self._files.root}: wait until it is done, or stop it."
            )
        raise EmbeddedPostgresError(
            f"PostgreSQL is already running on {self._files.root}, pid {server.pid}, port {server.port}, "
            f"started by process {self._lock.holder()}: stop that one first, or use another data directory."
        )

    def _ready_server(self) -> PidFile | None:
        server = read_pid_file(self._files.cluster)
        return server if server and server.ready and serves(server.pid, self._files.cluster) else None

    def _serve(self) -> None:
        account, version = choose_account(
            find_binaries(), folder=self._files.root, copies=self._files.binaries
        )
        self._files.require_major(major_of(version))
        end_leftovers(self._files.cluster)
        if not self._files.cluster.exists():
            make_cluster(self._files, account, major=major_of(version), durable=self._durable)
        self._files.password()
        self._account = account
        self._launch(account)

    def _launch(self, account: Account) -> None:
        for port in ports(self._wanted_port):
            before = read_pid_file(self._files.cluster)
            keeper = self._spawn(account, port)
            try:
                ready = self._became_ready(keeper, port, before)
            except BaseException:
                keeper.end(patience=_SECONDS_FOR_A_STOP)
                raise
            if ready:
                self._keeper, self._port = keeper, port
                keeper.at_exit(partial(self._ended, keeper))
                return
            # Another program may have been quicker to take the port.
            if self._wanted_port is not None or not self._server_log.says_port_taken():
                raise EmbeddedPostgresError(
                    f"PostgreSQL did not start on {self._files.root} ({self._server_log.complaint()}): "
                    f"the whole story is in {self._files.log}."
                )
        raise EmbeddedPostgresError("PostgreSQL found no free port between 20000 and 29999: free some.")

    def _spawn(self, account: Account, port: int) -> Keeper:
        arguments = server_arguments(port, durable=self._durable)
        # PostgreSQL ignores this pid in a leftover postmaster.pid, so a zombie or a stranger with it is no hindrance.
        # Deleting the file would also take away its own check that no old server still uses the memory.
        stale = stale_pid(self._files.cluster)
        environment = {"PG_GRANDPARENT_PID": stale} if stale else {}
        with self._server_log.open() as output:
            account.own(self._files.log)
            return Keeper(
                lambda: account.start(
                    [account.binaries.postgres, "-D", self._files.cluster, *arguments],
                    output=output,
                    **environment,
                ),
                self._server_log,
            )

    def _became_ready(self, keeper: Keeper, port: int, before: PidFile | None) -> bool:
        """False if the server ended instead."""
        started = time.monotonic()

        def decided() -> bool:
            server = read_pid_file(self._files.cluster)
            ready = server is not None and server != before and server.ready
            return not keeper.alive or (
                ready and server is not None and (server.pid, server.port) == (keeper.pid, port)
            )

        while not wait_until(decided, _SECONDS_BETWEEN_NEWS):
            _log.warning(
                "PostgreSQL is still starting after %d s, as it does while it recovers from a crash: %s",
                time.monotonic() - started,
                self._server_log.last_line(),
            )
        return keeper.alive

    def _ended(self, keeper: Keeper) -> None:
        if not keeper.ending:
            _log.error("PostgreSQL ended by itself with code %s; see %s", keeper.exit_code, self._files.log)
        self._lock.release()
