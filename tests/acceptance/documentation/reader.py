"""Whoever follows a page: the names that examples use without making them are made here, for each block anew."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from tests.fakes.gateway import Company, Gateway
from tests.fakes.past import Past
from tests.fakes.pictures import PNG as LOGO
from tests.fakes.ports import free_port
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.signatures import terra_signature

SCOPES = [
    "daily", "activity", "sleep", "body", "menstruation", "nutrition", "athlete", "planned_workout", "hormone",
    "health_observation", "write",
]  # fmt: skip
ADDED = {
    "body": {
        "metadata": {"start_time": "2026-11-18T00:00:00+00:00", "end_time": "2026-11-18T23:59:59+00:00"},
        "measurements_data": {
            "measurements": [{"measurement_time": "2026-11-18T07:30:00+00:00", "weight_kg": 80}]
        },
    },
    "nutrition": {
        "metadata": {"start_time": "2026-11-18T00:00:00+00:00", "end_time": "2026-11-18T23:59:59+00:00"},
        "meals": [
            {
                "id": "x",
                "name": "Soup",
                "type": 3,
                "timestamp": "2026-11-18T12:30:00+00:00",
                "quantity": {"unit": 1, "amount": 350},
                "macros": {"calories": 400},
                "micros": {},
            }
        ],
    },
    "plannedWorkout": {
        "metadata": {"name": "Hills", "type": "RUNNING", "planned_date": "2026-12-01T07:00:00+00:00"},
        "steps": [],
    },
}


@dataclass
class Reader:
    """Somebody who follows a page, with a gateway of their own."""

    gateway: Gateway
    company: Company
    admin_token: str
    hasher: KeyHasher
    http: httpx.AsyncClient
    accounts: int = 0
    delivery: dict[str, Any] = field(default_factory=dict)

    async def names(self, text: str) -> dict[str, Any]:
        """What an example speaks of without having made it; a person is connected anew for each."""
        found: dict[str, Any] = {"admin_token": self.admin_token, "api_key": self.company.api_key}
        if uses(text, "user_id", "grant_id", "customer-7", "log_ids", "log_id", "reference"):
            self.accounts += 1
            user_id = await self.gateway.connected(
                self.company, f"ann-{self.accounts}", "customer-7", scopes=SCOPES
            )
            found["user_id"] = user_id
            found["user_ids"] = [user_id]
        if uses(text, "grant_id"):
            found["grant_id"] = str(await self._grant_id(user_id))
        if uses(text, "log_ids", "log_id"):
            found["log_ids"] = [await self._log_id(text, user_id)]
            found["log_id"] = found["log_ids"][0]
        if uses(text, "reference"):
            found["reference"] = await self._reference(user_id)
        if uses(text, "event_id", "recovery_id", "fetch_events", "wait", "since", "deliveries", "recoveries"):
            found |= await self._delivery()
        elif uses(text, "destination_id"):
            found["destination_id"] = await self._destination_id()
        if uses(text, "recovery_id"):
            path = f"/v2/destinations/{found['destination_id']}/recover"
            begun = await self._ok("POST", path, json={"since": found["since"]})
            found["recovery_id"] = begun["recovery"]["recovery_id"]
        if uses(text, "token"):
            found["token"] = (await self._ok("POST", "/v2/auth/generateAuthToken"))["token"]
        found |= await self._administered(text)
        if uses(text, "secret"):
            now = int(datetime.now(UTC).timestamp())
            found |= {
                "body": "{}",
                "secret": "whsec_x",
                "header": terra_signature(["whsec_x"], b"{}", now),
            }
        return found

    async def _administered(self, text: str) -> dict[str, Any]:
        """What only an operator knows by name."""
        found: dict[str, Any] = {}
        if uses(text, "logo"):
            found["logo"] = LOGO
        if uses(text, "job_id"):
            found["job_id"] = await self._job_id()
        if uses(text, "token_id"):
            async with self.gateway.db.transaction() as session:
                spare, _ = await issue_admin_token(session, self.hasher, "spare", actor="operator:tests")
            found["token_id"] = str(spare.id)
        return found

    async def _delivery(self) -> dict[str, Any]:
        """An event that was given up at one destination, and is there to be fetched at another."""
        if not self.delivery:
            past = Past(self.gateway.db, self.company.dev_id)
            sent = await past.destination("http://127.0.0.1:1/", event_types=["activity"])
            pulled = await past.destination(None, event_types=["activity"])
            event_ids = await past.events(body=b'{"type":"activity"}')
            await past.tried(sent, event_ids, "refused", number=10)
            await past.queued(sent, event_ids, "exhausted", attempts=10)
            await past.tried(pulled, event_ids, "available", first_position=1)
            since = (datetime.now(UTC) - timedelta(hours=6)).isoformat()
            self.delivery = {
                "event_id": str(event_ids[0]),
                "destination_id": str(sent),
                "since": since,
            }
        return self.delivery

    async def _grant_id(self, user_id: str) -> UUID:
        connection = await ConnectionRepository(self.gateway.db.autocommit, self.company.dev_id).get(
            UUID(user_id)
        )
        return connection.grant_id

    async def _job_id(self) -> str:
        user_id = await self.gateway.connected(self.company, "ann-bulk", "customer-bulk", scopes=SCOPES)
        answer = await self.http.post(
            f"{self.gateway.url}/admin/v1/developers/{self.company.dev_id}/bulk-jobs",
            headers={"authorization": f"Bearer {self.admin_token}"},
            json={"kind": "assign", "rows": [{"user_id": user_id, "reference_id": "customer-9"}]},
        )
        return str(answer.raise_for_status().json()["job"]["job_id"])

    async def _log_id(self, text: str, user_id: str) -> str:
        kind = next(kind for kind in ADDED if kind.lower() in text.lower())
        written = await self._ok(
            "POST", f"/v2/{kind}", params={"user_id": user_id}, json={"data": [ADDED[kind]]}
        )
        return str(written["log_ids"][0])

    async def _reference(self, user_id: str) -> str:
        asked = {"user_id": user_id, "start_date": "2026-11-12", "end_date": "2026-11-18"}
        return str((await self._ok("GET", "/v2/daily", params=asked))["reference"])

    async def _destination_id(self) -> str:
        """The only one there is, so that none of the examples finds another one's."""
        for one in (await self._ok("GET", "/v2/destinations"))["destinations"]:
            await self._ok("DELETE", f"/v2/destinations/{one['destination_id']}")
        url = f"http://127.0.0.1:{free_port()}/hook"
        made = await self._ok("POST", "/v2/destinations", json={"url": url})
        return str(made["destination"]["destination_id"])

    async def _ok(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = await self.company.http.request(method, path, **options)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


def uses(text: str, *names: str) -> bool:
    return any(re.search(rf"(?<![.\w]){name}\b", text, re.IGNORECASE) for name in names)
