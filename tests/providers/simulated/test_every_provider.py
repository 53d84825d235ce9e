"""What every provider has to do, against its simulated vendor, over real HTTP and with a worker."""

import asyncio
import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.simulators import SIMULATORS

EVERY = pytest.mark.parametrize("name", sorted(SIMULATORS))


@dataclass
class Story:
    """One vendor, the companies that can link its accounts, and where they hear of it."""

    stage: Stage
    receiver: Receiver
    vendor: Vendor
    companies: list[Company]
    users: list[str] = field(default_factory=list)

    @property
    def company(self) -> Company:
        return self.companies[0]

    @property
    def kind(self) -> str:
        """The first that its wearable syncs."""
        return self.vendor.simulator.kinds[0]

    @property
    def data_path(self) -> str:
        return self.vendor.simulator.data_paths[0]

    async def connect_all(self, account: str = "ann") -> None:
        """By every company, each of which has heard of it and of what the vendor had already."""
        for company in self.companies:
            self.users.append(await self.stage.connected(company, self.vendor, account))
        await self.receiver.wait_for("auth", len(self.companies))
        if self.vendor.provider.polls:
            await eventually(self.polled)

    async def polled(self) -> bool:
        """Whether nothing that is done for a grant from time to time is due."""
        due = "SELECT count(*) FROM grant_upkeep WHERE due_at <= $1 OR due_at <= $2 AND attempts > 0"
        soon = utc_now() + timedelta(minutes=5)
        return not await self.stage.db.autocommit.fetchval(due, utc_now(), soon)

    async def has_been_doubted(self) -> None:
        """As if the vendor had refused four probes by now: without a refresh token, only the fifth is proof."""
        await self.stage.db.autocommit.execute("UPDATE grant_upkeep SET attempts = 4 WHERE task = 'probe'")

    async def push(self, account: str = "ann") -> None:
        """The wearable syncs; a vendor that says nothing of it is asked at once."""
        await self.vendor.control("push", account=account, kind=self.kind)
        await self.stage.look_after_now()

    async def news(self, number: int) -> list[dict[str, Any]]:
        """The events of `kind` about a day that has just been pushed."""
        return await self.receiver.wait_for(self.kind, number, within=30)

    def heard(self) -> int:
        return len(self.receiver.events(self.kind))

    async def get(self, company: Company, kind: str, user_id: str, days: int = 1) -> httpx.Response:
        start = (utc_now() - timedelta(days=days)).date().isoformat()
        query = {"user_id": user_id, "start_date": start, "to_webhook": "false"}
        return await company.http.get(f"/v2/{kind}", params=query)


async def begin(stage: Stage, receiver: Receiver, name: str, **config: Any) -> Story:
    """Two companies share an app, unless the vendor wants each to have its own."""
    alone = PROVIDERS[name.upper()].own_app_only
    companies = [await stage.company(each) for each in (("Acme",) if alone else ("Acme", "Beta"))]
    for company in companies:
        await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor(name, companies[0] if alone else None, **config)
    await eventually(lambda: stage.subscribed(vendor))
    return Story(stage, receiver, vendor, companies)


