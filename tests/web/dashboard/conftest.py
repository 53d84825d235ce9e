from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from tests.fakes.past import Past
from tests.web.dashboard.browser import Browser
from wearable_gateway.bulk.models import JobKind
from wearable_gateway.bulk.service import draft_of_csv
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import recovery as recoveries
from wearable_gateway.developers import audit_log
from wearable_gateway.developers.audit_log import Wanted
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.keys import KeyHasher, create_developer, issue_key
from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.developers.sign_in import issue_sign_in_link
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """Nobody is signed in yet."""
    transport = httpx.ASGITransport(app, client=("203.0.113.9", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield Browser(client)


@pytest.fixture
async def ann(db: Database) -> Operator:
    """Runs the gateway: sees every developer."""
    await create_developer(db.autocommit, "Acme Health", "acme")
    await create_developer(db.autocommit, "Northwind Clinics", "northwind")
    return await create_operator(db.autocommit, "ann@example.org", PASSWORD)


@pytest.fixture
async def bob(db: Database, ann: Operator) -> Operator:  # noqa: ARG001 - ann made the developers
    """Works for one developer, Northwind."""
    return await create_operator(db.autocommit, "bob@example.org", PASSWORD, "northwind")


@pytest.fixture
async def rea(db: Database, ann: Operator) -> Operator:  # noqa: ARG001 - ann made the developers
    """May look at Acme's pages, and no more."""
    return await create_operator(db.autocommit, "rea@example.org", PASSWORD, "acme", Role.READ_ONLY)


@pytest.fixture
async def mia(db: Database, ann: Operator) -> Operator:  # noqa: ARG001 - ann made the developers
    """Works with Acme's users, events and destinations."""
    return await create_operator(db.autocommit, "mia@example.org", PASSWORD, "acme", Role.MEMBER)


@pytest.fixture
async def olga(db: Database, ann: Operator) -> Operator:  # noqa: ARG001 - ann made the developers
    """Owns Acme's pages."""
    return await create_operator(db.autocommit, "olga@example.org", PASSWORD, "acme")


class Signer:
    def __init__(self, browser: Browser, db: Database) -> None:
        self._browser = browser
        self._db = db

    async def __call__(self, operator: Operator) -> Browser:
        token = await issue_sign_in_link(self._db.autocommit, [operator.id], utc_now())
        await self._browser.open(f"/dashboard/link/{token}")
        await self._browser.submit(f"/dashboard/link/{token}")
        return self._browser


@pytest.fixture
def sign_in(browser: Browser, db: Database) -> Signer:
    return Signer(browser, db)


async def changes_at(db: Database, dev_id: str = "acme") -> list[AuditEntry]:
    """What the audit log has of what somebody changed, newest first; not that they signed in for it."""
    found = await audit_log.page(db.autocommit, dev_id, Wanted(), limit=100)
    return [entry for entry in found if entry.action != "operator.signed_in"]


class Connections:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def __call__(
        self,
        reference_id: str | None = None,
        *,
        dev_id: str = "acme",
        provider: str = "SANDBOX",
        state: ConnectionState = ConnectionState.ACTIVE,
    ) -> Connection:
        now = utc_now()
        connection = Connection(
            dev_id=dev_id,
            id=uuid7(),
            provider=provider,
            grant_id=uuid7(),
            reference_id=reference_id,
            consented_scopes=("activity", "sleep"),
            scopes=("activity",),
            state=state,
            last_error=None,
            last_error_at=None,
            last_event_at=None,
            created_at=now - timedelta(days=3),
        )
        await ConnectionRepository(self._db.autocommit, dev_id).add(connection, now=now)
        return connection


@pytest.fixture
def connect(db: Database) -> Connections:
    return Connections(db)


@pytest.fixture
async def ids(connect: Connections, db: Database, ann: Operator) -> dict[str, str]:  # noqa: ARG001 - ann made the developers
    """Things of Acme's that there are."""
    paula = await create_operator(db.autocommit, "patient-1-paula@example.org", None, "acme")
    invitations = Invitations(db.autocommit, "acme", Acting("tests"))
    invited, _ = await invitations.invite("patient-1-ida@example.org", Role.MEMBER, utc_now())
    past = Past(db, "acme")
    destination_id = await past.destination("https://acme.example/patient-1")
    (event_id,) = await past.events(body=b'{"type":"activity","reference_id":"patient-1"}')
    await past.tried(destination_id, [event_id])
    wanted = recoveries.Wanted(destination_id, utc_now() - timedelta(hours=1))
    async with db.transaction() as session:
        recovery = await recoveries.begin(session, "acme", wanted, actor="tests", now=utc_now())
    connection = await connect("patient-1")
    await db.autocommit.execute(
        "INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version,"
        " consented_at, created_at) VALUES ($1, $2, $1, 'patient-1', 'live', '{}', 1, $3, $3)",
        connection.grant_id, connection.provider, connection.created_at,
    )  # fmt: skip
    job = await draft_of_csv(
        db, "acme", JobKind.DEAUTHENTICATE, b"reference_id\npatient-1", form="", actor="tests", now=utc_now()
    )
    key, _ = await issue_key(db.autocommit, KeyHasher("x" * 32), "acme", "patient-1's")
    return {
        "job_id": str(job.id),
        "user_id": str(connection.id),
        "operator_id": str(paula.id),
        "invitation_id": str(invited.id),
        "event_id": str(event_id),
        "destination_id": str(destination_id),
        "recovery_id": str(recovery.id),
        "type": "daily",
        "grant_id": str(connection.grant_id),
        "named": "acme",
        "key_id": str(key.id),
    }
