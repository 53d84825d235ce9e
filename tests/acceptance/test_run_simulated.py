"""`wearable-gateway run --simulate`: the whole way with vendors one has no app at, in a process of its own."""

import json
from pathlib import Path

import httpx
import pytest

from tests.fakes.command_line import command
from tests.fakes.gateway import EndUser
from tests.fakes.ports import free_port
from tests.fakes.processes import Started, gateway_process, no_postgres_below
from tests.fakes.receiver import receiving
from tests.fakes.waiting import eventually
from wearable_gateway.simulators import SIMULATORS

pytestmark = pytest.mark.processes


async def connect(http: httpx.AsyncClient, name: str) -> str:
    begun = await http.post("/v2/auth/authenticateUser", params={"resource": name.upper()}, json={})
    assert begun.status_code == 200, begun.text
    person = EndUser()
    scopes = list(SIMULATORS[name].scopes)
    page = await person.connect(begun.json()["auth_url"], "ann", scopes=scopes)
    await person.browser.aclose()
    assert page.status_code == 200, page.text
    return str(begun.json()["user_id"])


async def told_where_to_tell(process: Started, data_dir: Path, name: str) -> None:
    """Oura is subscribed to by the worker, soon after the start."""

    async def subscribed() -> bool:
        kept = data_dir / f"simulated-{name}.json"
        assert process.is_running, process.said
        return kept.exists() and bool(json.loads(kept.read_bytes())["more"].get("subscriptions"))

    await eventually(subscribed, within=40)


async def test_two_simulated_vendors_are_connected_push_and_are_taken_back(tmp_path: Path) -> None:
    at = ("--data-dir", str(tmp_path), "--json")
    port = str(free_port())
    simulated = ("--simulate", "oura,garmin", "--no-sandbox")
    async with receiving() as server, gateway_process("run", "--port", port, *simulated, *at) as process:
        told = json.loads(await process.line("{"))
        assert set(told["simulator_urls"]) == {"oura", "garmin"}
        assert told["sandbox_url"] is None
        added = await command("destination", "add", told["dev_id"], server.url, *at)
        assert added.code == 0, added
        await told_where_to_tell(process, tmp_path, "oura")
        headers = {"dev-id": told["dev_id"], "x-api-key": told["api_key"]}
        async with httpx.AsyncClient(
            base_url=told["url"], headers=headers, timeout=30, trust_env=False
        ) as http:
            users = {name: await connect(http, name) for name in ("oura", "garmin")}
        await server.wait_for("auth", 2)

        for name, user_id in users.items():
            assert (await command("simulator", "push", name, "ann", "--kind", "sleep", *at)).object == {
                "revision": 1
            }

            async def slept(user_id: str = user_id) -> bool:
                return any(event["user"]["user_id"] == user_id for event in server.events("sleep"))

            await eventually(slept)

        assert (await command("simulator", "revoke", "garmin", "ann", *at)).object == {"revoked": 1}
        (event,) = await server.wait_for("access_revoked")
        assert event["user"]["user_id"] == users["garmin"]
        unknown = await command("simulator", "push", "polar", "ann", *at)
        assert "no simulated polar runs" in unknown.refusal
        assert (await command("provider", "test", "oura", *at)).object["works"] is True
        assert await process.end() == 0
        assert not process.errors, process.said
    await no_postgres_below(tmp_path)
