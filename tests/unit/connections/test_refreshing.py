"""Who may end a grant: not a refusal alone, and nobody whose turn to refresh is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.fakes.scripted import Scripted
from tests.web.callers import Callers
from wearable_gateway.connections import tokens as refreshing
from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.grants import GrantRepository, grant_id_of, open_tokens, seal_tokens
from wearable_gateway.connections.models import Grant, GrantState
from wearable_gateway.connections.tokens import GrantTokens
from wearable_gateway.errors import GrantRevokedError, ProviderRefusedError, ProviderUnavailableError
from wearable_gateway.ingestion.upkeep import Upkeep
from wearable_gateway.kit.clock import utc_now

FRESH = {"access_token": "newer", "refresh_token": "newer-refresh", "expires_in": 3600}


class Holder:
    """One process with the tokens of one grant."""

    def __init__(self, callers: Callers) -> None:
        self.callers = callers
        self.grant_id: UUID = grant_id_of(callers.provider_app.id, "acc-ann")
        self.vendors = Vendors(callers.db, callers.keyring)

    async def grant(self) -> Grant:
        found = await GrantRepository(self.callers.db.autocommit).find(self.grant_id)
        assert found is not None
        return found

    async def tokens(self) -> GrantTokens:
        flow = await self.vendors.flow(await self.grant())
        return GrantTokens(
            self.callers.db, self.callers.keyring, flow=flow, provider="SANDBOX", grant_id=self.grant_id
        )

    async def holds(self, *, refresh: str | None, expires_at: datetime | None) -> None:
        grant, keyring = await self.grant(), self.callers.keyring
        assert grant.tokens is not None
        held = replace(open_tokens(keyring, grant.id, grant.tokens), refresh=refresh, expires_at=expires_at)
        await self.callers.db.autocommit.execute(
            "UPDATE grants SET tokens = $2 WHERE id = $1", grant.id, seal_tokens(keyring, grant.id, held)
        )

    async def taken_over(self, until: datetime) -> None:
        """Another process has begun to refresh, as this one seemed to be dead."""
        await self.callers.db.autocommit.execute(
            "UPDATE grants SET refreshing_until = $2 WHERE id = $1", self.grant_id, until
        )


@pytest.fixture
async def holder(callers_of_vendor: Callers) -> Holder:
    company = await callers_of_vendor.company("Company A")
    await callers_of_vendor.connected(company, "acc-ann")
    return Holder(callers_of_vendor)


async def test_a_verdict_of_who_was_taken_over_ends_nothing(holder: Holder, vendor: Scripted) -> None:
    """The successor has spent the refresh token; that it is refused now is no wonder."""
    tokens = await holder.tokens()
    claim = await tokens._claim("access")
    assert isinstance(claim, refreshing._Claim)
    until = claim.until + timedelta(seconds=15)
    await holder.taken_over(until)
    vendor.says = lambda _method, _path: (400, {"error": "invalid_grant"})
    assert await tokens._finish(claim) is None
    grant = await holder.grant()
    assert (grant.state, grant.refreshing_until) == (GrantState.LIVE, until)


async def test_a_failure_of_who_was_taken_over_does_not_let_a_third_one_in(
    holder: Holder, vendor: Scripted
) -> None:
    tokens = await holder.tokens()
    claim = await tokens._claim("access")
    assert isinstance(claim, refreshing._Claim)
    until = claim.until + timedelta(seconds=15)
    await holder.taken_over(until)
    vendor.says = lambda _method, _path: (503, {})
    with pytest.raises(ProviderUnavailableError):
        await tokens._finish(claim)
    assert (await holder.grant()).refreshing_until == until


async def test_invalid_grant_ends_it_for_who_holds_the_claim(holder: Holder, vendor: Scripted) -> None:
    vendor.says = lambda _method, _path: (400, {"error": "invalid_grant"})
    with pytest.raises(GrantRevokedError):
        await (await holder.tokens()).refresh("access")
    assert (await holder.grant()).state is GrantState.REVOKED


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, {"error": "invalid_client"}),
        (401, {"error": "unauthorized_client"}),
        (400, {"error": {"code": "invalid_grant"}}),
        (400, {"error": ["invalid_grant"]}),
        (401, {}),
        (403, {"message": "no"}),
        (429, {"error": "slow_down"}),
        (500, {"error": "invalid_grant"}),
        (200, []),
        (200, {"access_token": 7}),
        (200, {"access_token": ""}),
    ],
)
async def test_nothing_else_that_the_token_endpoint_says_ends_it(
    holder: Holder, vendor: Scripted, status: int, answer: object
) -> None:
    vendor.says = lambda _method, _path: (status, answer)
    with pytest.raises((ProviderUnavailableError, ProviderRefusedError)) as failed:
        await (await holder.tokens()).refresh("access")
    # 401 is what grants are given up for elsewhere.
    assert getattr(failed.value, "status", None) != 401
    assert (await holder.grant()).state is GrantState.LIVE


@pytest.mark.parametrize("life", ["soon", None, {}, -1, 1e30, "NaN", [3600], 3600, "3600"])
async def test_tokens_are_kept_whatever_is_said_of_their_life(
    holder: Holder, vendor: Scripted, life: object
) -> None:
    vendor.says = lambda _method, _path: (200, {**FRESH, "expires_in": life, "expires_at": "2026-11-22"})
    assert await (await holder.tokens()).refresh("access") == "newer"
    grant = await holder.grant()
    assert grant.tokens is not None
    assert open_tokens(holder.callers.keyring, grant.id, grant.tokens).refresh == "newer-refresh"


async def test_a_refusal_of_a_token_that_cannot_be_refreshed_is_looked_into(
    holder: Holder, vendor: Scripted
) -> None:
    await holder.holds(refresh=None, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    vendor.says = lambda _method, _path: (401, {})
    await holder.callers.db.autocommit.execute(
        "INSERT INTO grant_upkeep (grant_id, task, due_at, attempts) VALUES ($1, 'probe', $2, 0)",
        holder.grant_id, utc_now() + timedelta(days=1),
    )  # fmt: skip
    assert await (await holder.tokens()).refresh("access") == "access"
    assert vendor.asked == []
    assert (await holder.grant()).state is GrantState.LIVE
    due = await holder.callers.db.autocommit.fetchval("SELECT due_at FROM grant_upkeep WHERE task = 'probe'")
    assert due <= utc_now()


async def test_one_whose_time_is_over_is_dead(holder: Holder) -> None:
    await holder.holds(refresh=None, expires_at=utc_now() - timedelta(seconds=1))
    with pytest.raises(GrantRevokedError):
        await (await holder.tokens()).current()
    assert (await holder.grant()).state is GrantState.REVOKED


class Prober:
    """Polar's grants have no refresh token, and only probes tell of a revocation."""

    def __init__(self, holder: Holder, vendor: Scripted) -> None:
        self._holder = holder
        self._db = holder.callers.db
        self.vendor = vendor
        self.now = utc_now()
        vendors = Vendors(self._db, holder.callers.keyring, clock=lambda: self.now)
        self._upkeep = Upkeep(self._db, vendors, "http://gateway.test", clock=lambda: self.now)

    async def probe(self, status: int) -> timedelta | None:
        """What the vendor answers; how long until the next probe, None when the grant is dead."""
        self.vendor.says = lambda _method, _path: (status, {"polar-user-id": "acc-ann"})
        assert await self._upkeep.work_next()
        if (await self._holder.grant()).state is GrantState.REVOKED:
            return None
        due: datetime = await self._db.autocommit.fetchval("SELECT due_at FROM grant_upkeep")
        wait, self.now = due - self.now, due
        return wait


@pytest.fixture
async def prober(holder: Holder, vendor: Scripted) -> Prober:
    db = holder.callers.db
    await holder.holds(refresh=None, expires_at=None)
    for table in ("grants", "provider_apps", "connections"):
        await db.autocommit.execute(f"UPDATE {table} SET provider = 'POLAR'")
    await db.autocommit.execute(
        "INSERT INTO grant_upkeep (grant_id, task, due_at, attempts) VALUES ($1, 'probe', $2, 0)",
        holder.grant_id, utc_now() - timedelta(seconds=1),
    )  # fmt: skip
    return Prober(holder, vendor)


async def test_a_grant_without_a_refresh_token_dies_when_every_probe_is_refused(prober: Prober) -> None:
    waits = [await prober.probe(401) for _ in range(5)]
    assert waits == [*(timedelta(minutes=minutes) for minutes in (1, 5, 10, 20)), None]


@pytest.mark.parametrize("status", [200, 403, 404, 429, 500, 503])
async def test_anything_else_in_between_begins_the_count_anew(prober: Prober, status: int) -> None:
    for _ in range(4):
        assert await prober.probe(401) is not None
    assert await prober.probe(status) is not None
    waits = [await prober.probe(401) for _ in range(4)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 10, 20)]
