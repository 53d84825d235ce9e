"""What dies at any moment dies without losing what was promised, and without promising it twice."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.fakes.crowd import (
    assert_each_connection_was_revoked_once,
    assert_everything_arrived,
    delivered,
    let_claims_run_out,
    link_for_many,
    recorded,
    revoke_at_vendor,
    settled,
    unfinished,
)
from tests.fakes.installation import Installation, installation
from tests.fakes.ports import free_port
from tests.fakes.processes import Started
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.waiting import eventually
from wearable_gateway.db.embedded import Cluster
from wearable_gateway.db.migrate import migrate

pytestmark = pytest.mark.processes

DEVELOPERS = 100
CONNECTIONS = DEVELOPERS + 1
TOKEN, REVOKE = "/oauth/token", "/oauth/revoke"


async def received_more(server: Receiver, number: int) -> None:
    enough = len(server.got) + number

    async def arrived() -> bool:
        return len(server.got) >= enough

    await eventually(arrived, within=40)


async def test_workers_killed_at_any_moment_lose_nothing(database_url: str) -> None:
    """Six times both workers die at once, while two syncs and a revocation go to a hundred and one developers."""
    dice = random.Random(20261122)
    left_behind: list[int] = []
    async with receiving() as server, installation(database_url) as production:
        _, *workers = await asyncio.gather(production.serve(), production.worker(), production.worker())
        await production.connected(await production.company("acme", server.url), "ann")
        await link_for_many(production, "ann", server.url, developers=DEVELOPERS)
        await settled(production)
        server.gap = 0.01

        async def kill_both_and_start_others() -> None:
            await received_more(server, dice.randint(1, 30))
            await asyncio.gather(*(worker.kill() for worker in workers))
            left_behind.append(await unfinished(production))
            await let_claims_run_out(production, [worker.pid for worker in workers])
            workers[:] = await asyncio.gather(production.worker(), production.worker())

        for kind in ("daily", "activity"):
            await production.control("push", account="ann", kinds=[kind])
            await kill_both_and_start_others()
            await kill_both_and_start_others()
            await settled(production)
        await revoke_at_vendor(production, "ann")
        await kill_both_and_start_others()
        await kill_both_and_start_others()
        await settled(production)

        assert sum(count > 0 for count in left_behind) >= 5, f"they died with nothing to do: {left_behind}"
        for kind in ("auth", "daily", "activity"):
            assert await recorded(production, kind) == CONNECTIONS
        await assert_each_connection_was_revoked_once(production, CONNECTIONS)
        await assert_everything_arrived(production, server)


@asynccontextmanager
async def postgres(folder: Path, port: int) -> AsyncIterator[Cluster]:
    cluster = Cluster(folder, port=port)
    await asyncio.to_thread(cluster.start)
    try:
        yield cluster
    finally:
        await asyncio.to_thread(cluster.stop)


async def test_a_killed_postgres_is_survived_by_everybody(tmp_path: Path) -> None:
    """API and worker stay up, and what they said yes to is all there."""
    port = free_port()
    async with receiving() as server, AsyncExitStack() as stack:
        first = await stack.enter_async_context(postgres(tmp_path, port))
        await asyncio.to_thread(first.ensure_database)
        url = first.url()
        await asyncio.to_thread(migrate, url)
        production = await stack.enter_async_context(installation(url))
        api, worker = await asyncio.gather(production.serve(), production.worker())
        company = await production.company("acme", server.url)
        await production.connected(company, "ann")
        begun = [await company.auth_url(reference_id=f"r{number}") for number in range(3)]
        await link_for_many(production, "ann", server.url, developers=DEVELOPERS)
        await revoke_at_vendor(production, "ann")
        await received_more(server, 20)

        assert first.pid is not None
        os.kill(first.pid, signal.SIGKILL)
        await eventually(lambda: is_down(first))
        asked = {"params": {"resource": "SANDBOX"}, "json": {}}
        refused = await company.http.post("/v2/auth/authenticateUser", **asked)  # type: ignore[arg-type]
        assert refused.status_code in {500, 503}
        await stack.enter_async_context(postgres(tmp_path, port))

        await eventually(lambda: answers(company.http), within=40)
        await eventually(lambda: revoked(production), within=40)
        await let_claims_run_out(production)
        await settled(production)
        await assert_each_connection_was_revoked_once(production, CONNECTIONS)
        await assert_everything_arrived(production, server)
        assert (api.is_running, worker.is_running) == (True, True)
        for flow in begun:
            answer = await production.end_user().connect(flow["auth_url"], "ann")
            assert answer.status_code == 200, "a link that was handed out is lost"


async def is_down(cluster: Cluster) -> bool:
    return cluster.pid is None


async def answers(http: httpx.AsyncClient) -> bool:
    return (await http.get("/v2/userInfo", params={"reference_id": "x"})).status_code == 200


async def revoked(production: Installation) -> bool:
    """A notice claimed by the worker that lost its database is free again at once, not after five minutes."""
    await let_claims_run_out(production)
    return await grants(production) == ["revoked"]


async def grants(production: Installation) -> list[str]:
    rows = await production.db.autocommit.fetch("SELECT state FROM grants ORDER BY state")
    return [row["state"] for row in rows]


async def flows(production: Installation) -> list[str]:
    rows = await production.db.autocommit.fetch("SELECT state FROM flows ORDER BY id")
    return [row["state"] for row in rows]


async def die_during(api: Started, moment: Awaitable[object], browser: httpx.AsyncClient, url: str) -> None:
    """The API is killed at `moment`, while the end user's browser waits for its answer."""
    asking = asyncio.create_task(browser.get(url))
    await moment
    await api.kill()
    with pytest.raises(httpx.TransportError):
        await asking


