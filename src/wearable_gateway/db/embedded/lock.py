"""Does another process look after this data directory right now?"""

import os
import sys
from pathlib import Path

if sys.platform != "win32":  # Windows can import this package, though not start a server with it
    import fcntl


class DataLock:
    """A lock the kernel drops when its holder dies, so there is none to clean up after kill -9."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Not lockf: its locks belong to the process, and two clusters in one process must exclude each other too.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> str:
        """Who took the lock last; meaningful only after `acquire` said no."""
        return self._path.read_text().strip() or "unknown"
