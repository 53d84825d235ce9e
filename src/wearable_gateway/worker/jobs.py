"""The jobs by subject, and the process that runs them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.bulk import work as bulk
from wearable_gateway.connect.callback import Callback
from wearable_gateway.connect.recovery import close_all_expired, resume_interrupted
from wearable_gateway.connect.repository import FlowsAcrossDevelopers
from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.release import release_next
from wearable_gateway.counts import hours
from wearable_gateway.counts.connections import count_connections
from wearable_gateway.data_requests.work import DataRequestWorker
from wearable_gateway.db.session import Database, Session, driver_url, open_database
from wearable_gateway.db.wakeups import (
    BULK_JOBS,
    DATA_REQUESTS,
    NOTICES,
    RECOVERIES,
    RELEASES,
    UPKEEP,
    Wakeups,
)
from wearable_gateway.deliveries.afterwards import recovering
from wearable_gateway.deliveries.afterwards.kept_events import KEPT_FOR
from wearable_gateway.deliveries.healthcheck import send_due as send_due_healthchecks
from wearable_gateway.deliveries.sending.engine import DeliveryEngine
from wearable_gateway.ingestion.app_upkeep import look_after_next
from wearable_gateway.ingestion.service import process_next
from wearable_gateway.ingestion.upkeep import Upkeep
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.worker.forgetting import forgetting
from wearable_gateway.worker.loop import Job, run_job


def jobs(
    db: Database,
    vendors: Vendors,
    callback: Callback,
    public_url: str,
    *,
    events_kept_for: timedelta = KEPT_FOR,
    clock: Clock = utc_now,
) -> Sequence[Job]:
    return (
        *_with_vendors(db, vendors, public_url, clock),
        *_for_developers(db, clock),
        *_flows(db, vendors, callback, clock),
        *_counts(db, clock),
        *forgetting(db, clock, events_kept_for),
    )


def _with_vendors(db: Database, vendors: Vendors, public_url: str, clock: Clock) -> Sequence[Job]:
    async def flow_in_progress(session: Session, provider_app_id: UUID, left_before: datetime) -> bool:
        return await FlowsAcrossDevelopers(session).in_progress(provider_app_id, left_before, now=clock())

    async def notices() -> bool:
        return await process_next(db, vendors, clock=clock)

    async def releases() -> bool:
        return await release_next(db, vendors, flow_in_progress, clock=clock)

    async def app_upkeep() -> bool:
        return await look_after_next(db, vendors.keyring, public_url, clock=clock)

    requests = DataRequestWorker(db, vendors, clock=clock)
    upkeep = Upkeep(db, vendors, public_url, clock=clock)
    return (
        Job("notices", notices, every=1, queue=NOTICES, runners=4),
        Job("releases", releases, every=1, queue=RELEASES),
        Job("data_requests", requests.work_next, every=1, queue=DATA_REQUESTS, runners=2),
        Job("upkeep", upkeep.work_next, every=5, queue=UPKEEP, runners=4),
        Job("provider_apps.upkeep", app_upkeep, every=5, queue=UPKEEP),
    )


def _for_developers(db: Database, clock: Clock) -> Sequence[Job]:
    return (
        Job("recoveries", lambda: recovering.work_next(db, clock=clock), every=1, queue=RECOVERIES),
        Job("bulk_jobs", lambda: bulk.work_next(db, clock=clock), every=1, queue=BULK_JOBS),
        Job("healthchecks", lambda: send_due_healthchecks(db, now=clock()), every=30),
    )


def _flows(db: Database, vendors: Vendors, callback: Callback, clock: Clock) -> Sequence[Job]:
    async def resume() -> bool:
        await resume_interrupted(db, vendors, callback, clock=clock)
        return False

    async def close_expired() -> bool:
        await close_all_expired(db, clock=clock)
        return False

    return (Job("flows.resume", resume, every=15), Job("flows.expire", close_expired, every=15))


def _counts(db: Database, clock: Clock) -> Sequence[Job]:
    return (
        Job("counts.hours", lambda: hours.count_next(db, now=clock()), every=10),
        Job("counts.connections", lambda: count_connections(db, now=clock()), every=10),
    )


async def run_worker(
    database_url: str,
    *,
    keyring: Keyring,
    policy: AddressPolicy,
    public_url: str,
    events_kept_for: timedelta = KEPT_FOR,
    pool_size: int = 16,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Work until cancelled."""
    async with open_database(database_url, size=pool_size) as db:
        vendors = Vendors(db, keyring)
        callback = Callback(db, vendors, public_url)
        wakeups = Wakeups()
        engine = DeliveryEngine(db, keyring, wakeups, policy=policy)
        ready()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(wakeups.listen(driver_url(database_url)))
            tasks.create_task(engine.run())
            for job in jobs(db, vendors, callback, public_url, events_kept_for=events_kept_for):
                for _ in range(job.runners):
                    tasks.create_task(run_job(job, wakeups))
