"""Requests of developers' backends against a route of one raw statement."""

import asyncio
from collections.abc import Iterator
from functools import partial
from statistics import median

from bench.alternating import alternate
from bench.client import Outcome
from bench.installation import DEV_ID, Installation, add_connection
from bench.load import load
from bench.plan import Plan
from bench.results import Budget, Result
from wearable_gateway.db.session import open_database

CLIENTS = 16
_REFERENCE = "ann"
_CONNECTIONS = 3


def measure_user_info(installation: Installation, plan: Plan) -> Iterator[Result]:
    asyncio.run(_connect(installation))
    request = installation.request(f"GET /v2/userInfo?reference_id={_REFERENCE}")
    yield _compare(installation, plan, request, row="user_info", what="GET userInfo?reference_id=", share=0.5)


def measure_authenticate_user(installation: Installation, plan: Plan) -> Iterator[Result]:
    request = installation.request(
        "POST /v2/auth/authenticateUser?resource=SANDBOX", b'{"reference_id":"%s"}' % _REFERENCE.encode()
    )
    yield _compare(
        installation, plan, request, row="authenticate_user", what="POST authenticateUser", share=0.4
    )


async def _connect(installation: Installation) -> None:
    async with open_database(installation.url, size=2) as db:
        for _ in range(_CONNECTIONS):
            await add_connection(db, DEV_ID, _REFERENCE)


def _compare(
    installation: Installation, plan: Plan, request: bytes, *, row: str, what: str, share: float
) -> Result:
    with installation.serving() as gateway, installation.serving_ceiling() as ceiling:
        rounds = [
            partial(load, served.port, request, clients=CLIENTS, seconds=plan.seconds)
            for served in (gateway, ceiling)
        ]
        for served in (gateway, ceiling):
            load(served.port, request, clients=CLIENTS, seconds=min(plan.seconds, 1))
        mine, theirs = alternate(plan.rounds, *rounds)
    return Result(
        row=row,
        what=f"{what}, {CLIENTS} clients",
        unit="/s",
        subject=[outcome.rate for outcome in mine],
        ceiling=[outcome.rate for outcome in theirs],
        budget=Budget(share, at_least=True),
        details={**_latencies("", mine), **_latencies("ceiling_", theirs)},
    )


def _latencies(prefix: str, outcomes: list[Outcome]) -> dict[str, float]:
    return {
        f"{prefix}p50_ms": median(outcome.p50_ms for outcome in outcomes),
        f"{prefix}p99_ms": median(outcome.p99_ms for outcome in outcomes),
    }
