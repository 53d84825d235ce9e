"""Under which address does the running server answer?"""

import socket
from pathlib import Path

from wearable_gateway.db.embedded.configuration import HOST, USER
from wearable_gateway.db.embedded.data_directory import DataDirectory
from wearable_gateway.db.embedded.postmaster import read_pid_file, serves

DEFAULT_DATABASE = "wearable_gateway"


def running_url(data_dir: Path, database: str = DEFAULT_DATABASE) -> str | None:
    """The address of the server another process keeps on this data directory, or None if none is up and answering."""
    files = DataDirectory(data_dir.absolute())
    pid_file = read_pid_file(files.cluster)
    if pid_file is None or not pid_file.ready or not serves(pid_file.pid, files.cluster):
        return None
    if not _answers(pid_file.port):
        return None
    return address(files, pid_file.port, database)


def address(files: DataDirectory, port: int, database: str) -> str:
    return f"postgresql+asyncpg://{USER}:{files.password()}@{HOST}:{port}/{database}"


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=2).close()
    except OSError:
        return False
    return True
