"""STRAVA's consent and tokens, against its simulation."""

import pytest

from wearable_gateway.errors import ConsentRefusedError, GrantRevokedError, ProviderRefusedError
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.strava import PROVIDER

from .talking import BACK, Talking


async def test_what_was_granted_stands_in_the_redirect_and_whose_tokens_in_the_answer(
    strava: Talking,
) -> None:
    query = await strava.consent("ann", ["read", "activity:read"])
    assert query["scope"] == "read,activity:read"
    tokens = await strava.flow.exchange(code=query["code"], redirect_uri=BACK, verifier="v")
    assert (tokens.scopes, set(tokens.extra)) == ((), {"athlete_id"})
    account = await PROVIDER.account(strava.http, strava.app, tokens)
    assert account.id == strava.simulator.account_id("ann")


async def test_who_the_athlete_is_can_be_asked_as_well(strava: Talking) -> None:
    tokens = await strava.tokens()
    async with strava.access(tokens) as access:
        refreshed = await strava.flow.refresh(tokens)
        account = await PROVIDER.account(access.client, strava.app, refreshed)
    assert account.id == strava.simulator.account_id("ann")


async def test_an_access_token_that_lasts_another_hour_comes_back_from_a_refresh(strava: Talking) -> None:
    tokens = await strava.tokens()
    strava.clock.seconds += 4 * 3600
    again = await strava.flow.refresh(tokens)
    assert (again.access, again.refresh, again.expires_at) == (
        tokens.access,
        tokens.refresh,
        tokens.expires_at,
    )


async def test_in_its_last_hour_a_refresh_brings_new_tokens_and_ends_the_old_ones(strava: Talking) -> None:
    tokens = await strava.tokens()
    strava.clock.seconds += 5.5 * 3600
    fresh = await strava.flow.refresh(tokens)
    assert fresh.access != tokens.access
    assert fresh.refresh != tokens.refresh
    assert fresh.extra == tokens.extra
    with pytest.raises(GrantRevokedError):
        await strava.flow.refresh(tokens)


async def test_a_code_counts_once(strava: Talking) -> None:
    query = await strava.consent("ann")
    await strava.flow.exchange(code=query["code"], redirect_uri=BACK, verifier="v")
    with pytest.raises(ConsentRefusedError):
        await strava.flow.exchange(code=query["code"], redirect_uri=BACK, verifier="v")


async def test_a_wrong_client_secret_is_no_end_of_a_grant(strava: Talking) -> None:
    tokens = await strava.tokens()
    wrong = AppAccess(strava.app.client_id, "another", "", strava.app.hosts)
    with pytest.raises(ProviderRefusedError):
        await OAuth2Flow(PROVIDER, wrong).refresh(tokens)
