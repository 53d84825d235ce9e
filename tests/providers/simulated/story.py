"""One test's own companies, account and receiver, at a vendor and a gateway that many tests share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually
from wearable_gateway.db.wakeups import UPKEEP
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.simulators import SIMULATORS
from wearable_gateway.simulators._base.simulator import Simulator

_numbers = count(1)


def vendors(
    fits: Callable[[Provider, type[Simulator]], bool] = lambda _p, _s: True,
) -> pytest.MarkDecorator:
    """A mark: the test is for every vendor that `fits`."""
    names = [name for name in sorted(SIMULATORS) if fits(PROVIDERS[name.upper()], SIMULATORS[name])]
    return pytest.mark.parametrize("name", names)


@dataclass
class Story:
    stage: Stage
    receiver: Receiver
    vendor: Vendor
    companies: list[Company]
    account: str
    users: list[str] = field(default_factory=list)

    @property
    def company(self) -> Company:
        return self.companies[0]

    @property
    def kind(self) -> str:
        """The first that its wearable syncs."""
        return self.vendor.simulator.kinds[0]

    async def fail(self, status: int, *, times: int) -> None:
        """The next calls of data are answered `status`."""
        for path in self.vendor.simulator.data_paths:
            await self.vendor.control("fail", path=path, status=status, times=times)

    async def connect_all(self) -> None:
        """By every company, each of which has heard of it and of what the vendor had already."""
        for company in self.companies:
            self.users.append(await self.stage.connected(company, self.vendor, self.account))
        await self.receiver.wait_for("auth", len(self.companies))
        if self.vendor.provider.polls:
            await eventually(self.looked_after)

    async def grants(self) -> list[Any]:
        return list(
            await self.stage.db.autocommit.fetch(
                "SELECT id, state, tokens FROM grants WHERE provider_app_id = $1 AND provider_account_id = $2",
                self.vendor.app.id,
                self.vendor.simulator.person(self.account).id,
            )
        )

    async def looked_after(self) -> bool:
        """Whether nothing that is done for the grant from time to time is due."""
        due = (
            "SELECT count(*) FROM grant_upkeep"
            " WHERE grant_id = ANY ($3) AND (due_at <= $1 OR due_at <= $2 AND attempts > 0)"
        )
        soon = utc_now() + timedelta(minutes=5)
        ids = [grant["id"] for grant in await self.grants()]
        return not await self.stage.db.autocommit.fetchval(due, utc_now(), soon, ids)

    async def look_after_now(self) -> None:
        """Every poll and probe of the grant is due at once."""
        ids = [grant["id"] for grant in await self.grants()]
        db = self.stage.db.autocommit
        await db.execute("UPDATE grant_upkeep SET due_at = $1 WHERE grant_id = ANY ($2)", utc_now(), ids)
        db.wake(UPKEEP)

    async def has_been_doubted(self) -> None:
        """As if the vendor had refused four probes by now: without a refresh token, only the fifth is proof."""
        ids = [grant["id"] for grant in await self.grants()]
        await self.stage.db.autocommit.execute(
            "UPDATE grant_upkeep SET attempts = 4 WHERE task = 'probe' AND grant_id = ANY ($1)", ids
        )

    async def push(self) -> None:
        """The wearable syncs; a vendor that says nothing of it is asked at once."""
        await self.vendor.control("push", account=self.account, kind=self.kind)
        await self.look_after_now()

    async def hurried(self, number: int) -> bool:
        """Whether so many have heard. What waits is tried at once, a vendor's limit as soon as it takes calls again."""
        db, now = self.stage.db.autocommit, utc_now()
        await db.execute(
            "UPDATE notices SET due_at = $1 WHERE state = 'due' AND outcome IS NOT NULL AND due_at > $1", now
        )
        ids = [grant["id"] for grant in await self.grants()]
        # Nobody has claimed what is due so soon: a claim lasts five minutes.
        await db.execute(
            "UPDATE grant_upkeep SET due_at = $1 WHERE grant_id = ANY ($2) AND due_at BETWEEN $1 AND $3",
            now, ids, now + timedelta(minutes=3),
        )  # fmt: skip
        await db.execute("UPDATE call_budgets SET ends_at = least(ends_at, $1)", now + timedelta(seconds=1.5))
        return len(self.news()) >= number

    def news(self) -> list[dict[str, Any]]:
        """The events of `kind` about this story's connections."""
        return [one for one in self.receiver.events(self.kind) if one["user"]["user_id"] in self.users]

    async def wait_for_news(self, number: int) -> list[dict[str, Any]]:
        async def heard() -> list[dict[str, Any]] | None:
            return found if len(found := self.news()) >= number else None

        return (await eventually(heard, within=30)) or []

    async def get(self, company: Company, kind: str, user_id: str) -> httpx.Response:
        start = (utc_now() - timedelta(days=1)).date().isoformat()
        query = {"user_id": user_id, "start_date": start, "to_webhook": "false"}
        return await company.http.get(f"/v2/{kind}", params=query)

    async def end(self) -> None:
        """Leave nothing behind that another story would meet."""
        await self.vendor.control("calm")
        db = self.stage.db.autocommit
        await db.execute("DELETE FROM call_budgets")
        for company in self.companies:
            await db.execute("DELETE FROM destinations WHERE dev_id = $1", company.dev_id)


@dataclass
class Cast:
    """The gateway and the vendors that have appeared so far, each with the company whose app it is, if it must be one's."""

    stage: Stage
    owners: dict[str, Company] = field(default_factory=dict)

    async def story(self, receiver: Receiver, name: str) -> Story:
        """Two companies share an app, unless the vendor wants each to have its own."""
        number = next(_numbers)
        alone = PROVIDERS[name.upper()].own_app_only
        if alone and name not in self.owners:
            self.owners[name] = await self.stage.company(f"Owner of {name}")
        titles = [] if alone else [f"Acme {number}", f"Beta {number}"]
        companies = [self.owners[name]] if alone else [await self.stage.company(title) for title in titles]
        for company in companies:
            await self.stage.destination(company, receiver.url)
        if name not in self.stage.vendors:
            await self.stage.add_vendor(name, self.owners.get(name))
        vendor = self.stage.vendors[name]
        await eventually(lambda: self.stage.subscribed(vendor))
        return Story(self.stage, receiver, vendor, companies, f"ann-{number}")
