"""The one table of jobs, and the process that runs them."""

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
from wearable_gateway.data_requests.repository import DataRequestsAcrossDevelopers
from wearable_gateway.data_requests.work import DataRequestWorker
from wearable_gateway.db import partitions
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
from wearable_gateway.deliveries.afterwards import recovering, retention
from wearable_gateway.deliveries.afterwards.kept_events import KEPT_FOR
from wearable_gateway.deliveries.afterwards.recoveries import RecoveriesAcrossDevelopers
from wearable_gateway.deliveries.healthcheck import send_due as send_due_healthchecks
from wearable_gateway.deliveries.sending.engine import DeliveryEngine
from wearable_gateway.developers import idempotency, leftovers
from wearable_gateway.developers.sign_in_limits import forget_attempts
from wearable_gateway.ingestion import inbox
from wearable_gateway.ingestion.app_upkeep import look_after_next
from wearable_gateway.ingestion.history import forget_old_records
from wearable_gateway.ingestion.service import process_next
from wearable_gateway.ingestion.upkeep import Upkeep
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.worker.loop import Job, run_job

_NOTICES_KEPT_FOR = timedelta(days=30)
_REQUESTS_KEPT_FOR = timedelta(days=30)
_RECOVERIES_KEPT_FOR = timedelta(days=30)
# So long somebody finds in the list that an invitation ran out.
_INVITATIONS_KEPT_FOR = timedelta(days=30)
# Longer than the clocks of two processes differ, so that nobody's running minute starts anew.
_COUNTS_KEPT_FOR = timedelta(hours=1)


def jobs(
    db: Database,
    vendors: Vendors,
    callback: Callback,
    public_url: str,
    *,
    events_kept_for: timedelta = KEPT_FOR,
    clock: Clock = utc_now,
) -> Sequence[Job]:
    async def flow_in_progress(session: Session, provider_app_id: UUID, left_before: datetime) -> bool:
        return await FlowsAcrossDevelopers(session).in_progress(provider_app_id, left_before, now=clock())

    async def resume() -> bool:
        await resume_interrupted(db, vendors, callback, clock=clock)
        return False

    async def close_expired() -> bool:
        await close_all_expired(db, clock=clock)
        return False

    async def forget_notices() -> bool:
        return await inbox.forget_older(db.autocommit, clock() - _NOTICES_KEPT_FOR) > 0

    async def forget_leftovers() -> bool:
        await leftovers.forget_request_counts(db.autocommit, clock() - _COUNTS_KEPT_FOR)
        await leftovers.forget_auth_tokens(db.autocommit, clock())
        await leftovers.forget_idempotency_keys(db.autocommit, clock() - idempotency.KEPT_FOR)
        await leftovers.forget_sessions(db.autocommit, clock())
        await leftovers.forget_invitations(db.autocommit, clock() - _INVITATIONS_KEPT_FOR)
        await forget_attempts(db.autocommit, clock())
        return False

    async def forget_requests() -> bool:
        everyone = DataRequestsAcrossDevelopers(db.autocommit)
        return await everyone.forget_finished(clock() - _REQUESTS_KEPT_FOR) > 0

    async def keep_days() -> bool:
        await partitions.prepare_days(db, clock)
        await partitions.forget_days(db, (clock() - events_kept_for).date())
        return False

    async def forget_deliveries() -> bool:
        given_up = await retention.forget_given_up(db.autocommit, clock() - events_kept_for)
        return await retention.forget_for_nobody(db.autocommit) or given_up

    async def forget_recoveries() -> bool:
        everyone = RecoveriesAcrossDevelopers(db.autocommit)
        return await everyone.forget_finished(clock() - _RECOVERIES_KEPT_FOR) > 0

    requests = DataRequestWorker(db, vendors, clock=clock)
    upkeep = Upkeep(db, vendors, public_url, clock=clock)
    return (
        Job("notices", lambda: process_next(db, vendors, clock=clock), every=1, queue=NOTICES, runners=4),
        Job(
            "releases",
            lambda: release_next(db, vendors, flow_in_progress, clock=clock),
            every=1,
            queue=RELEASES,
        ),
        Job("data_requests", requests.work_next, every=1, queue=DATA_REQUESTS, runners=2),
        Job("upkeep", upkeep.work_next, every=5, queue=UPKEEP, runners=4),
        Job(
            "provider_apps.upkeep",
            lambda: look_after_next(db, vendors.keyring, public_url, clock=clock),
            every=5,
            queue=UPKEEP,
        ),
        Job("recoveries", lambda: recovering.work_next(db, clock=clock), every=1, queue=RECOVERIES),
        Job("bulk_jobs", lambda: bulk.work_next(db, clock=clock), every=1, queue=BULK_JOBS),
        Job("flows.resume", resume, every=15),
        Job("flows.expire", close_expired, every=15),
        Job("healthchecks", lambda: send_due_healthchecks(db, now=clock()), every=30),
        Job("events.days", keep_days, every=600),
        Job("deliveries.forget", forget_deliveries, every=600),
        Job("notices.forget", forget_notices, every=3600),
        Job("data_requests.forget", forget_requests, every=3600),
        Job("recoveries.forget", forget_recoveries, every=3600),
        Job("bulk_jobs.forget", lambda: bulk.forget_old(db, now=clock()), every=3600),
        Job("records.forget", lambda: forget_old_records(db, now=clock()), every=3600),
        Job("counts.hours", lambda: hours.count_next(db, now=clock()), every=10),
        Job("counts.connections", lambda: count_connections(db, now=clock()), every=10),
        Job("counts.forget", lambda: hours.forget(db.autocommit, now=clock()), every=3600),
        Job("leftovers.forget", forget_leftovers, every=300),
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
