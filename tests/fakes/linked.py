"""Companies that link one person's account at a simulated vendor, each with a server of its own to hear at."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.unified.records import DataType

_LEFT_TO_DO = """
SELECT (SELECT count(*) FROM deliveries) + (SELECT count(*) FROM notices WHERE state = 'due' AND outcome IS NULL)
  + (SELECT count(*) FROM grant_upkeep WHERE due_at <= $1 OR due_at <= $2 AND attempts > 0)
"""
_WAITING = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@dataclass
class Linked:
    """A company, and the users that it was given, newest last."""

    company: Company
    server: Receiver
    users: list[str] = field(default_factory=list)

    @property
    def user_id(self) -> str:
        return self.users[-1]

    def heard(self, kind: str) -> list[dict[str, Any]]:
        return self.server.events(kind)

    def told(self) -> Counter[str]:
        """What it heard beside data."""
        kinds = {kind.value for kind in DataType}
        return Counter({kind: number for kind, number in self.server.count().items() if kind not in kinds})

    async def get(self, kind: str, **query: str) -> httpx.Response:
        """The last two days of `kind`, answered at once."""
        start = (utc_now() - timedelta(days=1)).date().isoformat()
        asked = {"user_id": self.user_id, "start_date": start, "to_webhook": "false", **query}
        return await self.company.http.get(f"/v2/{kind}", params=asked)

    async def active(self) -> list[str]:
        """The users whose connection lives."""
        answer = await self.company.http.get("/v2/subscriptions")
        assert answer.status_code == 200, answer.text
        return [user["user_id"] for user in answer.json()["users"] if user["active"]]

    async def leave(self) -> None:
        answer = await self.company.deauthenticate(self.user_id)
        assert answer.status_code == 200, answer.text


class Scene:
    """One simulated vendor whose app companies share, and a worker that can be killed."""

    def __init__(self, stage: Stage, vendor: Vendor, worker: "asyncio.Task[None]") -> None:
        self.stage = stage
        self.vendor = vendor
        self._worker = worker

    @classmethod
    async def begin(cls, stage: Stage, name: str) -> "Scene":
        """On a stage without a worker."""
        worker = await stage.start_worker()
        vendor = await stage.add_vendor(name)
        await eventually(lambda: stage.subscribed(vendor))
        return cls(stage, vendor, worker)

    async def company(self, name: str) -> Linked:
        server = await self.stage.stack.enter_async_context(receiving())
        company = await self.stage.company(name)
        await self.stage.destination(company, server.url)
        return Linked(company, server)

    async def own_app(self, one: Linked) -> Vendor:
        """The same vendor, as it meets `one`'s own app: it knows the same people, who decide of each app by itself."""
        name = self.vendor.provider.slug.lower()
        vendor = await self.stage.add_vendor(name, one.company)
        await eventually(lambda: self.stage.subscribed(vendor))
        return vendor

    async def link(
        self,
        one: Linked,
        account: str = "ann",
        *,
        at: Vendor | None = None,
        scopes: Sequence[str] | None = None,
        **body: Any,
    ) -> str:
        """Connect, and wait until `one` heard of it and of what the vendor has."""
        number = one.told()["auth"] + 1
        user_id = await self.stage.connected(one.company, at or self.vendor, account, scopes=scopes, **body)
        one.users.append(user_id)
        await one.server.wait_for("auth", number)
        await self.settled()
        return user_id

    async def sync(
        self, kind: str, hearing: Sequence[Linked], account: str = "ann", *, at: Vendor | None = None
    ) -> list[list[dict[str, Any]]]:
        """The wearable syncs; what each of `hearing`, and all of them must, hears of it."""
        before = [len(one.heard(kind)) for one in hearing]
        await (at or self.vendor).control("push", account=account, kind=kind)
        for one, heard in zip(hearing, before, strict=True):
            await one.server.wait_for(kind, heard + 1)
        await self.settled()
        return [one.heard(kind)[heard:] for one, heard in zip(hearing, before, strict=True)]

    async def revoke(self, account: str = "ann") -> None:
        """In the vendor's settings; one that tells nobody is found out by asking."""
        await self.vendor.control("revoke", account=account)
        await self.stage.look_after_now()

    async def settled(self) -> None:
        """Nothing is under way: no notice, no task that is due, no delivery."""
        db = self.stage.db.autocommit

        async def quiet() -> bool:
            told = all([await self._has_told(vendor) for vendor in self._vendors()])
            now = utc_now()
            return told and not await db.fetchval(_LEFT_TO_DO, now, now + timedelta(minutes=5))

        await eventually(quiet)

    def _vendors(self) -> list[Vendor]:
        return list({id(one): one for one in (self.vendor, *self.stage.vendors.values())}.values())

    async def _has_told(self, vendor: Vendor) -> bool:
        return all(notice["status"] for notice in await vendor.notices())

    async def calls(self) -> Counter[str]:
        """What the vendor was asked so far."""
        return Counter(await self.vendor.calls())

    async def grants(self) -> list[tuple[str, bool]]:
        """For each, the oldest first, its state and whether there are tokens."""
        rows = await self.stage.db.autocommit.fetch(
            "SELECT state, tokens IS NOT NULL AS has FROM grants ORDER BY id"
        )
        return [(row["state"], row["has"]) for row in rows]

    async def given_back(self) -> None:
        """No grant is left that we could act for."""

        async def done() -> bool:
            return {state for state, _ in await self.grants()} == {"revoked"}

        await eventually(done)
        await self.settled()

    async def kill_worker(self) -> None:
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker

    async def restart_worker(self) -> None:
        """Long after the last one died: what it had claimed is free."""
        db, past = self.stage.db.autocommit, utc_now() - timedelta(minutes=1)
        await db.execute("UPDATE notices SET due_at = $1 WHERE state = 'due'", past)
        await db.execute("UPDATE grant_upkeep SET due_at = $1 WHERE attempts > 0", past)
        await db.execute("UPDATE grants SET refreshing_until = $1 WHERE refreshing_until IS NOT NULL", past)
        for table in ("bucket_leases", "delivery_workers"):
            await db.execute(f"UPDATE {table} SET expires_at = $1", past)
        self._worker = await self.stage.start_worker()

    async def somebody_waits_for_a_lock(self) -> None:
        async def waits() -> bool:
            found: int = await self.stage.db.autocommit.fetchval(f"SELECT count(*) {_WAITING}")
            return found > 0

        await eventually(waits)
