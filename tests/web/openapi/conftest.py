import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.conftest import _TEMPLATE
from tests.contract.vendor_documents import EVERYTHING, account_with_everything
from tests.fakes.gateway import running_gateway
from tests.fakes.past import Past
from tests.web.openapi.fuzzing import World
from wearable_gateway.bulk.models import JobKind
from wearable_gateway.bulk.service import draft_of_csv
from wearable_gateway.db.embedded import Cluster
from wearable_gateway.deliveries.afterwards.recovery import Wanted, begin
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

_numbers = count()


@pytest.fixture(scope="module")
async def world(cluster: Cluster, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[World]:
    """A gateway with its simulated vendor, and in it what a call can name. No worker: nothing is to be sent."""
    name = f"openapi_{next(_numbers)}"
    await asyncio.to_thread(cluster.create_database, name, _TEMPLATE)
    async with running_gateway(cluster.url(name), keyring, hasher, worker=False) as gateway:
        company = await gateway.company("Company A")
        _, admin_token = await issue_admin_token(gateway.db.autocommit, hasher, "tests")
        account = account_with_everything("openapi")
        user_id = await gateway.connected(company, account, "ann", scopes=EVERYTHING)
        others = [await gateway.connected(company, f"acc-{number}", "ben") for number in range(6)]
        asked = await company.http.get("/v2/daily", params={"user_id": user_id, "start_date": "2026-11-20"})
        begun = await company.auth_url(reference_id="new")
        past = Past(gateway.db, company.dev_id)
        destination_id, pulled_id = await past.destination(), await past.destination(None)
        (event_id,) = await past.events()
        await past.tried(destination_id, [event_id])
        await past.tried(pulled_id, [event_id], "available", first_position=1)
        wanted = Wanted(destination_id, datetime.now(UTC) - timedelta(hours=1))
        async with gateway.db.transaction() as session:
            recovery = await begin(session, company.dev_id, wanted, actor="tests", now=datetime.now(UTC))
        job = await draft_of_csv(
            gateway.db, company.dev_id, JobKind.DEAUTHENTICATE, b"reference_id\nben", form="", actor="tests",
            now=datetime.now(UTC),
        )  # fmt: skip
        document = (await company.http.get("/openapi.json")).json()
        yield World(
            gateway=gateway,
            company=company,
            admin_token=admin_token,
            document=document,
            user_id=user_id,
            pending_user_id=begun["user_id"],
            removable=others,
            reference=asked.json()["reference"],
            event_id=str(event_id),
            destination_id=str(destination_id),
            pulled_id=str(pulled_id),
            recovery_id=str(recovery.id),
            job_id=str(job.id),
        )
