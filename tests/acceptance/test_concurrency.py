"""Many at once: exactly one wins, everybody hears once."""

import asyncio
from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.acceptance.test_lifecycle import grant_states, types, until_released
from tests.fakes.gateway import Company, Gateway
from tests.fakes.waiting import eventually
from wearable_gateway.connect.callback import Callback
from wearable_gateway.connect.models import Returned
from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.grants import GrantRepository, open_tokens, seal_tokens
from wearable_gateway.connections.linking import Consent, link
from wearable_gateway.developers.keys import create_developer
from wearable_gateway.developers.settings import DuplicatePolicy
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers._base.reaching import Tokens


async def test_of_twenty_callbacks_with_one_state_one_wins(gateway: Gateway) -> None:
    a = await gateway.company("A")
    begun = await a.auth_url(reference_id="x")
    person = gateway.end_user()
    callback = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")
    answers = await asyncio.gather(*(person.browser.get(callback) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 19}
    assert len(await a.users("x")) == 1
    assert await types(gateway, a.dev_id) == ["auth"]
    assert (await gateway.counters())["calls"]["token.authorization_code"] == 1


async def expire(gateway: Gateway) -> None:
    """Make the stored access token of the only grant look expired."""
    row = await gateway.db.autocommit.fetchrow("SELECT id, tokens FROM grants")
    assert row is not None
    text = gateway.keyring.decrypt(row["tokens"], identity=f"grants/{row['id']}/tokens")
    plain = json.load(text)
    tokens = Tokens(plain["access"], plain["refresh"], utc_now(), tuple(plain["scopes"]))
    await gateway.db.autocommit.execute(
        "UPDATE grants SET tokens = $2 WHERE id = $1",
        row["id"],
        seal_tokens(gateway.keyring, row["id"], tokens),
    )


async def test_twenty_refreshes_at_once_are_one_token_call(gateway: Gateway) -> None:
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann")
    await expire(gateway)
    params = {"user_id": user_id, "start_date": "2026-11-01", "end_date": "2026-11-01", "to_webhook": "false"}
    answers = await asyncio.gather(*(a.http.get("/v2/daily", params=params) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await gateway.counters())["calls"]["token.refresh_token"] == 1


async def test_refreshes_of_separate_processes_are_one_token_call(gateway: Gateway) -> None:
    """Each `Vendors` stands for a process: they share nothing but the database."""
    a = await gateway.company("A")
    await gateway.connected(a, "ann")
    await expire(gateway)
    grant = await GrantRepository(gateway.db.autocommit).find(
        await gateway.db.autocommit.fetchval("SELECT id FROM grants")
    )
    assert grant is not None

    async def me() -> int:
        async with Vendors(gateway.db, gateway.keyring).access(grant) as access:
            return (await access.client.get("/v1/me")).status_code

    assert set(await asyncio.gather(*(me() for _ in range(20)))) == {200}
    assert (await gateway.counters())["calls"]["token.refresh_token"] == 1


async def test_a_token_whose_refresher_died_before_storing_it_is_not_lost(gateway: Gateway) -> None:
    """The vendor has rotated, the process that asked is gone: the next one in line gets the same successor."""
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann", "x")
    await expire(gateway)
    row = await gateway.db.autocommit.fetchrow("SELECT id, tokens FROM grants")
    assert row is not None
    tokens = open_tokens(gateway.keyring, row["id"], row["tokens"])
    spent = await gateway.vendor.post(
        "/oauth/token",
        data={"grant_type": "refresh_token", "refresh_token": tokens.refresh or ""},
        headers={"authorization": httpx.BasicAuth("gateway", "client-secret")._auth_header},
    )
    assert spent.status_code == 200
    await gateway.db.autocommit.execute(
        "UPDATE grants SET refreshing_until = $2 WHERE id = $1", row["id"], utc_now() + timedelta(seconds=1)
    )
    params = {"user_id": user_id, "start_date": "2026-11-01", "end_date": "2026-11-01", "to_webhook": "false"}
    assert (await a.http.get("/v2/daily", params=params)).status_code == 200
    kept = await gateway.db.autocommit.fetchval("SELECT tokens FROM grants")
    assert open_tokens(gateway.keyring, row["id"], kept).refresh == spent.json()["refresh_token"]
    assert await types(gateway, a.dev_id) == ["auth"]


async def test_deauthenticating_the_last_two_at_once_is_one_revocation_at_the_provider(
    gateway: Gateway,
) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    users = [(a, await gateway.connected(a, "ann")), (b, await gateway.connected(b, "ann"))]
    answers = await asyncio.gather(*(company.deauthenticate(user_id) for company, user_id in users))
    assert [answer.status_code for answer in answers] == [200, 200]
    await until_released(gateway)
    assert (await gateway.counters())["calls"]["revoke"] == 1


async def test_of_twenty_deauthentications_of_one_connection_one_finds_it(gateway: Gateway) -> None:
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann")
    answers = await asyncio.gather(*(a.deauthenticate(user_id) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 19}
    assert await types(gateway, a.dev_id) == ["auth", "deauth"]


async def test_companies_connecting_and_leaving_at_once_end_with_the_grant_of_those_who_stayed(
    gateway: Gateway,
) -> None:
    companies = [await gateway.company(f"C{number}") for number in range(6)]

    async def come_and_go(company: Company, *, stays: bool) -> None:
        user_id = await gateway.connected(company, "ann", "x")
        if not stays:
            assert (await company.deauthenticate(user_id)).status_code == 200

    await asyncio.gather(
        *(come_and_go(company, stays=number == 0) for number, company in enumerate(companies))
    )
    # Somebody may have been the last for a moment, and the grant given back just while the one who stays was at
    # the vendor: then that flow failed, was told so, and trying again works.
    if not await companies[0].users("x"):
        assert await types(gateway, companies[0].dev_id) == ["auth_cancelled"]
        await gateway.connected(companies[0], "ann", "x")
    [stayed] = await companies[0].users("x")
    assert stayed["active"] is True
    params = {"user_id": stayed["user_id"], "start_date": "2026-11-01", "to_webhook": "false"}
    assert (await companies[0].http.get("/v2/daily", params=params)).status_code == 200
    assert await grant_states(gateway) == ["live"]


async def link_many(gateway: Gateway, account_id: str, number: int) -> list[str]:
    """`number` developers, each linked to the account; their dev-ids."""
    dev_ids = [f"many-{index}" for index in range(number)]
    for dev_id in dev_ids:
        async with gateway.db.transaction() as session:
            await create_developer(session, dev_id, dev_id)
            tokens = Tokens("made-up", "made-up", None, ("daily", "activity", "sleep"))
            consent = Consent(
                dev_id=dev_id,
                user_id=uuid7(),
                provider="SANDBOX",
                provider_app_id=gateway.app.id,
                provider_account_id=account_id,
                reference_id="x",
                tokens=tokens,
                scopes=tokens.scopes,
                given_at=utc_now(),
                flow_id=uuid7(),
                widget_session_id=None,
            )
            await link(
                session, consent, policy=DuplicatePolicy.KEEP_BOTH, keyring=gateway.keyring, now=utc_now()
            )
    return dev_ids


async def test_a_revocation_reaches_five_hundred_developers_once_each(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await gateway.connected(a, "ann")
    account_id = await gateway.db.autocommit.fetchval("SELECT provider_account_id FROM grants")
    dev_ids = await link_many(gateway, account_id, 500)
    # Everything else at the same time: the vendor's notice, doubled, and requests that find the tokens dead.
    revoked = await gateway.control("revoke", account="ann")
    assert revoked["revoked"] == 1

    async def all_told() -> bool:
        told = await gateway.db.autocommit.fetchval(
            "SELECT count(*) FROM events WHERE type = 'access_revoked'"
        )
        return bool(told == 501)

    await eventually(all_told)
    rows = await gateway.db.autocommit.fetch(
        "SELECT dev_id, count(*) AS number FROM events WHERE type = 'access_revoked' GROUP BY dev_id"
    )
    assert {row["dev_id"]: row["number"] for row in rows} == dict.fromkeys([*dev_ids, a.dev_id], 1)
    left = await gateway.db.autocommit.fetchval("SELECT count(*) FROM connections WHERE state <> 'revoked'")
    assert left == 0


async def test_a_notice_and_a_dead_refresh_at_once_tell_everybody_once(gateway: Gateway) -> None:
    companies = [await gateway.company(f"C{number}") for number in range(5)]
    users = [await gateway.connected(company, "ann") for company in companies]
    await expire(gateway)
    params = {"start_date": "2026-11-01", "end_date": "2026-11-01", "to_webhook": "false"}
    await asyncio.gather(
        gateway.control("revoke", account="ann"),
        *(
            company.http.get("/v2/daily", params={**params, "user_id": user_id})
            for company, user_id in zip(companies, users, strict=True)
        ),
    )

    async def all_told() -> bool:
        told = [await types(gateway, company.dev_id) for company in companies]
        return all("access_revoked" in one for one in told)

    await eventually(all_told)
    for company in companies:
        assert (await types(gateway, company.dev_id)).count("access_revoked") == 1


async def no_notice_waits_at_the_vendor(gateway: Gateway) -> None:
    async def none() -> bool:
        return not (await gateway.counters())["notices"]["pending"]

    await eventually(none)


async def test_the_same_notice_delivered_five_times_is_kept_once(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await gateway.connected(a, "ann")
    await gateway.control("push", account="ann")
    await no_notice_waits_at_the_vendor(gateway)
    key = await gateway.db.autocommit.fetchval("SELECT content->>'key' FROM notices")
    for _ in range(5):
        await gateway.control("resend", notice_id=key)
        await no_notice_waits_at_the_vendor(gateway)
    assert await gateway.db.autocommit.fetchval("SELECT count(*) FROM notices") == 1


async def test_a_revocation_between_the_tokens_and_the_link_ends_that_connection_too(
    gateway: Gateway,
) -> None:
    a = await gateway.company("A")
    begun = await a.auth_url(reference_id="x")
    person = gateway.end_user()
    url = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")
    query = dict(parse_qsl(urlsplit(url).query))
    browser = next(cookie.value for cookie in person.browser.cookies.jar if cookie.name == "wg_browser")
    callback = Callback(gateway.db, Vendors(gateway.db, gateway.keyring), gateway.url)
    given_at = utc_now()
    returned = Returned(state=query["state"], browser=browser or "", code=query["code"], error=None)
    flow, trip = await callback._claim(returned, now=given_at)
    tokens = await callback._exchange(trip, returned)
    await callback._keep(flow, tokens)
    assert (await gateway.control("revoke", account="ann"))["revoked"] == 1

    async def looked_at_too_early() -> bool:
        return bool(await gateway.db.autocommit.fetchval("SELECT outcome FROM notices") == "not_linked")

    await eventually(looked_at_too_early)
    await callback.complete(flow, tokens, given_at=given_at)

    async def told() -> bool:
        return await types(gateway, a.dev_id) == ["auth", "access_revoked"]

    await eventually(told)
    assert [user["active"] for user in await a.users("x")] == [False]