@EVERY
async def test_what_is_synced_is_fetched_once_and_told_to_every_company(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    before = story.heard()
    await story.push()
    found = await story.news(before + len(story.companies))
    assert {event["user"]["user_id"] for event in found[before:]} == set(story.users)
    assert all(event["data"] for event in found)
    assert {event["user"]["provider"] for event in found} == {story.vendor.provider.slug}


@EVERY
async def test_a_consent_that_is_refused_makes_no_connection(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    asked = {"resource": story.vendor.provider.slug}
    begun = await story.company.http.post("/v2/auth/authenticateUser", params=asked, json={})
    await stage.end_user().connect(begun.json()["auth_url"], "ann", allow=False)
    await receiver.wait_for("auth_cancelled")
    assert not receiver.events("auth")


@EVERY
async def test_another_account_does_not_pass_for_a_reconnect(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    await stage.connect(story.company, story.vendor, "bob", user_id=story.users[0])
    (failed,) = await receiver.wait_for("auth_cancelled")
    assert failed["reason"] == "wrong_account"
    assert len(receiver.events("auth")) == len(story.companies)


@EVERY
async def test_an_account_whose_id_cannot_be_asked_for_at_once_is_linked_all_the_same(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.vendor.control("fail", path=story.data_path, status=503, times=1)
    await stage.connected(story.company, story.vendor, "ann")
    await receiver.wait_for("auth")


@EVERY
async def test_many_calls_at_once_refresh_once(stage: Stage, receiver: Receiver, name: str) -> None:
    story = await begin(stage, receiver, name)
    if not story.vendor.simulator.refreshes or story.vendor.provider.backfills_by_notice:
        return
    await story.connect_all()
    await story.vendor.control("expire", account="ann")
    endpoint = f"POST {story.vendor.simulator.token_path}"
    before = (await story.vendor.calls())[endpoint]
    kind = next(iter(story.vendor.provider.data_scopes)).value
    answers = await asyncio.gather(*(story.get(story.company, kind, story.users[0]) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await story.vendor.calls())[endpoint] - before == 1


@EVERY
async def test_revoking_at_the_vendor_reaches_every_company_once(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    await story.vendor.control("revoke", account="ann")
    if not story.vendor.simulator.refreshes:
        await story.has_been_doubted()
    await stage.look_after_now()
    told = await receiver.wait_for("access_revoked", len(story.companies), within=30)
    assert sorted(event["user"]["user_id"] for event in told) == sorted(story.users)
    (state,) = await stage.db.autocommit.fetch("SELECT state, tokens FROM grants")
    assert (state["state"], state["tokens"]) == ("revoked", None)


@EVERY
async def test_a_refusal_that_is_no_revocation_ends_nothing(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    """A lapsed membership, a consent that is missing: the connection is in trouble, and lives."""
    story = await begin(stage, receiver, name)
    await story.connect_all()
    await story.vendor.control("fail", path=story.data_path, status=403, times=50)
    await story.push()
    if story.vendor.provider.backfills_by_notice:
        return
    await receiver.wait_for("connection_error", len(story.companies), within=30)
    assert not receiver.events("access_revoked")
    assert await stage.db.autocommit.fetchval("SELECT count(*) FROM grants WHERE state = 'live'") == 1


@EVERY
async def test_one_company_leaves_and_the_other_stays_until_it_leaves_too(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    person = story.vendor.simulator.person("ann")
    for company, user_id in zip(story.companies, story.users, strict=True):
        assert story.vendor.simulator.book.sets_of(person)
        assert (await company.deauthenticate(user_id)).status_code == 200
    if story.vendor.simulator.gives_back:
        await eventually(_no_tokens(story))
    await eventually(_no_live_grant(stage))
    assert not receiver.events("access_revoked")
    assert len(await receiver.wait_for("deauth", len(story.companies))) == len(story.companies)


def _no_tokens(story: Story) -> Any:
    async def condition() -> bool:
        simulator = story.vendor.simulator
        return not simulator.book.sets_of(simulator.person("ann"))

    return condition


def _no_live_grant(stage: Stage) -> Any:
    async def condition() -> bool:
        return not await stage.db.autocommit.fetchval("SELECT count(*) FROM grants WHERE state <> 'revoked'")

    return condition


@EVERY
async def test_a_forged_notice_is_refused_and_a_repeated_one_is_known(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    if not story.vendor.provider.takes_notices:
        return
    await story.connect_all()
    before = story.heard()
    await story.push()
    await story.news(before + len(story.companies))
    apart = story.vendor.provider.notices_are_told_apart
    told = None if apart else await _events_when_quiet(story)
    await eventually(lambda: stage.db.autocommit.fetchval("SELECT count(*) FROM notices"))
    sent = (await story.vendor.notices())[-1]
    body = base64.b64decode(sent["body"])
    forged = sent["url"][:-6] + "forged" if not story.vendor.provider.notices_are_signed else sent["url"]
    async with httpx.AsyncClient(trust_env=False) as http:
        refused = await http.post(forged, content=body + b" ", headers=sent["headers"])
        assert refused.status_code in {401, 404}, refused.text
        stored = await stage.db.autocommit.fetchval("SELECT count(*) FROM notices")
        again = await http.post(sent["url"], content=body, headers=sent["headers"])
        assert again.status_code == story.vendor.provider.notice_status
    if apart:
        assert await stage.db.autocommit.fetchval("SELECT count(*) FROM notices") == stored
        return
    assert await _events_when_quiet(story) == told


async def _events_when_quiet(story: Story) -> int:
    """How many events there are of `kind`, once every notice has arrived and nothing is left to be looked into."""
    db = story.stage.db.autocommit

    async def quiet() -> bool:
        sent = {notice["status"] for notice in await story.vendor.notices()}
        due = await db.fetchval("SELECT count(*) FROM notices WHERE state = 'due'")
        return sent == {story.vendor.provider.notice_status} and not due

    await eventually(quiet)
    await eventually(story.polled)
    found: int = await db.fetchval("SELECT count(*) FROM events WHERE type = $1", story.kind)
    return found


@EVERY
async def test_a_vendor_that_fails_for_a_while_loses_nothing(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    before = story.heard()
    await story.vendor.control("fail", path=story.data_path, status=500, times=3)
    await story.push()
    await eventually(lambda: _hurried(story, before + len(story.companies)), within=30)


@EVERY
async def test_a_limited_vendor_slows_down_and_nothing_is_dropped(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    before = story.heard()
    await story.vendor.control("limit", calls=0, seconds=1.5)
    await story.push()
    await eventually(lambda: _hurried(story, before + len(story.companies)), within=30)
    assert not receiver.events("connection_error")


async def _hurried(story: Story, number: int) -> bool:
    """What waits for its next try is tried at once, and what a limit stops as soon as the vendor takes calls again."""
    db = story.stage.db.autocommit
    now = utc_now()
    await db.execute("UPDATE notices SET due_at = $1 WHERE state = 'due' AND outcome IS NOT NULL", now)
    await db.execute(
        "UPDATE grant_upkeep SET due_at = $1 WHERE attempts > 0 OR due_at < $2",
        now,
        now + timedelta(minutes=3),
    )
    await db.execute("UPDATE call_budgets SET ends_at = least(ends_at, $1)", now + timedelta(seconds=1.5))
    return story.heard() >= number


@EVERY
async def test_history_is_fetched_in_the_vendors_windows(stage: Stage, receiver: Receiver, name: str) -> None:
    story = await begin(stage, receiver, name)
    await story.connect_all()
    start = (utc_now() - timedelta(days=75)).date().isoformat()
    asked = await story.company.http.get(
        f"/v2/{story.kind}", params={"user_id": story.users[0], "start_date": start}
    )
    assert asked.status_code == 200, asked.text

    async def completed() -> bool:
        # Whoever waits for what a notice is to bring looks at once; nobody has claimed it for so long.
        await stage.db.autocommit.execute(
            "UPDATE data_requests SET due_at = $1 WHERE due_at > $2",
            utc_now(),
            utc_now() + timedelta(seconds=90),
        )
        found = await stage.db.autocommit.fetchval("SELECT state FROM data_requests")
        assert found != "failed"
        return bool(found == "completed")

    await eventually(completed, within=40)
    windows = await stage.db.autocommit.fetch("SELECT state, reason FROM data_request_windows")
    assert {(row["state"], row["reason"]) for row in windows} == {("done", None)}


@EVERY
async def test_data_beyond_the_consent_is_not_given(stage: Stage, receiver: Receiver, name: str) -> None:
    story = await begin(stage, receiver, name)
    provider = story.vendor.provider
    everything = story.vendor.simulator.scopes
    for kind, scopes in provider.data_scopes.items():
        allowed = [scope for scope in everything if scope not in scopes]
        if not scopes or not any(provider.allows(other, allowed) for other in provider.data_scopes):
            continue
        user_id = await stage.connected(story.company, story.vendor, "ann", scopes=allowed)
        assert (await story.get(story.company, kind.value, user_id)).status_code == 403
        return
