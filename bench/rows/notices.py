"""Notices as each vendor sends them, verified and durable, against a route that keeps the same bodies unread."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from bench.alternating import alternate
from bench.client import LoadError
from bench.installation import Installation, Served
from bench.load import load_each
from bench.plan import Plan
from bench.processes import processor_seconds
from bench.results import Budget, Result
from bench.vendors import acquainted, notices_of, telling
from wearable_gateway.db.session import open_database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.simulators._base.simulator import Simulator

_CLIENTS = 16
_REQUESTS_A_SECOND = 100
"""Of the plan's: vendors are many, so a round of each is short."""

Batches = list[list[bytes]]


@dataclass(frozen=True, slots=True)
class Accepted:
    rate: float
    processor_us: float


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    with installation.serving() as gateway, installation.serving_ceiling() as ceiling:
        both = (gateway, ceiling)
        for provider, made in telling():
            app, simulator = asyncio.run(_acquainted(installation, gateway, provider, made))
            batches = _batches(simulator, plan)
            for served in both:
                load_each(served.port, batches[-1], clients=_CLIENTS)  # to warm up
            before = _stored(installation, app)
            result = _compare(provider, batches[:-1], *both)
            _check_all_were_new(provider, batches[:-1], _stored(installation, app) - before)
            yield result


async def _acquainted(
    installation: Installation, gateway: Served, provider: Provider, made: type[Simulator]
) -> tuple[ProviderApp, Simulator]:
    async with open_database(installation.url, size=2) as db:
        url = f"http://127.0.0.1:{gateway.port}"
        return await acquainted(db, installation.keyring, url, provider, made)


def _batches(simulator: Simulator, plan: Plan) -> Batches:
    """One for each round, and one to warm up."""
    each = max(int(plan.seconds * _REQUESTS_A_SECOND), _CLIENTS)
    notices = notices_of(simulator, each * (plan.rounds + 1))
    return [notices[start : start + each] for start in range(0, len(notices), each)]


def _compare(provider: Provider, batches: Batches, gateway: Served, ceiling: Served) -> Result:
    mine, theirs = alternate(
        len(batches), partial(_accepted, gateway, iter(batches)), partial(_accepted, ceiling, iter(batches))
    )
    how = "signed" if provider.notices_are_signed else "unsigned"
    return Result(
        row=f"notices_{provider.slug.lower()}",
        what=f"{provider.name}: {how} notices accepted",
        unit="/s",
        subject=[accepted.rate for accepted in mine],
        ceiling=[accepted.rate for accepted in theirs],
        budget=Budget(0.5, at_least=True),
        details={
            "processor_us": fmean(accepted.processor_us for accepted in mine),
            "ceiling_processor_us": fmean(accepted.processor_us for accepted in theirs),
            "in_flight": _CLIENTS,
            "bytes_each": sum(map(len, batches[0])) / len(batches[0]),
        },
    )


def _accepted(served: Served, batches: Iterator[list[bytes]]) -> Accepted:
    before = processor_seconds(served.pid)
    outcome = load_each(served.port, next(batches), clients=_CLIENTS)
    spent = processor_seconds(served.pid) - before
    return Accepted(outcome.rate, spent / outcome.answers * 1e6)


def _check_all_were_new(provider: Provider, batches: Batches, stored: int) -> None:
    """A repeat, or what says nothing, costs less. One request may hold several notices."""
    sent = sum(map(len, batches))
    if stored < sent:
        raise LoadError(f"{provider.slug}: {sent} notices were sent, and {stored} were new")


def _stored(installation: Installation, app: ProviderApp) -> int:
    async def count() -> int:
        async with open_database(installation.url, size=1) as db:
            found: int = await db.autocommit.fetchval(
                "SELECT count(*) FROM notices WHERE provider_app_id = $1", app.id
            )
        return found

    return asyncio.run(count())