async def test_an_api_killed_before_the_code_is_redeemed_tells_the_app(database_url: str) -> None:
    async with receiving() as server, installation(database_url) as production:
        api = await production.serve()
        company = await production.company("acme", server.url)
        begun = await company.auth_url(reference_id="a-1")
        person = production.end_user()
        coming_back = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")
        production.gate.hold(TOKEN)
        await die_during(api, production.gate.arrived(TOKEN), person.browser, coming_back)
        production.gate.let_go(TOKEN)
        assert await flows(production) == ["exchanging"]

        await let_claims_run_out(production)
        await production.worker()
        failed = (await server.wait_for("auth_cancelled", within=40))[0]
        assert (failed["reason"], failed["reference_id"]) == ("interrupted", "a-1")
        assert await flows(production) == ["failed"]
        await settled(production)
        assert server.count() == {"auth_cancelled": 1}


async def test_an_api_killed_with_tokens_in_hand_leaves_the_rest_to_a_worker(database_url: str) -> None:
    async with receiving() as server, installation(database_url) as production:
        api = await production.serve()
        await production.connected(await production.company("other"), "ann")
        company = await production.company("acme", server.url)
        begun = await company.auth_url(reference_id="a-1")
        person = production.end_user()
        coming_back = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")

        async def tokens_are_kept() -> bool:
            return await flows(production) == ["completed", "exchanged"]

        async with production.db.transaction() as session:
            # Whoever wants to link this account waits for this lock.
            await session.fetch("SELECT id FROM grants FOR UPDATE")
            await die_during(api, eventually(tokens_are_kept), person.browser, coming_back)

        await let_claims_run_out(production)
        await asyncio.gather(production.worker(), production.worker())
        auth = (await server.wait_for("auth", within=40))[0]
        assert auth["user"]["user_id"] == begun["user_id"]
        await settled(production)
        assert server.count() == {"auth": 1}
        assert await flows(production) == ["completed", "completed"]
        assert await grants(production) == ["live"]
        assert await production.db.autocommit.fetchval("SELECT count(*) FROM connections") == 2


async def test_a_worker_killed_while_it_gives_a_grant_back_gives_back_that_one(database_url: str) -> None:
    """Once the vendor had heard the dead worker, once it had answered it 503; a third account is not touched."""
    async with receiving() as server, installation(database_url) as production:
        _, worker = await asyncio.gather(production.serve(), production.worker())
        company = await production.company("acme", server.url)
        await production.connected(company, "bob")
        for calls, account in ((1, "ann"), (3, "cleo")):
            leaving = await production.connected(company, account)
            others = await grants(production)
            others.remove("live")
            await production.control("fail", endpoint="revoke", times=calls // 2)
            production.gate.hold(REVOKE)
            assert (await company.deauthenticate(leaving)).status_code == 200
            await production.gate.arrived(REVOKE)
            await worker.kill()
            assert await grants(production) == sorted([*others, "revoking"])
            production.gate.let_go(REVOKE)
            await eventually(lambda number=calls: has_revoke_calls(production, number))  # type: ignore[misc]

            await let_claims_run_out(production, [worker.pid])
            worker = await production.worker()
            await eventually(lambda: nothing_is_given_back(production), within=40)
            assert await grants(production) == sorted([*others, "revoked"])
            assert await has_revoke_calls(production, calls + 1)
            assert await production.control("revoke", account=account) == {"revoked": 0}

        assert (await production.control("push", account="bob"))["notices"] > 0
        await server.wait_for("daily", within=40)
        await delivered(production)
        await assert_everything_arrived(production, server)
        assert (await recorded(production, "deauth"), await recorded(production, "access_revoked")) == (2, 0)


async def has_revoke_calls(production: Installation, number: int) -> bool:
    return (await production.calls())["revoke"] == number


async def nothing_is_given_back(production: Installation) -> bool:
    return not {"releasing", "revoking"} & set(await grants(production))
