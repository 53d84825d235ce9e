"""The load in a process of its own, and a small one: what it costs is missing to whoever is measured."""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict

import uvloop

from bench.client import LoadError, Outcome, drive


def load(
    port: int, request: bytes, *, clients: int, seconds: float | None = None, requests: int | None = None
) -> Outcome:
    """`drive` in a process of its own. Raises LoadError."""
    limits = {"--seconds": seconds, "--requests": requests}
    words = [word for name, value in limits.items() if value is not None for word in (name, str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port), "--clients", str(clients), *words],
        input=request,
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
    options = parser.parse_args()
    request = sys.stdin.buffer.read()
    print(json.dumps(asdict(uvloop.run(drive(request=request, **vars(options))))))


if __name__ == "__main__":
    _main()
