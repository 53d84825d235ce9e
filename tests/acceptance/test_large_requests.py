"""Four hundred days with samples: in order, once, whoever dies meanwhile, and in little memory."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gateway import Company
from tests.fakes.installation import Installation, installation
from tests.fakes.processes import Started
from tests.fakes.receiver import Delivery, receiving
from tests.fakes.waiting import eventually
from wearable_gateway.kit.clock import utc_now

pytestmark = pytest.mark.processes

DAYS = "/v1/days"
LAST = date(2026, 11, 15)
FIRST = LAST - timedelta(days=399)
_MIB = 1024 * 1024


def _memory(process: Started, what: str) -> float:
    """MiB that are resident: `VmRSS` now, `VmHWM` the most since it was last forgotten (man 5 proc)."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def _forget_the_most(process: Started) -> None:
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")


async def _die_in_the_middle(production: Installation, worker: Started) -> Started:
    """Kill the worker while the vendor is asked for a window; another one, for whom the claim has run out."""
    production.gate.hold(DAYS)
    await production.gate.arrived(DAYS)
    await worker.kill()
    production.gate.let_go(DAYS)
    await production.db.autocommit.execute(
        "UPDATE data_requests SET due_at = $1 WHERE due_at IS NOT NULL", utc_now()
    )
    return await production.worker()


async def _windows_done(company: Company, reference: str) -> int:
    found = (await company.http.get(f"/v2/dataRequests/{reference}")).json()
    return sum(window["state"] == "done" for window in found["windows"])


async def _completed(company: Company, reference: str) -> dict[str, Any]:
    async def completed() -> dict[str, Any] | None:
        found: dict[str, Any] = (await company.http.get(f"/v2/dataRequests/{reference}")).json()
        return found if found["state"] == "completed" else None

    found = await eventually(completed, within=90)
    assert found is not None
    return found


def _chunk(one: Delivery) -> int:
    return int(one.headers["x-terra-trace-id"].rpartition(":chunk:")[2])


async def test_a_request_killed_twice_completes_once(database_url: str) -> None:
    async with receiving() as server, installation(database_url) as production:
        _, worker = await asyncio.gather(production.serve(), production.worker())
        acme = await production.company("acme", server.url)
        user_id = await production.connected(acme, "ann")
        await server.wait_for("auth")
        wanted = {"start_date": str(FIRST), "end_date": str(LAST), "with_samples": "true"}
        begun = (await acme.http.get("/v2/daily", params={"user_id": user_id, **wanted})).json()
        reference = begun["reference"]
        dead = []
        for _ in range(2):
            done = await _windows_done(acme, reference)
            dead.append(worker)
            worker = await _die_in_the_middle(production, worker)

            async def went_on(before: int = done) -> bool:
                return await _windows_done(acme, reference) > before

            await eventually(went_on, within=40)
        found = await _completed(acme, reference)

        assert [window["state"] for window in found["windows"]] == ["done"] * 14
        chunks = [one for one in server.got if one.event["type"] == "daily"]
        assert len({one.headers["webhook-id"] for one in chunks}) == found["expected_payloads"]
        assert sorted({_chunk(one) for one in chunks}) == list(range(1, found["expected_payloads"] + 1))
        (sending,) = server.events("large_request_sending")
        assert sending["expected_payloads"] == found["expected_payloads"]
        by_id = {one.headers["webhook-id"]: one.event for one in chunks}
        days = [record["metadata"]["start_time"][:10] for event in by_id.values() for record in event["data"]]
        assert sorted(days) == [str(FIRST + timedelta(days=n)) for n in range(400)]
        assert not any(process.is_running for process in dead)
        begun_ids = {one.headers["webhook-id"] for one in server.got if "_processing" in one.event["type"]}
        assert len(begun_ids) == 1


async def test_memory_does_not_grow_with_the_range(database_url: str) -> None:
    async with receiving() as server, installation(database_url) as production:
        _, worker = await asyncio.gather(production.serve(), production.worker())
        acme = await production.company("acme", server.url)
        user_id = await production.connected(acme, "ann")

        async def ask(days: int) -> int:
            start = LAST - timedelta(days=days - 1)
            wanted = {"start_date": str(start), "end_date": str(LAST), "with_samples": "true"}
            answer = await acme.http.get("/v2/daily", params={"user_id": user_id, **wanted})
            await _completed(acme, answer.json()["reference"])
            return sum(len(one.body) for one in server.got)

        await ask(60)
        before, received = _memory(worker, "VmRSS"), sum(len(one.body) for one in server.got)
        _forget_the_most(worker)
        bytes_sent = await ask(400) - received
        most, after = _memory(worker, "VmHWM"), _memory(worker, "VmRSS")
        measured = f"{bytes_sent / _MIB:.1f} MiB sent; {before:.0f} MiB before, {most:.0f} at most, {after:.0f} after"
        assert bytes_sent > 4 * _MIB
        assert most - before < 40, measured
