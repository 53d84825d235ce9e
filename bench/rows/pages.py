"""The dashboard's pages with many connections, signed in, against a page that is a template and nothing else."""

import asyncio
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from statistics import median

from bench.addresses import PAGES
from bench.alternating import alternate
from bench.client import LoadError, Outcome
from bench.filling import Filled, fill
from bench.installation import DEV_ID, Installation
from bench.load import load
from bench.plan import Plan
from bench.results import Budget, Result
from wearable_gateway.db.session import open_database
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.roles import Way
from wearable_gateway.developers.sessions import start_session
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.dashboard.cookies import SESSION

CLIENTS = 2
_LONGEST_MS = 150
_SUCCESS = 200


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    filled = asyncio.run(fill(installation, plan.connections))
    cookie = f"{SESSION}={asyncio.run(_signed_in(installation))}"
    with installation.serving() as gateway, installation.serving_ceiling() as ceiling:
        bare = partial(_load, ceiling.port, "/page", "", plan)
        bare()
        for name, pattern in PAGES.items():
            path = _address(pattern, filled)
            if (status := _status(gateway.port, path, cookie)) != _SUCCESS:
                print(f"no page {name}: {path} answered {status}", file=sys.stderr)
                continue
            try:
                mine, theirs = alternate(plan.rounds, partial(_load, gateway.port, path, cookie, plan), bare)
            except LoadError as error:
                raise LoadError(f"{name}: {error}") from error
            yield _result(name, mine, theirs)


async def _signed_in(installation: Installation) -> str:
    """The token of a session of somebody who runs the gateway."""
    async with open_database(installation.url, size=2) as db:
        ann = await create_operator(db.autocommit, "ann@example.org", "correct horse battery staple")
        token, _ = await start_session(db.autocommit, [ann], Way.LINK, utc_now())
        return token


def _address(pattern: str, filled: Filled) -> str:
    return pattern.format(
        dev_id=DEV_ID,
        user_id=filled.user_id,
        event_id=filled.event_id,
        destination_id=filled.destination_id,
        middle=filled.middle,
    )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _status(port: int, path: str, cookie: str) -> int:
    """Asked several times, so that what is only slow once is over."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"cookie": cookie})
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        for _ in range(3):
            with opener.open(request) as answer:
                status: int = answer.status
    except urllib.error.HTTPError as error:
        return error.code
    return status


def _load(port: int, path: str, cookie: str, plan: Plan) -> Outcome:
    request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n".encode()
    return load(port, request, clients=CLIENTS, seconds=plan.seconds)


def _result(name: str, mine: list[Outcome], theirs: list[Outcome]) -> Result:
    return Result(
        row="pages",
        what=f"page, {name}, p95",
        unit="ms",
        subject=[outcome.p95_ms for outcome in mine],
        budget=Budget(_LONGEST_MS, at_least=False),
        details={
            "p50_ms": median(outcome.p50_ms for outcome in mine),
            "p99_ms": median(outcome.p99_ms for outcome in mine),
            "ceiling_p50_ms": median(outcome.p50_ms for outcome in theirs),
            "ceiling_p99_ms": median(outcome.p99_ms for outcome in theirs),
        },
    )
