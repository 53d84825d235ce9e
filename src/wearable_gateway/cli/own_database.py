"""The database `run` works with: started, and brought to the newest schema while this process does something else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wearable_gateway.db.embedded import Cluster
from wearable_gateway.errors import SettingsError
from wearable_gateway.local import postgres_folder


@contextmanager
def running_database(folder: Path, url: str | None) -> Iterator[str]:
    """The URL of a running database: the one given, or our own PostgreSQL, which ends with this block."""
    if url is not None:
        yield url
        return
    with Cluster(postgres_folder(folder)) as cluster:
        cluster.ensure_database()
        yield cluster.url()


@contextmanager
def migrating(url: str) -> Iterator[None]:
    """The newest schema is there when the block ends. Raises SettingsError when it could not be brought there.

    By a process of its own: what it imports for that is not needed here, neither its time nor its memory.
    """
    command = [sys.executable, "-m", "wearable_gateway.db.migrate"]
    # The address holds a password, which a command line would show to everybody on this machine.
    with subprocess.Popen(  # noqa: S603 - this program itself
        command,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield
            _, said = process.communicate()
        finally:
            # Nothing to do for one that has ended by itself.
            process.terminate()
        if process.returncode != 0:
            raise SettingsError(said.strip() or "the database could not be migrated")
