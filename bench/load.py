"""The load in a process of its own, and a small one: what it costs is missing to whoever is measured."""

import argparse
import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import repeat

import uvloop

from bench.client import LoadError, Outcome, drive


def load(
    port: int, request: bytes, *, clients: int, seconds: float | None = None, requests: int | None = None
) -> Outcome:
    """`drive` in a process of its own. Raises LoadError."""
    limits = {"--seconds": seconds, "--requests": requests}
    words = [word for name, value in limits.items() if value is not None for word in (name, str(value))]
    return _run(port, clients, words, request)


def load_each(port: int, requests: Sequence[bytes], *, clients: int) -> Outcome:
    """The same with requests of which each is sent once. Raises LoadError."""
    return _run(port, clients, ["--each"], pickle.dumps(list(requests)))


def _run(port: int, clients: int, words: list[str], said: bytes) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port), "--clients", str(clients), *words],
        input=said,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise LoadError(done.stderr.decode().strip().rpartition("\n")[2])
    return Outcome(**json.loads(done.stdout))


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--requests", type=int)
    parser.add_argument("--each", action="store_true", help="several requests, pickled")
    options = parser.parse_args()
    said = sys.stdin.buffer.read()
    requests = pickle.loads(said) if options.each else []  # noqa: S301 - the parent process wrote it
    outcome = uvloop.run(
        drive(
            options.port,
            iter(requests) if options.each else repeat(said),
            clients=options.clients,
            seconds=options.seconds,
            answers=len(requests) or options.requests,
        )
    )
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    _main()
