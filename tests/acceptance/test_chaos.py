"""A short `make chaos`: everything but a worker dies once, whose leases would have to run out (`test_crashes` has that)."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]
# Draws the API, the producer, PostgreSQL and its connections.
SEED = "16"


def test_every_committed_event_arrives_whatever_dies() -> None:
    words = ("kills", "--kills", "5", "--workers", "1", "--seconds", "4", "--events", "200", "--seed", SEED)
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bench.chaos", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count(" kept ") == 7, ended.stdout
