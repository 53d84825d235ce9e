"""How schemathesis is let loose on one operation, and what it may complain about."""

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData

from tests.contract.openapi.operations import OPERATIONS, TWINS
from tests.fakes.gateway import Company, Gateway
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.roles import Role
from wearable_gateway.kit.addresses import AddressPolicy

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "12"))
"""How many made-up calls an operation gets beside those of its examples and limits: a thousand find more."""
TWIN_EXAMPLES = max(EXAMPLES // 4, 1)
"""The same for an operator's way to what developers call as well: it is the same function."""


@dataclass
class World:
    """A gateway, and what a call to it can name."""

    gateway: Gateway
    company: Company
    admin_token: str
    document: dict[str, Any]
    user_id: str
    pending_user_id: str
    removable: list[str]
    reference: str
    event_id: str
    destination_id: str
    pulled_id: str
    recovery_id: str
    spare_token_id: str
    key_id: str
    grant_id: str
    spare_grant_id: str
    job_id: str
    destination_ids: list[str] = field(default_factory=list)
    people: dict[str | None, tuple[list[str], list[str]]] = field(default_factory=dict)

    async def restore(self, **settings: Any) -> None:
        """Undo what the calls of another operation may have done to the limits of this one's."""
        db = self.gateway.db.autocommit
        await db.execute("DELETE FROM day_budgets")
        await db.execute("DELETE FROM recoveries WHERE id <> $1", UUID(self.recovery_id))
        await db.execute("DELETE FROM bulk_jobs WHERE id <> $1", UUID(self.job_id))
        await db.execute("UPDATE developers SET settings = $1", {"requests_per_minute": None, **settings})
        await db.execute("UPDATE connections SET state = 'active' WHERE dev_id = $1", self.company.dev_id)
        lasting = [UUID(self.destination_id), UUID(self.pulled_id)]
        await db.execute(
            "DELETE FROM destinations WHERE dev_id = $1 AND id <> ALL ($2)", self.company.dev_id, lasting
        )
        apps = ProviderApps(db, self.gateway.keyring)
        for dev_id in (None, self.company.dev_id):
            nowhere = dict.fromkeys(("authorize", "token", "api"), "http://127.0.0.1:9")
            await apps.put("OURA", client_id="id", client_secret="secret", hosts=nowhere, dev_id=dev_id)
        policy, made = AddressPolicy.allowing_loopback(), []
        for url in ("http://127.0.0.1:9/", "http://127.0.0.1:9/", None):
            one, _ = await destinations.create(db, self.gateway.keyring, policy, self.company.dev_id, url)
            made.append(str(one.id))
        self.destination_ids = made
        await self._people()

    async def _people(self) -> None:
        """Some at the gateway and at the company who may go: owners stay beside them."""
        db, acting = self.gateway.db.autocommit, Acting("tests")
        await db.execute("DELETE FROM operators")
        await db.execute("DELETE FROM invitations")
        for dev_id in (None, self.company.dev_id):
            await create_operator(db, "owner@example.org", None, dev_id)
            operators, invitations = [], []
            for number in range(3):
                one = await create_operator(db, f"op{number}@example.org", None, dev_id, Role.MEMBER)
                operators.append(str(one.id))
                invited, _ = await Invitations(db, dev_id, acting).invite(
                    f"in{number}@example.org", Role.MEMBER, datetime.now(UTC)
                )
                invitations.append(str(invited.id))
            self.people[dev_id] = operators, invitations


@dataclass
class Report:
    """`statuses` counts the answers, `faults` says what was wrong with some."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, None] = field(default_factory=dict)


# A signature over the body, what a handshake says, or a picture, is no parameter that can be made up.
NEVER_ACCEPTED = {"receiveNotice", "shakeHands", "answerLook", "putLogo"}


async def judge(world: World, operation_id: str) -> None:
    """Whether one operation answers as the document says, and takes what it says it takes."""
    await world.restore()
    report = await asyncio.to_thread(fuzz, world, operation_id)
    assert not report.faults, "\n\n".join(report.faults)
    assert operation_id in NEVER_ACCEPTED or any(200 <= status < 300 for status in report.statuses)


def fuzz(world: World, operation_id: str) -> Report:
    """Call one operation in every way. Blocks."""
    config = SchemathesisConfig.from_dict(_config(world, operation_id))
    schema = schemathesis.openapi.from_dict(world.document, config=config)
    schema.hook("filter_failure")(_is_a_fault)
    report = Report()
    for event in from_schema(schema.include(operation_id=operation_id)).execute():
        if isinstance(event, events.ScenarioFinished):
            answers = (one.response for one in event.recorder.interactions.values())
            report.statuses.update(answer.status_code for answer in answers if answer is not None)
            report.faults.update(dict.fromkeys(_complaints(event)))
        elif isinstance(event, events.NonFatalError | events.FatalError):
            report.faults[str(event)] = None
    return report


_NOT_IN_A_SCHEMA = (
    # How two parameters, or a parameter and the body, depend on each other.
    "give user_id or reference_id",
    "the user_id of one connection, in the query, beside data, or in each item of data",
    "invalid end_date: not before start_date",
    "either a value or a reset to the default, not both",
    # What is there already.
    "exists already; choose another",
    "is an operator already; choose another",
    "invalid environment: another one; the",
    # What an address is: a pattern of it would fill a page.
    "_redirect_url: ",
    "invalid url: ",
    "invalid redirect_urls: ",
    # What a picture is.
    "invalid logo: ",
    # Names of providers that are there, between commas.
    "invalid providers: names from GET /v2/integrations, separated by commas",
    # What a provider's apps have, which differs from one to the next, and what must be given the first time.
    "invalid hosts",
    "invalid extra",
    "what the vendor gave the app",
    # What was sent before.
    "this one came with another request before",
    # What today is.
    "invalid start_date: not in the future",
    # How long events are kept.
    "events are kept for 30 days",
    "invalid since: before until",
    "invalid until: not before since",
    # What was answered before.
    "invalid after: the next of the page before",
    # Which of the developer's destinations are sent to.
    "invalid destination_id: one of ",
    # What a CSV is; that there is one, or rows; and that nobody is called nothing.
    "invalid csv: ",
    "invalid rows: ",
    "invalid reference_id: your own name",
    # What the end user has ended.
    "invalid active: the end user revoked",
    # Terra documents 400, and no 404, where a user that nobody has is to be changed.
    "invalid user_id: user not found",
)
"""Parts of what a call is told that the schema alone would let pass."""


def _is_a_fault(_context: HookContext, failure: Failure, _case: Case[Any], response: Response) -> bool:
    if not isinstance(failure, RejectedPositiveData) or response.status_code != httpx.codes.BAD_REQUEST:
        return True
    return not any(text in response.json()["detail"] for text in _NOT_IN_A_SCHEMA)


def _complaints(event: events.ScenarioFinished) -> list[str]:
    recorder = event.recorder
    found = []
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            response = recorder.find_response(case_id=case_id)
            sent = recorder.interactions[case_id].request if case_id in recorder.interactions else None
            answered = f"{response.status_code} {response.text[:400]}" if response is not None else "nothing"
            asked = f"{sent.method} {sent.uri} {(sent.body or b'')[:400]!r} {sent.headers}" if sent else ""
            found.append(f"{check.name}: {check.failure_info.failure}\n  {asked}\n  {answered}")
    return found


_BODIES_OF = {
    "createBulkJob": {"body.csv": {"dictionary": "tables", "probability": 1.0}},
    "createErasure": {"body.reference_id": {"dictionary": "reference-ids", "probability": 0.8}},
}


def _config(world: World, operation_id: str) -> dict[str, Any]:
    user_ids = {
        "deauthenticateUser": world.removable[:3],
        "removeUser": world.removable[3:],
    }.get(operation_id, [world.user_id, world.pending_user_id])
    if "destinations" in OPERATIONS[operation_id]["tags"]:
        destination_ids = world.destination_ids
    elif operation_id in {"fetchEvents", "adminFetchEvents"}:
        destination_ids = [world.pulled_id]
    else:
        destination_ids = [world.destination_id]
    providers = ["OURA", "oura"] if "ProviderApp" in operation_id else ["SANDBOX", "sandbox"]
    if "NoticeSecret" in operation_id:
        providers = ["OURA"]
    operators, invitations = world.people[world.company.dev_id if operation_id in TWINS else None]
    hours = [(datetime.now(UTC) - timedelta(hours=ago)).isoformat() for ago in (1, 25, 49)]
    days = ["2026-11-01", "2026-11-18", "2026-11-20"]
    return {
        "base-url": world.gateway.url,
        "seed": 1,
        "continue-on-failure": True,
        "request-timeout": 30,
        "analysis": {"constants": {"enabled": False}},
        "generation": {
            "deterministic": True,
            "max-examples": TWIN_EXAMPLES if operation_id in TWINS else EXAMPLES,
            "database": "none",
        },
        "phases": {"stateful": {"enabled": False}},
        "auth": {
            "openapi": {
                "devId": {"api_key": world.company.dev_id},
                "apiKey": {"api_key": world.company.api_key},
                "adminToken": {"bearer": world.admin_token},
            }
        },
        "dictionaries": {
            "user-ids": {"values": user_ids},
            "event-ids": {"values": [world.event_id]},
            "destination-ids": {"values": destination_ids},
            "key-ids": {"values": [world.key_id]},
            "recovery-ids": {"values": [world.recovery_id]},
            "moments": {"values": days if operation_id == "listRecords" else hours},
            "grant-ids": {
                "values": [world.spare_grant_id if operation_id == "revokeAccount" else world.grant_id]
            },
            "job-ids": {"values": [world.job_id]},
            "references": {"values": [world.reference]},
            "reference-ids": {"values": ["ann", "ben", "nobody"]},
            "tables": {"values": [f"user_id,reference_id\n{world.user_id},ann"]},
            "starts": {"values": ["2026-11-18", "2026-11-01", "1763600000"]},
            "ends": {"values": ["2026-11-20", "2026-11-21", "1763700000"]},
            "providers": {"values": providers},
            "developers": {"values": [world.company.dev_id]},
            "waits": {"values": ["0"]},
            "operators": {"values": operators},
            "invitations": {"values": invitations},
            "token-ids": {"values": [world.spare_token_id]},
        },
        "parameters": {
            "path.user_id": {"dictionary": "user-ids", "probability": 0.8},
            "query.user_id": {"dictionary": "user-ids", "probability": 0.8},
            "path.reference": {"dictionary": "references", "probability": 0.8},
            "query.reference_id": {"dictionary": "reference-ids", "probability": 0.5},
            "query.start_date": {"dictionary": "starts", "probability": 0.8},
            "query.end_date": {"dictionary": "ends", "probability": 0.8},
            "query.resource": {"dictionary": "providers", "probability": 0.8},
            "path.grant_id": {"dictionary": "grant-ids", "probability": 0.8},
            "path.event_id": {"dictionary": "event-ids", "probability": 0.8},
            "path.destination_id": {"dictionary": "destination-ids", "probability": 0.8},
            "query.destination_id": {"dictionary": "destination-ids", "probability": 0.8},
            "path.key_id": {"dictionary": "key-ids", "probability": 0.8},
            "path.recovery_id": {"dictionary": "recovery-ids", "probability": 0.8},
            **(_BODIES_OF.get(operation_id, {})),
            "path.job_id": {"dictionary": "job-ids", "probability": 0.8},
            "query.wait": {"dictionary": "waits", "probability": 0.95},
            "query.since": {"dictionary": "moments", "probability": 0.8},
            "body.since": {"dictionary": "moments", "probability": 0.8},
            "path.token_id": {"dictionary": "token-ids", "probability": 0.8},
            "query.provider": {"dictionary": "providers", "probability": 0.8},
            "path.provider": {"dictionary": "providers", "probability": 0.8},
            "path.operator_id": {"dictionary": "operators", "probability": 0.9},
            "path.invitation_id": {"dictionary": "invitations", "probability": 0.9},
            "path.dev_id": {"dictionary": "developers", "probability": 0.8},
        },
    }
