"""`serve` and `worker`, as an operator runs them: on a database of their own, with keys from the environment."""

import asyncio
import signal

import httpx
import pytest

from tests.fakes.command_line import Answer, command
from tests.fakes.installation import Installation, installation
from tests.fakes.ports import free_port
from tests.fakes.processes import Started
from tests.fakes.receiver import receiving

pytestmark = pytest.mark.processes

KEYS = "k1:" + "A" * 43
SECRET = "a secret of more than thirty-two characters"


async def test_api_and_worker_work_together_and_end_when_asked(database_url: str) -> None:
    async with receiving() as server, installation(database_url) as production:
        api, worker = await asyncio.gather(production.serve(), production.worker())
        company = await production.company("acme", server.url)
        user_id = await production.connected(company, "ann")
        assert (await server.wait_for("auth"))[0]["user"]["user_id"] == user_id
        await production.control("push", account="ann")
        await server.wait_for("daily")

        await assert_end_cleanly(api, worker)
        leases = await production.db.autocommit.fetchval(
            "SELECT count(*) FROM bucket_leases WHERE owner <> ''"
        )
        assert leases == 0, "a worker that ends in peace gives its buckets back"


async def assert_end_cleanly(api: Started, worker: Started) -> None:
    codes = await asyncio.gather(*(process.end(signal.SIGTERM, within=10) for process in (api, worker)))
    # uvicorn shuts down, and then dies of the signal it was sent, as its parent expects
    assert codes[0] in {0, -signal.SIGTERM}, api.said
    assert codes[1] == 0, worker.said
    assert "Traceback" not in api.said + worker.said, api.said + worker.said


@pytest.mark.parametrize("process", ["serve", "worker"])
@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"GATEWAY_ENCRYPTION_KEYS": ""}, "wearable-gateway secrets"),
        ({"GATEWAY_ENCRYPTION_KEYS": "k1:short"}, "encryption key"),
        ({"GATEWAY_SECRET_KEY": ""}, "GATEWAY_SECRET_KEY"),
        ({"GATEWAY_SECRET_KEY": "short"}, "GATEWAY_SECRET_KEY"),
        ({"GATEWAY_ALLOW_PRIVATE_NETWORKS": "localhost"}, "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
        ({"GATEWAY_LOG_LEVEL": "loud"}, "GATEWAY_LOG_LEVEL"),
        ({"GATEWAY_DATABASE_POOL_SIZE": "many"}, "GATEWAY_DATABASE_POOL_SIZE"),
    ],
)
async def test_what_is_missing_is_said_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, process: str, missing: dict[str, str], says: str
) -> None:
    settings = {
        "DATABASE_URL": "postgresql://127.0.0.1:1/none",
        "GATEWAY_ENCRYPTION_KEYS": KEYS,
        "GATEWAY_SECRET_KEY": SECRET,
    }
    configure(monkeypatch, **(settings | missing))
    refusal = (await command(process)).refusal
    assert says in refusal
    assert SECRET not in refusal
    assert "A" * 43 not in refusal


def configure(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://127.0.0.1:1/none",
        "postgresql://no-such-host.invalid/none",
        "no url at all",
        "{database}-that-is-not-there",
    ],
)
@pytest.mark.parametrize("arguments", [("serve",), ("worker",), ("migrate",), ("developer", "list")])
async def test_a_database_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, database_url: str, arguments: tuple[str, ...], url: str
) -> None:
    configure(
        monkeypatch,
        DATABASE_URL=url.format(database=database_url),
        GATEWAY_ENCRYPTION_KEYS=KEYS,
        GATEWAY_SECRET_KEY=SECRET,
    )
    assert "database" in (await command(*arguments)).refusal


@pytest.mark.parametrize("arguments", [("serve",), ("worker",), ("developer", "list")])
async def test_a_database_that_was_never_migrated_is_one_line(
    monkeypatch: pytest.MonkeyPatch, database_url: str, arguments: tuple[str, ...]
) -> None:
    url = database_url.rpartition("/")[0] + "/postgres"
    configure(monkeypatch, DATABASE_URL=url, GATEWAY_ENCRYPTION_KEYS=KEYS, GATEWAY_SECRET_KEY=SECRET)
    assert "migrate" in (await command(*arguments)).refusal


async def test_private_destinations_are_refused_unless_the_operator_lists_them(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    async with installation(database_url) as production:
        await production.company("acme")
        refusal = (await add(monkeypatch, production, allowed="")).refusal
        assert "GATEWAY_ALLOW_PRIVATE_NETWORKS" in refusal
        assert "GATEWAY_ALLOW" in (await add(monkeypatch, production, allowed="10.0.0.0/8")).refusal
        added = (await add(monkeypatch, production, allowed="127.0.0.0/8")).object
        assert added["url"] == "http://127.0.0.1:9/hook"


async def add(monkeypatch: pytest.MonkeyPatch, production: Installation, *, allowed: str) -> Answer:
    configure(monkeypatch, **(production.settings | {"GATEWAY_ALLOW_PRIVATE_NETWORKS": allowed}))
    return await command("destination", "add", "acme", "http://127.0.0.1:9/hook", "--json")


async def test_prometheus_is_told_what_was_counted(database_url: str) -> None:
    port = free_port()
    async with installation(database_url) as production, receiving() as server:
        await production.serve()
        await production.worker("--metrics-port", str(port))
        acme = await production.company("acme", server.url)
        await production.connected(acme, "ann")
        await production.control("push", account="ann", kinds=["daily"])
        await server.wait_for("daily")
        async with httpx.AsyncClient(trust_env=False) as http:
            text = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
        assert 'gateway_records_total{outcome="news",provider="SANDBOX",type="daily"} 1.0' in text
        assert 'gateway_fetch_seconds_count{provider="SANDBOX",type="daily"} 1.0' in text
        assert "acme" not in text
