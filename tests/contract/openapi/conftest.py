from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.contract.openapi.fuzzing import World
from tests.contract.vendor_documents import EVERYTHING, account_with_everything
from tests.fakes.databases import Databases
from tests.fakes.gateway import running_gateway
from tests.fakes.past import Past
from wearable_gateway.bulk.models import JobKind
from wearable_gateway.bulk.service import draft_of_csv
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.deliveries.afterwards.recovery import Wanted, begin
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.keys import KeyHasher, issue_key
from wearable_gateway.kit.encryption import Keyring


@pytest.fixture(scope="module")
async def world(databases: Databases, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[World]:
    """A gateway with its simulated vendor, and in it what a call can name. No worker: nothing is to be sent."""
    async with databases.copy() as url, running_gateway(url, keyring, hasher, worker=False) as gateway:
        company = await gateway.company("Company A")
        _, admin_token = await issue_admin_token(
            gateway.db.autocommit, hasher, "tests", actor="operator:tests"
        )
        spare, _ = await issue_admin_token(gateway.db.autocommit, hasher, "spare", actor="operator:tests")
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
        key, _ = await issue_key(gateway.db.autocommit, hasher, company.dev_id, "to be revoked")
        spared = await gateway.connected(company, "acc-spare", "spare")
        repository = ConnectionRepository(gateway.db.autocommit, company.dev_id)
        grant_ids = [str((await repository.get(UUID(one))).grant_id) for one in (user_id, spared)]
        job = await draft_of_csv(
            gateway.db, company.dev_id, JobKind.DEAUTHENTICATE, b"reference_id\nben", form="", actor="tests",
            now=datetime.now(UTC),
        )  # fmt: skip
        document = (await company.http.get("/openapi.json")).json()
        _name(document, company.dev_id)
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
            spare_token_id=str(spare.id),
            key_id=str(key.id),
            grant_id=grant_ids[0],
            spare_grant_id=grant_ids[1],
            job_id=str(job.id),
        )


def _name(document: dict[str, Any], dev_id: str) -> None:
    """The examples of the document speak of a developer there is not here; calls by example shall find one."""
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "dev_id":
                    parameter["schema"]["examples"] = [dev_id]
