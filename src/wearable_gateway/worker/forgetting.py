"""What is kept for how long, and the jobs that forget it afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wearable_gateway.bulk import work as bulk
from wearable_gateway.counts import hours
from wearable_gateway.data_requests.repository import DataRequestsAcrossDevelopers
from wearable_gateway.db import partitions
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import retention
from wearable_gateway.deliveries.afterwards.recoveries import RecoveriesAcrossDevelopers
from wearable_gateway.developers import idempotency, leftovers
from wearable_gateway.developers.sign_in_limits import forget_attempts
from wearable_gateway.ingestion import inbox
from wearable_gateway.ingestion.history import forget_old_records
from wearable_gateway.kit.clock import Clock
from wearable_gateway.worker.loop import Job

_NOTICES_KEPT_FOR = timedelta(days=30)
_REQUESTS_KEPT_FOR = timedelta(days=30)
_RECOVERIES_KEPT_FOR = timedelta(days=30)
# So long somebody finds in the list that an invitation ran out.
_INVITATIONS_KEPT_FOR = timedelta(days=30)
# Longer than the clocks of two processes differ, so that nobody's running minute starts anew.
_COUNTS_KEPT_FOR = timedelta(hours=1)


def forgetting(db: Database, clock: Clock, events_kept_for: timedelta) -> Sequence[Job]:
    return (
        Job("events.days", lambda: _keep_days(db, clock, events_kept_for), every=600),
        Job("deliveries.forget", lambda: _forget_deliveries(db, clock() - events_kept_for), every=600),
        Job("notices.forget", lambda: _forget_notices(db, clock()), every=3600),
        Job("data_requests.forget", lambda: _forget_requests(db, clock()), every=3600),
        Job("recoveries.forget", lambda: _forget_recoveries(db, clock()), every=3600),
        Job("bulk_jobs.forget", lambda: bulk.forget_old(db, now=clock()), every=3600),
        Job("records.forget", lambda: forget_old_records(db, now=clock()), every=3600),
        Job("counts.forget", lambda: hours.forget(db.autocommit, now=clock()), every=3600),
        Job("leftovers.forget", lambda: _forget_leftovers(db, clock()), every=300),
    )


async def _keep_days(db: Database, clock: Clock, kept_for: timedelta) -> bool:
    await partitions.prepare_days(db, clock)
    await partitions.forget_days(db, (clock() - kept_for).date())
    return False


async def _forget_deliveries(db: Database, before: datetime) -> bool:
    given_up = await retention.forget_given_up(db.autocommit, before)
    return await retention.forget_for_nobody(db.autocommit) or given_up


async def _forget_notices(db: Database, now: datetime) -> bool:
    return await inbox.forget_older(db.autocommit, now - _NOTICES_KEPT_FOR) > 0


async def _forget_requests(db: Database, now: datetime) -> bool:
    everyone = DataRequestsAcrossDevelopers(db.autocommit)
    return await everyone.forget_finished(now - _REQUESTS_KEPT_FOR) > 0


async def _forget_recoveries(db: Database, now: datetime) -> bool:
    everyone = RecoveriesAcrossDevelopers(db.autocommit)
    return await everyone.forget_finished(now - _RECOVERIES_KEPT_FOR) > 0


async def _forget_leftovers(db: Database, now: datetime) -> bool:
    await leftovers.forget_request_counts(db.autocommit, now - _COUNTS_KEPT_FOR)
    await leftovers.forget_auth_tokens(db.autocommit, now)
    await leftovers.forget_idempotency_keys(db.autocommit, now - idempotency.KEPT_FOR)
    await leftovers.forget_sessions(db.autocommit, now)
    await leftovers.forget_invitations(db.autocommit, now - _INVITATIONS_KEPT_FOR)
    await forget_attempts(db.autocommit, now)
    return False
