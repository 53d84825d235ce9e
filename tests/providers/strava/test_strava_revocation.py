"""STRAVA's ways to give a grant back, and how its end is noticed, against its simulation."""

import pytest

from wearable_gateway.errors import GrantRevokedError, ProviderUnavailableError
from wearable_gateway.providers.strava import PROVIDER

from .talking import Talking

_DEAUTHORIZE, _REVOKE = "POST /oauth/deauthorize", "POST /oauth/revoke"


@pytest.mark.parametrize(
    ("extra", "failing", "called"),
    [
        ({}, [], [_DEAUTHORIZE]),
        ({"revocation": "deauthorize"}, [], [_DEAUTHORIZE]),
        ({"revocation": "revoke"}, [], [_REVOKE]),
        ({}, ["/oauth/deauthorize"], [_DEAUTHORIZE, _REVOKE]),
    ],
)
async def test_either_way_ends_all_that_the_app_has_of_the_athlete(
    strava: Talking, extra: dict[str, str], failing: list[str], called: list[str]
) -> None:
    earlier, tokens = await strava.tokens(), await strava.tokens()
    for path in failing:
        await strava.control("fail", path=path, status=404)
    async with strava.access(tokens, app=strava.with_extra(**extra)) as access:
        await PROVIDER.revoke(access, tokens)
        with pytest.raises(GrantRevokedError):
            await PROVIDER.probe(access)
    async with strava.access(earlier) as access:
        with pytest.raises(GrantRevokedError):
            await PROVIDER.probe(access)
    assert [name for name in await strava.calls() if name in {_DEAUTHORIZE, _REVOKE}] == called


async def test_a_grant_that_is_gone_already_is_found_out(strava: Talking) -> None:
    tokens = await strava.tokens()
    await strava.control("revoke", account="ann")
    async with strava.access(tokens) as access:
        with pytest.raises(GrantRevokedError):
            await PROVIDER.revoke(access, tokens)


@pytest.mark.parametrize("status", [400, 401, 404, 503])
async def test_where_neither_way_is_open_it_is_tried_later(strava: Talking, status: int) -> None:
    tokens = await strava.tokens()
    await strava.control("fail", path="/oauth/deauthorize", status=404)
    await strava.control("fail", path="/oauth/revoke", status=status)
    async with strava.access(tokens) as access:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.revoke(access, tokens)
        await PROVIDER.probe(access)


async def test_a_token_that_ended_is_refreshed_and_no_end_of_the_grant(strava: Talking) -> None:
    tokens = await strava.tokens()
    await strava.control("expire", account="ann")
    async with strava.access(tokens) as access:
        await PROVIDER.probe(access)
