"""What did the server say, and how is its log kept small?"""

import shutil
from pathlib import Path
from typing import IO

LIMIT = 10 * 1024 * 1024


class ServerLog:
    """The log file and one older part; together they stay near twice the limit."""

    def __init__(self, path: Path, older: Path, *, limit: int = LIMIT) -> None:
        self._path = path
        self._older = older
        self._limit = limit
        self._start = 0

    def open(self) -> IO[bytes]:
        """For the server to append to; what it says from now on is what `complaint` looks at."""
        self.trim()
        file = self._path.open("ab")
        self._path.chmod(0o600)
        self._start = file.tell()
        return file

    def trim(self) -> None:
        """Keeps a copy and empties the file in place: the server goes on appending to the same one."""
        if not self._path.exists() or self._path.stat().st_size <= self._limit:
            return
        shutil.copyfile(self._path, self._older)
        self._older.chmod(0o600)
        with self._path.open("r+b") as file:
            file.truncate(0)
        self._start = 0

    def says_port_taken(self) -> bool:
        return "could not create any TCP/IP sockets" in self._said()

    def _said(self) -> str:
        """Everything since `open`, up to the limit."""
        with self._path.open("rb") as file:
            file.seek(self._start)
            return file.read(self._limit).decode(errors="replace")

    def last_line(self) -> str:
        return next((line.strip() for line in reversed(self._said().splitlines()) if line.strip()), "")

    def complaint(self) -> str:
        """The first fatal line if there is one, since later ones only follow from it."""
        lines = self._said().splitlines()
        fatal = next((line for line in lines if "FATAL:" in line or "PANIC:" in line), None)
        return (fatal or self.last_line()).strip()
