"""`delivery`, `recovery` and `events` on the command line, against a database that no worker works on but the test."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.command_line import Answer, command
from tests.fakes.past import Past
from tests.fakes.waiting import eventually
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards.recovering import work_next
from wearable_gateway.kit.encryption import new_key

NOBODY = "00000000-0000-7000-8000-000000000000"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _installation(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GATEWAY_SECRET_KEY", "a secret of more than thirty-two characters")
    monkeypatch.setenv("GATEWAY_ENCRYPTION_KEYS", new_key("test"))


async def says(*arguments: str) -> dict[str, Any]:
    return (await command(*arguments, "--json")).object


async def helped(db: Database, *arguments: str) -> Answer:
    """A command, while a worker works on recoveries."""
    task = asyncio.create_task(command(*arguments))

    async def done() -> bool:
        await work_next(db)
        return task.done()

    await eventually(done)
    return await task


async def test_deliveries_are_listed_shown_and_sent_again(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    ids = await past.events(3, ago=HOUR)
    await past.tried(destination_id, ids[:2])
    await past.tried(destination_id, ids[2:], "refused", number=10)
    await past.queued(destination_id, ids[2:], "exhausted", attempts=10)
    first = await says("delivery", "list", "acme", "--limit", "2")
    assert [row["state"] for row in first["items"]] == ["exhausted", "delivered"]
    rest = await says("delivery", "list", "acme", "--after", first["next"])
    assert ([row["event_id"] for row in rest["items"]], rest["next"]) == ([str(ids[0])], None)
    for filters, number in (
        (("--state", "delivered"), 2),
        (("--since", "30m"), 0),
        (("--since", "2h", "--until", "30m"), 3),
        (("--type", "sleep"), 0),
        (("--destination", str(destination_id), "--since", "2020-01-01"), 3),
    ):
        assert len((await says("delivery", "list", "acme", *filters))["items"]) == number
    for_people = (await command("delivery", "list", "acme", "--limit", "2")).output
    assert str(ids[2]) in for_people
    assert "refused 500" in for_people
    assert f"more: --after {first['next']}" in for_people

    names = ("acme", str(ids[2]), str(destination_id))
    shown = await says("delivery", "show", *names)
    assert (shown["state"], [one["number"] for one in shown["attempts_made"]]) == ("exhausted", [10])
    assert "weight" not in (await command("delivery", "show", *names)).output
    assert '"weight":80.5' in (await command("delivery", "show", *names, "--payload")).output
    resent = await says("delivery", "resend", *names)
    assert (resent["state"], resent["attempts"]) == ("pending", 10)
    assert (await past.queue(destination_id))[ids[2]] == ("due", 10)
    assert await db.autocommit.fetchval(
        "SELECT actor FROM audit_entries WHERE action = 'delivery.resent'"
    ) == ("operator:command-line")


async def test_a_recovery_is_followed_to_its_end(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    ids = await past.events(3, ago=HOUR)
    start = ("recovery", "start", "acme", str(destination_id), "--since", "2h")
    assert await says(*start, "--dry-run") == {"events": 3, "at_least": False}
    assert await past.queue(destination_id) == {}
    ended = (await helped(db, *start, "--json")).object
    assert (ended["state"], ended["examined"], ended["queued"]) == ("completed", 3, 3)
    assert set(await past.queue(destination_id)) == set(ids)
    answer = await helped(db, *start, "--only", "all", "--events", "activity,sleep")
    assert answer.code == 0
    assert "completed" in answer.output
    begun = await says(*start, "--no-wait")
    assert begun["state"] == "running"
    assert (await says("recovery", "show", "acme", begun["recovery_id"]))["state"] == "running"
    assert (await says("recovery", "cancel", "acme", begun["recovery_id"]))["state"] == "cancelled"
    listed = (await says("recovery", "list", "acme", str(destination_id)))["items"]
    assert [one["state"] for one in listed] == ["cancelled", "completed", "completed"]
    assert "cancelled" in (await command("recovery", "list", "acme", str(destination_id))).output


async def test_a_recovery_that_fails_says_why(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    task = asyncio.create_task(command("recovery", "start", "acme", str(destination_id), "--since", "2h"))

    async def begun() -> int:
        return int(await db.autocommit.fetchval("SELECT count(*) FROM recoveries"))

    await eventually(begun)
    await past.set_state(destination_id, "disabled")
    await work_next(db)
    answer = await task
    assert answer.code == 1
    assert "the destination is disabled" in answer.output


@pytest.mark.processes
async def test_ctrl_c_leaves_the_recovery_running_and_says_so(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wearable_gateway", "recovery", "start", "acme", str(destination_id), "--since", "2h",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=dict(os.environ), cwd="/",
    )  # fmt: skip
    assert process.stderr is not None
    said = await asyncio.wait_for(process.stderr.readline(), 60)
    recovery_id = await db.autocommit.fetchval("SELECT id::text FROM recoveries")
    assert said.decode() == f"recovery {recovery_id} is running\n"
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 130, errors
    assert f"the recovery goes on; see how far it is: wearable-gateway recovery show acme {recovery_id}" in (
        errors.decode()
    )
    assert b"Traceback" not in errors
    assert (await says("recovery", "show", "acme", str(recovery_id)))["state"] == "running"


async def test_events_are_pulled_in_order_and_again(db: Database) -> None:
    past = await Past.of(db)
    none = await command("events", "pull", "acme")
    assert "POST /v2/destinations with kind pull" in none.refusal
    destination_id = await past.destination(None)
    ids = await past.events(3)
    await past.tried(destination_id, ids, "available", first_position=1)
    for _ in range(2):
        first = await says("events", "pull", "acme", "--limit", "2")
        assert [event["event_id"] for event in first["events"]] == [str(one) for one in ids[:2]]
        assert (first["next"], first["has_more"]) == ("2", True)
    assert first["events"][0]["payload"] == {"type": "activity", "weight": 80.5}
    for_people = (await command("events", "pull", "acme", "--after", "2", "--wait", "30")).output
    assert f"3  {ids[2]}  activity" in for_people
    assert for_people.endswith("later: --after 3\n")


async def test_what_cannot_be_done_is_refused_in_one_line(db: Database) -> None:
    past = await Past.of(db)
    destination_id = str(await past.destination())
    for arguments, text in (
        (("delivery", "list", "nobody"), "developer not found"),
        (("delivery", "list", "acme", "--after", "x"), "the `next` of the page before"),
        (("delivery", "list", "acme", "--since", "yesterday"), "how long ago: 90m, 2h, 3d"),
        (("delivery", "list", "acme", "--limit", "201"), "1 to 200"),
        (("delivery", "show", "acme", NOBODY, destination_id), "event not found"),
        (("delivery", "resend", "nobody", NOBODY, destination_id), "developer not found"),
        (("recovery", "start", "acme", destination_id, "--since", "31d"), "events are kept for 30 days"),
        (("recovery", "start", "acme", NOBODY, "--since", "1d"), "destination not found"),
        (("recovery", "list", "acme", NOBODY), "destination not found"),
        (("recovery", "show", "acme", NOBODY), "recovery not found"),
        (("recovery", "cancel", "nobody", NOBODY), "developer not found"),
        (("events", "pull", "acme", "--after", "x"), "the `next` of the answer before"),
    ):
        assert text in (await command(*arguments)).refusal
        assert text in (await command(*arguments, "--json")).refusal
