"""The process itself: how soon it answers, and what it weighs."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.installation import DEV_ID, Installation
from bench.load import load
from bench.plan import Plan
from bench.processes import clean_environment, free_port, resident_megabytes, running, wait_for_answer
from bench.results import Budget, Result

_REQUESTS = 1_000
_CLIENTS = 16


def measure_warm_start(installation: Installation, plan: Plan) -> Iterator[Result]:
    folder = installation.folder
    _seconds_to_answer(folder)  # makes the database and the keys
    yield Result(
        row="warm_start",
        what="warm start of `run` to the first answer",
        unit="s",
        subject=[_seconds_to_answer(folder) for _ in range(plan.rounds)],
        budget=Budget(3, at_least=False),
    )


def _seconds_to_answer(folder: Path) -> float:
    port = free_port()
    words = ("wearable_gateway", "run", "--port", str(port), "--data-dir", str(folder / "run"))
    started = time.perf_counter()
    with running(*words, folder=folder, environment=clean_environment()) as process:
        wait_for_answer(process, f"http://127.0.0.1:{port}/healthz")
        return time.perf_counter() - started


def measure_memory(installation: Installation, plan: Plan) -> Iterator[Result]:
    request = installation.request(f"GET /v2/userInfo?reference_id={DEV_ID}")
    weights = []
    for _ in range(min(plan.rounds, 3)):
        with installation.serving() as served:
            load(served.port, request, clients=_CLIENTS, requests=_REQUESTS)
            weights.append(resident_megabytes(served.pid))
    yield Result(
        row="memory",
        what=f"memory of `serve` after {_REQUESTS:,} requests",
        unit="MB",
        subject=weights,
        budget=Budget(120, at_least=False),
    )
