"""Processes to measure: started, awaited, weighed, stopped."""

import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PATIENCE = 60
_ROOT = Path(__file__).resolve().parents[1]


class ProcessError(Exception):
    """It ended, or did not answer."""


def free_port() -> int:
    """Below those that the system hands out to outgoing connections."""
    for _ in range(200):
        port = random.randint(12000, 19999)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ProcessError("no free port between 12000 and 19999")


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's, without what configures the gateway of whoever runs the benchmark."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, **settings}


def _python_path() -> str:
    """So that `bench` is found from any folder, and first what this process was told to find first."""
    return os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(_ROOT))))


def start(*words: str, folder: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """`python -m words`, from a folder where no `.env` speaks. What it says is added to a log in that folder."""
    log = folder / f"{'-'.join(word for word in words[:2] if word.isidentifier() or '.' in word)}.log"
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=folder,
            env={**environment, "PYTHONPATH": _python_path()},
            stdout=output,
            stderr=output,
        )


@contextmanager
def running(*words: str, folder: Path, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The same, until the block ends."""
    process = start(*words, folder=folder, environment=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def fetched(url: str) -> bytes:
    """What it answers. Raises OSError."""
    with _OPENER.open(url, timeout=_PATIENCE) as answer:
        body: bytes = answer.read()
    return body


def wait_for_answer(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Returns at the first 200. Raises ProcessError."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ProcessError(f"{process.args!r} ended with code {process.returncode}")
        try:
            _OPENER.open(url, timeout=5).close()
        except (OSError, urllib.error.URLError):
            time.sleep(0.01)
        else:
            return
    raise ProcessError(f"{url} did not answer within {_PATIENCE} s")


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(asked.stdout) / 1024


def most_megabytes(pid: int) -> float:
    """Resident at its most since `forget_most`; where the system does not tell in a file, what is resident now."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return resident_megabytes(pid)
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def forget_most(pid: int) -> None:
    """See proc(5), clear_refs."""
    place = Path(f"/proc/{pid}/clear_refs")
    if place.exists():
        place.write_text("5")


def processor_seconds(pid: int) -> float:
    """What the process has spent so far, all threads together; 0 where the system does not tell in a file."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    # The name, in parentheses, may hold anything; what follows it are numbers: see proc(5).
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def runs_uvloop(pid: int) -> bool:
    """Whether the process has loaded it; false where the system does not tell in a file."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.exists() and "uvloop" in maps.read_text()
