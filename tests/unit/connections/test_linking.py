"""The newest consent's tokens stay, whichever flow comes to its end last."""

from datetime import datetime, timedelta

import pytest

from tests.fakes.scripted import Scripted
from tests.web.callers import Caller, Callers
from wearable_gateway.connections.grants import GrantRepository, grant_id_of, open_tokens
from wearable_gateway.connections.linking import Consent, keep_tokens, link
from wearable_gateway.connections.models import Connection, Grant
from wearable_gateway.connections.revocation import revoke_grant
from wearable_gateway.developers.settings import DuplicatePolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers._base.reaching import Tokens

SCOPES = ("daily", "sleep")


def consent(
    callers: Callers, company: Caller, name: str, given_at: datetime, scopes: tuple[str, ...] = SCOPES
) -> Consent:
    return Consent(
        company.dev_id, uuid7(), "SANDBOX", callers.provider_app.id, "acc-ann", name,
        Tokens(name, f"{name}-refresh", None, scopes), scopes, given_at, uuid7(), None,
    )  # fmt: skip


async def linked(callers: Callers, given: Consent) -> Connection:
    async with callers.db.transaction() as session:
        made = await link(
            session, given, policy=DuplicatePolicy.KEEP_BOTH, keyring=callers.keyring, now=utc_now()
        )
    assert isinstance(made, Connection)
    return made


async def held(callers: Callers) -> tuple[Grant, str]:
    """The grant, and the access token it holds."""
    grant_id = grant_id_of(callers.provider_app.id, "acc-ann")
    grant = await GrantRepository(callers.db.autocommit).find(grant_id)
    assert grant is not None
    assert grant.tokens is not None
    return grant, open_tokens(callers.keyring, grant.id, grant.tokens).access


@pytest.fixture
def callers(callers_of_vendor: Callers, vendor: Scripted) -> Callers:
    assert vendor.asked == []
    return callers_of_vendor


async def test_a_flow_that_is_resumed_late_does_not_bring_its_older_tokens_back(callers: Callers) -> None:
    company, now = await callers.company("Company A"), utc_now()
    await linked(callers, consent(callers, company, "newer", now))
    late = await linked(
        callers, consent(callers, company, "older", now - timedelta(minutes=2), ("daily", "body"))
    )
    grant, access = await held(callers)
    assert (access, grant.scopes, grant.consented_at) == ("newer", SCOPES, now)
    assert (late.consented_scopes, late.scopes) == (("daily", "body"), ("daily",))


async def test_nor_does_one_that_makes_no_connection(callers: Callers) -> None:
    company, now = await callers.company("Company A"), utc_now()
    await linked(callers, consent(callers, company, "newer", now))
    older = consent(callers, company, "older", now - timedelta(minutes=2))
    async with callers.db.transaction() as session:
        await keep_tokens(session, older, keyring=callers.keyring, now=now)
    assert (await held(callers))[1] == "newer"
    async with callers.db.transaction() as session:
        newest = consent(callers, company, "newest", now + timedelta(minutes=1))
        await keep_tokens(session, newest, keyring=callers.keyring, now=now)
    assert (await held(callers))[1] == "newest"


async def test_the_later_of_two_consents_wins_with_its_scopes(callers: Callers) -> None:
    company, now = await callers.company("Company A"), utc_now()
    await linked(callers, consent(callers, company, "older", now))
    newer = await linked(
        callers, consent(callers, company, "newer", now + timedelta(seconds=1), ("daily", "body"))
    )
    grant, access = await held(callers)
    assert (access, grant.scopes, newer.scopes) == ("newer", ("daily", "body"), ("daily", "body"))


async def test_after_a_revocation_any_consent_makes_the_grant_live(callers: Callers) -> None:
    company, now = await callers.company("Company A"), utc_now()
    await linked(callers, consent(callers, company, "newer", now))
    grant, _ = await held(callers)
    async with callers.db.transaction() as session:
        assert await revoke_grant(session, grant.id, now=now)
    await linked(callers, consent(callers, company, "again", now - timedelta(seconds=1)))
    assert (await held(callers))[1] == "again"
