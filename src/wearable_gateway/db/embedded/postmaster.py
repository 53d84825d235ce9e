"""Is there a live server for this cluster, and how is one left over ended?"""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

_FAST, _IMMEDIATE, _KILL = signal.SIGINT, signal.SIGQUIT, signal.SIGKILL
# Linux has it, macOS has not.
_PROC = Path("/proc/self/cwd").exists()
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PidFile:
    """The lines of postmaster.pid, see src/include/utils/pidfile.h in PostgreSQL."""

    pid: int
    port: int
    ready: bool
    text: str


def read_pid_file(cluster: Path) -> PidFile | None:
    """None if there is none, or if the server has only begun to write it."""
    try:
        text = (cluster / "postmaster.pid").read_text()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    lines = text.splitlines()
    try:
        return PidFile(int(lines[0]), int(lines[3]), "".join(lines[7:8]).strip() == "ready", text)
    except (IndexError, ValueError):
        return None


def serves(pid: int, cluster: Path) -> bool:
    """Whether this process is a live server on the cluster: a zombie and a reused pid are not."""
    if pid <= 0:
        return False
    if _PROC:
        # Every PostgreSQL process works in its data directory, as may the shell of somebody who looks around there;
        # a zombie has no directory any more.
        process = Path(f"/proc/{pid}")
        try:
            return (process / "cwd").samefile(cluster) and (
                process / "comm"
            ).read_text().strip() == "postgres"
        except OSError:
            return False
    shown = subprocess.run(  # noqa: S603 - a number is all that varies
        ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return not shown.stdout.startswith("Z") and f"postgres -D {cluster}" in shown.stdout


def stale_pid(cluster: Path) -> str | None:
    """The pid in a leftover postmaster.pid, which PostgreSQL would take for alive when another process has it now."""
    try:
        first_line = (cluster / "postmaster.pid").read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    return first_line.lstrip("-").strip() or None


def end_leftovers(cluster: Path) -> None:
    """Ends the server of a parent that was killed. Its data is safe: what it did not write down is recovered."""
    if not (cluster / "postmaster.pid").exists():
        return
    pid_file = read_pid_file(cluster)
    if pid_file is not None and serves(pid_file.pid, cluster):
        _log.warning("PostgreSQL was left running as process %d; it is being shut down first", pid_file.pid)
        _end([pid_file.pid], cluster, [(_FAST, 60), (_IMMEDIATE, 10), (_KILL, 5)])
    # Without their postmaster the rest end by themselves, unless they are busy in a long statement.
    _end(list(_processes(cluster)), cluster, [(None, 2), (_IMMEDIATE, 3), (_KILL, 5)])


def _end(pids: list[int], cluster: Path, steps: Iterable[tuple[signal.Signals | None, float]]) -> None:
    def alive() -> list[int]:
        return [pid for pid in pids if serves(pid, cluster)]

    for signal_number, seconds in steps:
        for pid in alive():
            _send(pid, signal_number)
        if wait_until(lambda: not alive(), seconds):
            return
    raise EmbeddedPostgresError(
        f"A leftover PostgreSQL (process {', '.join(map(str, alive()))}) does not end: stop it, then start again."
    )


def _send(pid: int, signal_number: signal.Signals | None) -> None:
    if signal_number is None:
        return
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise EmbeddedPostgresError(
            f"PostgreSQL is already running on this data as process {pid} of another user: stop it as that user."
        ) from error


def _processes(cluster: Path) -> Iterator[int]:
    """All of the cluster's processes where /proc can tell; PostgreSQL itself waits for the others."""
    if _PROC:
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and serves(int(folder.name), cluster):
                yield int(folder.name)


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
