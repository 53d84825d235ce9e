"""POLAR: tokens that are never refreshed, and accounts that have to be registered."""

from dataclasses import replace

import pytest

from wearable_gateway.errors import (
    ConsentRefusedError,
    GrantRevokedError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import Ask, Tokens
from wearable_gateway.providers.polar import PROVIDER
from wearable_gateway.providers.polar.registration import member_id
from wearable_gateway.unified.records import DataType

from .vendor import BACK, SCOPE, Vendor


async def test_the_account_is_the_one_the_token_answer_names(vendor: Vendor) -> None:
    tokens = await vendor.sign_in("ann")
    account = await PROVIDER.account(vendor.client(tokens), vendor.app, tokens)
    assert account.id == vendor.simulator.account_id("ann")
    assert account.scopes == (SCOPE,)
    assert tokens.refresh is None
    assert tokens.expires_at is not None


async def test_what_is_not_refreshed_is_over_when_it_is_refused(vendor: Vendor) -> None:
    tokens = await vendor.sign_in("ann")
    with pytest.raises(GrantRevokedError):
        await OAuth2Flow(PROVIDER, vendor.app).refresh(tokens)


async def test_a_code_is_redeemed_with_the_clients_secret_in_the_header_and_once(vendor: Vendor) -> None:
    flow = OAuth2Flow(PROVIDER, vendor.app)
    await flow.check(redirect_uri=BACK)
    wrong = OAuth2Flow(PROVIDER, replace(vendor.app, client_secret="another"))
    with pytest.raises(ProviderRefusedError):
        await wrong.check(redirect_uri=BACK)
    with pytest.raises(ConsentRefusedError):
        await flow.exchange(code="used", redirect_uri=BACK, verifier="v" * 43)


async def test_no_data_is_given_before_the_account_is_registered(vendor: Vendor) -> None:
    tokens = await vendor.sign_in("ann")
    answer = await vendor.client(tokens).get("/v3/exercises")
    assert answer.status_code == 403
    await PROVIDER.account(vendor.client(tokens), vendor.app, tokens)
    assert (await vendor.client(tokens).get("/v3/exercises")).status_code == 200


async def test_an_account_that_is_registered_already_is_taken_as_it_is(vendor: Vendor) -> None:
    first, second = await vendor.connect("ann"), await vendor.connect("ann")
    assert first.account_id == second.account_id
    assert vendor.calls("POST /v3/users") == {"POST /v3/users": 2}
    await PROVIDER.probe(first)
    await PROVIDER.probe(second)


async def test_an_account_registered_under_another_name_is_taken_too(vendor: Vendor) -> None:
    """The app may have been another program's before, or its secret was renewed."""
    tokens = await vendor.sign_in("ann")
    client = vendor.client(tokens)
    assert (await client.post("/v3/users", json={"member-id": "of-before"})).status_code == 200
    account = await PROVIDER.account(client, vendor.app, tokens)
    assert account.id == vendor.simulator.account_id("ann")


async def test_a_member_id_that_is_anothers_is_no_registration(vendor: Vendor) -> None:
    tokens, bobs = await vendor.sign_in("ann"), await vendor.sign_in("bob")
    taken = member_id(vendor.app, vendor.simulator.account_id("ann"))
    await vendor.client(bobs).post("/v3/users", json={"member-id": taken})
    with pytest.raises(ProviderRejectedError):
        await PROVIDER.account(vendor.client(tokens), vendor.app, tokens)


async def test_who_has_not_agreed_to_all_the_vendor_wants_is_refused(vendor: Vendor) -> None:
    tokens = await vendor.sign_in("ann", consents=False)
    with pytest.raises(ProviderRefusedError) as refused:
        await PROVIDER.account(vendor.client(tokens), vendor.app, tokens)
    assert refused.value.status == 403


@pytest.mark.parametrize("extra", [{}, {"x_user_id": None}, {"x_user_id": "../1"}, {"x_user_id": "²"}])
async def test_a_token_answer_that_names_nobody_makes_no_account(
    vendor: Vendor, extra: dict[str, object]
) -> None:
    tokens = Tokens("token", None, None, (), extra)
    with pytest.raises(ProviderUnavailableError):
        await PROVIDER.account(vendor.plain, vendor.app, tokens)
    assert vendor.calls("POST /v3/users") == {}


def test_a_member_id_tells_nothing_and_is_the_same_for_all_who_link_the_account(vendor: Vendor) -> None:
    one = member_id(vendor.app, "90210")
    assert one == member_id(vendor.app, "90210")
    assert one != member_id(vendor.app, "90211")
    assert one != member_id(replace(vendor.app, notice_secret="another"), "90210")
    assert "90210" not in one


async def test_giving_back_takes_the_account_out_of_the_app_and_ends_every_token(vendor: Vendor) -> None:
    first, second = await vendor.connect("ann"), await vendor.connect("ann")
    await PROVIDER.revoke(second, Tokens("unused", None, None, ()))
    for access in (first, second):
        with pytest.raises(ProviderRefusedError) as refused:
            await PROVIDER.probe(access)
        assert refused.value.status == 401


async def test_who_comes_back_is_registered_anew_and_has_lost_what_was_before(vendor: Vendor) -> None:
    access = await vendor.connect("ann")
    await PROVIDER.revoke(access, Tokens("unused", None, None, ()))
    again = await vendor.connect("ann")
    today = vendor.simulator.today()
    found = await PROVIDER.fetch(again, Ask(DataType.ACTIVITY, today.replace(day=1), today, samples=False))
    assert {str(one["start_time"])[:10] for one in found} <= {today.isoformat()}
