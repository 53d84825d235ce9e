"""Every command against one running gateway: what it answers to programs, and how it refuses."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import typer
from terra.utils.verify_signature import verify_terra_webhook_signature

from tests.fakes.command_line import Answer, command
from tests.fakes.gateway import Company, EndUser
from tests.fakes.ports import free_port
from tests.fakes.processes import Started, Welcome, finished, gateway_process, refused_with, start, welcomed
from tests.fakes.receiver import receiving
from tests.fakes.waiting import eventually
from wearable_gateway.cli import app
from wearable_gateway.kit.encryption import Keyring

pytestmark = pytest.mark.processes

NOBODY = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Instance:
    data_dir: Path
    welcome: Welcome

    async def does(self, *arguments: str) -> Answer:
        return await command(*arguments, "--data-dir", str(self.data_dir))

    async def says(self, *arguments: str) -> dict[str, Any]:
        return (await self.does(*arguments, "--json")).object

    async def status(self, dev_id: str, api_key: str) -> int:
        headers = {"dev-id": dev_id, "x-api-key": api_key}
        async with httpx.AsyncClient(base_url=self.welcome.url, headers=headers, trust_env=False) as http:
            return (await http.get("/v2/userInfo", params={"reference_id": "nobody"})).status_code

    async def connect(self, account: str, reference_id: str) -> str:
        async with httpx.AsyncClient(
            base_url=self.welcome.url, headers=self.welcome.headers, timeout=30, trust_env=False
        ) as http:
            company = Company(self.welcome.dev_id, self.welcome.api_key, http)
            begun = await company.auth_url(reference_id=reference_id)
        person = EndUser()
        assert (await person.connect(begun["auth_url"], account)).status_code == 200
        await person.browser.aclose()
        return str(begun["user_id"])


@pytest.fixture(scope="module")
async def instance(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Instance]:
    data_dir = tmp_path_factory.mktemp("instance")
    async with gateway_process("run", "--port", str(free_port()), "--data-dir", str(data_dir)) as process:
        yield Instance(data_dir, await welcomed(process))
        assert await process.end() == 0


def commands() -> Iterator[tuple[str, ...]]:
    """The words that lead to each command, groups before what is in them."""

    def below(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, inner in getattr(group, "commands", {}).items():
            yield from below(inner, (*path, name))

    return below(typer.main.get_command(app), ())


async def test_every_command_explains_itself_with_an_example() -> None:
    found = list(commands())
    assert {("run",), ("key", "revoke"), ("sandbox", "push"), ("listen",)} <= set(found)
    groups = {path[:-1] for path in found if path}
    for path in found:
        answer = await command(*path, "--help")
        shown = " ".join(answer.output.replace("│", " ").split())
        assert (answer.code, answer.errors) == (0, ""), path
        if path not in groups:
            example = shown.partition("Example: ")[2]
            assert " ".join(("wearable-gateway", *path)) in example, shown


async def test_a_developer_and_its_keys(instance: Instance) -> None:
    made = await instance.says("developer", "create", "Acme Fitness", "--dev-id", "acme")
    assert set(made) == {"dev_id", "name", "account", "environment", "api_key", "key_id"}
    assert (made["dev_id"], made["name"]) == ("acme", "Acme Fitness")
    assert await instance.status("acme", made["api_key"]) == 200
    unnamed = await instance.says("developer", "create", "Someone")
    listed = (await instance.says("developer", "list"))["items"]
    row = {"dev_id": "acme", "name": "Acme Fitness", "account": "acme", "environment": "production"}
    assert row in listed
    assert {row["dev_id"] for row in listed} >= {"demo", "acme", unnamed["dev_id"]}

    second = await instance.says("key", "create", "acme", "--name", "backend")
    assert set(second) == {"dev_id", "api_key", "key_id", "name"}
    assert await instance.status("acme", second["api_key"]) == 200
    ended = await instance.says("key", "revoke", "acme", made["key_id"])
    assert ended == {"dev_id": "acme", "key_id": made["key_id"], "revoked": True}
    assert await instance.status("acme", made["api_key"]) == 401
    assert await instance.status("acme", second["api_key"]) == 200
    assert await instance.status(unnamed["dev_id"], second["api_key"]) == 401

    keys = (await instance.says("key", "list", "acme"))["items"]
    columns = {"key_id", "name", "ends_with", "created_at", "last_used_at", "revoked_at"}
    assert [set(key) for key in keys] == [columns] * 2
    assert [key["revoked_at"] is None for key in keys] == [False, True]
    assert [key["ends_with"] for key in keys] == [made["api_key"][-4:], second["api_key"][-4:]]
    for_people = (await instance.does("key", "list", "acme")).output
    assert made["key_id"] in for_people
    assert second["api_key"] not in for_people


async def test_environments_of_an_account(instance: Instance) -> None:
    names = ("--environment", "testing", "--account", "acme")
    made = await instance.says("developer", "create", "Acme", "--dev-id", "acme-testing", *names)
    assert (made["account"], made["environment"]) == ("acme", "testing")
    again = await instance.does("developer", "create", "Acme", "--dev-id", "acme-more", *names)
    assert "the testing of account acme is acme-testing" in again.refusal
    listed = (await instance.says("developer", "list"))["items"]
    (row,) = [row for row in listed if row["dev_id"] == "acme-testing"]
    assert row == {"dev_id": "acme-testing", "name": "Acme", "account": "acme", "environment": "testing"}


async def test_settings(instance: Instance) -> None:
    await instance.says("developer", "create", "Chooser", "--dev-id", "chooser")
    shown = await instance.says("settings", "show", "chooser")
    assert not any(setting["is_chosen"] for setting in shown["settings"])
    assert set(shown["settings"][0]) == {"name", "value", "default", "description", "is_chosen"}
    changes = ("history_days=null", "duplicate_policy=reject", "healthcheck=false")
    lists = ("providers=sandbox", "redirect_urls=https://a.example,myapp://")
    changed = await instance.says("settings", "set", "chooser", *changes, *lists)
    assert changed == {
        "dev_id": "chooser",
        "duplicate_policy": "reject",
        "redirect_urls": ["https://a.example", "myapp://"],
        "providers": ["SANDBOX"],
        "history_days": None,
        "healthcheck": False,
    }
    gone = await instance.says("settings", "reset", "chooser", "history_days", "providers")
    assert gone == {"dev_id": "chooser", "providers": None, "history_days": 90}
    for_people = (await instance.does("settings", "show", "chooser")).output
    assert "duplicate_policy reject keep_both The same" in " ".join(for_people.split())


async def test_admin_tokens(instance: Instance) -> None:
    made = await instance.says("admin-token", "create", "provisioning")
    assert set(made) == {"token_id", "name", "scopes", "dev_id", "admin_token"}
    assert (made["scopes"], made["dev_id"]) == (["*"], None)

    async def status() -> int:
        headers = {"authorization": f"Bearer {made['admin_token']}"}
        async with httpx.AsyncClient(base_url=instance.welcome.url, headers=headers, trust_env=False) as http:
            return (await http.get("/admin/v1/developers")).status_code

    assert await status() == 200
    (row,) = (await instance.says("admin-token", "list"))["items"]
    assert (row["token_id"], row["name"], row["revoked_at"]) == (made["token_id"], "provisioning", None)
    ended = await instance.says("admin-token", "revoke", made["token_id"])
    assert ended == {"token_id": made["token_id"], "revoked": True}
    assert await status() == 401
    assert made["admin_token"] not in (await instance.does("admin-token", "list")).output


async def test_destinations(instance: Instance) -> None:
    await instance.says("developer", "create", "Sender", "--dev-id", "sender")
    url = f"http://127.0.0.1:{free_port()}/hook"
    added = await instance.says("destination", "add", "sender", url, "--events", "auth, daily")
    assert set(added) == {"dev_id", "destination_id", "url", "events", "signing_secret"}
    assert added["signing_secret"].startswith("whsec_")
    everything = await instance.says("destination", "add", "sender", url)
    assert everything["events"] == "all"

    listed = (await instance.says("destination", "list", "sender"))["items"]
    assert listed[0] == {
        "destination_id": added["destination_id"],
        "url": url,
        "events": "auth,daily",
        "state": "enabled",
    }
    removed = await instance.says("destination", "remove", "sender", added["destination_id"])
    assert removed == {"dev_id": "sender", "destination_id": added["destination_id"], "removed": True}
    left = (await instance.says("destination", "list", "sender"))["items"]
    assert [row["destination_id"] for row in left] == [everything["destination_id"]]


async def test_a_destination_is_changed_paused_and_tested(instance: Instance) -> None:
    await instance.says("developer", "create", "Changer", "--dev-id", "changer")
    async with receiving() as receiver:
        options = ("--description", "Nightly", "--rate-limit", "50", "--concurrency", "4")
        added = await instance.says("destination", "add", "changer", receiver.url, *options)
        which = ("changer", added["destination_id"])
        shown = await instance.says("destination", "show", *which)
        assert shown["dev_id"] == "changer"
        assert (shown["kind"], shown["events"], shown["description"]) == ("webhook", "all", "Nightly")
        assert (shown["rate_limit"], shown["concurrency"], shown["retry_schedule"]) == (50, 4, "standard")
        changes = ("--events", "auth, daily", "--rate-limit", "none", "--description", "")
        changed = await instance.says("destination", "update", *which, *changes, "--retry-schedule", "terra")
        expected = {
            "events": "auth,daily",
            "rate_limit": None,
            "description": None,
            "retry_schedule": "terra",
        }
        assert changed == {**shown, **expected, "updated_at": changed["updated_at"]}
        assert (await instance.says("destination", "update", *which, "--events", "all"))["events"] == "all"

        assert (await instance.says("destination", "pause", *which))["state"] == "paused"
        assert (await instance.says("destination", "resume", *which))["state"] == "enabled"
        assert (await instance.says("destination", "enable", *which))["state"] == "enabled"
        rotated = await instance.says("destination", "rotate-secret", *which, "--overlap", "60")
        assert set(rotated) == {"dev_id", "destination_id", "signing_secret"}
        assert rotated["signing_secret"] != added["signing_secret"]

        tested = await instance.says("destination", "test", *which, "--event", "sleep")
        assert set(tested) == {"dev_id", "destination_id", "type", "event_id"}
        await receiver.wait_for("sleep")
        (delivery,) = receiver.got
        assert delivery.headers["webhook-id"] == tested["event_id"]
        for secret in (rotated["signing_secret"], added["signing_secret"]):
            assert verify_terra_webhook_signature(
                delivery.body.decode(), delivery.headers["terra-signature"], secret
            )
    await instance.says("destination", "remove", *which)


async def test_a_pull_destination(instance: Instance) -> None:
    await instance.says("developer", "create", "Puller", "--dev-id", "puller")
    added = await instance.says("destination", "add", "puller", "--pull", "--events", "daily")
    assert (added["url"], added["events"], added["signing_secret"]) == (None, "daily", None)
    (row,) = (await instance.says("destination", "list", "puller"))["items"]
    assert (row["url"], row["state"]) == (None, "enabled")
    refused = await instance.does("destination", "rotate-secret", "puller", added["destination_id"])
    assert "nothing is sent there" in refused.refusal


async def test_operators(instance: Instance) -> None:
    made = await instance.says("operator", "create", "Ann@Example.org", "--dev-id", "demo")
    assert set(made) == {"email", "dev_id", "role", "sign_in_link"}
    assert (made["dev_id"], made["role"]) == ("demo", "owner")
    linked = await instance.says("operator", "link", made["email"])
    assert set(linked) == {"email", "sign_in_link"}
    invite = ("operator", "invite", "bob@example.org", "--dev-id", "demo", "--role", "member")
    invited = await instance.says(*invite)
    assert set(invited) == {"email", "dev_id", "role", "expires_at", "invitation_link"}
    async with httpx.AsyncClient(trust_env=False) as http:
        for link in {made["sign_in_link"], linked["sign_in_link"]}:
            assert link.startswith(f"{instance.welcome.url}/dashboard/link/")
            assert (await http.get(link)).status_code == 200
        assert "Join Demo" in (await http.get(invited["invitation_link"])).text
    at_demo = ("--dev-id", "demo")
    listed = (await instance.says("operator", "list", *at_demo))["items"]
    assert [(row["email"], row["role"]) for row in listed] == [
        ("ann@example.org", "owner"),
        ("bob@example.org", "member"),
    ]
    assert listed[1]["invited_until"]
    changed = await instance.says("operator", "role", "ann@example.org", "read_only", *at_demo)
    assert changed == {"email": "ann@example.org", "dev_id": "demo", "role": "read_only"}
    for email, removed in (("ann@example.org", "operator"), ("bob@example.org", "invitation")):
        assert (await instance.says("operator", "remove", email, *at_demo))["removed"] == removed
    assert (await instance.says("operator", "list", *at_demo))["items"] == []


async def test_the_sandbox_migrations_and_secrets(instance: Instance) -> None:
    assert (await instance.says("sandbox", "push", "nobody.yet", "--date", "2026-11-20"))["notices"] == 0
    await instance.connect("sam", "s-1")
    pushed = await instance.says("sandbox", "push", "sam", "--date", "2026-11-20")
    assert (pushed["date"], pushed["notices"] > 0) == ("2026-11-20", True)
    assert await instance.says("sandbox", "revoke", "sam") == {"revoked": 1}
    assert await instance.says("sandbox", "revoke", "sam") == {"revoked": 0}
    assert await instance.says("migrate") == {"migrated": True}

    made = (await command("secrets", "--json")).object
    assert set(made) == {"GATEWAY_ENCRYPTION_KEYS", "GATEWAY_SECRET_KEY"}
    assert Keyring.parse(made["GATEWAY_ENCRYPTION_KEYS"]).current == "k1"
    lines = (await command("secrets")).output.splitlines()
    assert [line.partition("=")[0] for line in lines] == list(made)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("developer", "create", " "), "invalid name"),
        (("developer", "create", "Name", "--dev-id", "no spaces"), "invalid dev-id"),
        (("developer", "create", "Name", "--dev-id", "demo"), "demo exists already"),
        (
            ("key", "create", "nobody"),
            "developer not found: list them with `wearable-gateway developer list`",
        ),
        (("key", "list", "nobody"), "developer not found"),
        (("key", "revoke", "demo", NOBODY), "API key not found"),
        (("developer", "create", "Name", "--account", "no spaces"), "invalid account"),
        (("developer", "create", "Name", "--account", "demo"), "the production of account demo is demo"),
        (("settings", "show", "nobody"), "developer not found"),
        (("settings", "set", "nobody", "history_days=1"), "developer not found"),
        (("settings", "set", "demo", "history_days"), "NAME=VALUE"),
        (("settings", "set", "demo", "history_days=long"), "invalid history_days"),
        (("settings", "set", "demo", "colour=blue"), "one of duplicate_policy"),
        (("settings", "set", "demo", "providers=COFFEE"), "invalid providers"),
        (("settings", "reset", "demo", "colour"), "one of duplicate_policy"),
        (("admin-token", "create", " "), "invalid name"),
        (("admin-token", "revoke", NOBODY), "admin token not found"),
        (("destination", "add", "nobody", "http://127.0.0.1:9/"), "developer not found"),
        (("destination", "list", "nobody"), "developer not found"),
        (("destination", "add", "demo", "acme.example"), "invalid url"),
        (("destination", "add", "demo", "ftp://acme.example/"), "invalid url"),
        (("destination", "add", "demo", "http://10.0.0.1/"), "GATEWAY_ALLOW_PRIVATE_NETWORKS"),
        (("destination", "add", "demo", "http://no-such-host.invalid/"), "does not resolve"),
        (("destination", "add", "demo", "http://127.0.0.1:9/", "--events", "auth,coffee"), "event_types"),
        (("destination", "remove", "demo", NOBODY), "destination not found"),
        (("destination", "add", "demo"), "invalid url"),
        (("destination", "add", "demo", "http://127.0.0.1:9/", "--pull"), "invalid url: none"),
        (("destination", "add", "demo", "http://127.0.0.1:9/", "--rate-limit", "many"), "invalid rate_limit"),
        (("destination", "add", "demo", "http://127.0.0.1:9/", "--rate-limit", "0"), "1 to 10000"),
        (("destination", "add", "demo", "http://127.0.0.1:9/", "--retry-schedule", "x"), "standard or terra"),
        *(
            (("destination", action, "demo", NOBODY), "destination not found")
            for action in ("show", "update", "rotate-secret", "pause", "resume", "enable", "test")
        ),
        (("destination", "test", "demo", NOBODY, "--event", "coffee"), "invalid type: one of auth"),
        (("listen", "--forward", "nowhere"), "invalid forward"),
        (("operator", "create", "ann.example.org"), "e-mail"),
        (("operator", "create", "operator@localhost"), "is an operator already"),
        (("operator", "create", "bob@example.org", "--dev-id", "nobody"), "developer not found"),
        (("operator", "link", "nobody@example.org"), "operator not found"),
        (("operator", "list", "--dev-id", "nobody"), "developer not found"),
        (("operator", "invite", "nobody"), "e-mail"),
        (("operator", "invite", "operator@localhost"), "is an operator already"),
        (("operator", "role", "nobody@example.org", "member"), "operator not found"),
        (("operator", "remove", "nobody@example.org"), "operator not found"),
        (("operator", "remove", "operator@localhost"), "last owner of the gateway"),
        (("sandbox", "push", "not/a/name"), "the sandbox vendor refused"),
        (("listen", "--dev-id", "nobody"), "developer not found"),
        (("listen", "--events", "coffee"), "event_types"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(
    instance: Instance, arguments: tuple[str, ...], says: str
) -> None:
    assert says in (await instance.does(*arguments)).refusal


@pytest.mark.parametrize(
    "arguments",
    [
        ("developer", "list"),
        ("key", "create", "demo"),
        ("settings", "show", "demo"),
        ("admin-token", "list"),
        ("destination", "list", "demo"),
        ("operator", "link", "operator@localhost"),
        ("sandbox", "push", "ann"),
        ("migrate",),
        ("listen",),
    ],
)
async def test_without_a_running_gateway_a_command_says_how_to_start_one(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    refusal = (await command(*arguments, "--data-dir", str(tmp_path))).refusal
    assert "make run" in refusal or "DATABASE_URL" in refusal
    assert not list(tmp_path.iterdir())


async def test_a_refusal_is_one_line_in_a_process_of_its_own_too(instance: Instance) -> None:
    ended = await finished("key", "create", "nobody", "--data-dir", str(instance.data_dir))
    assert "developer not found" in refused_with(ended)


async def test_listen_prints_what_it_verified_and_leaves_no_destination(instance: Instance) -> None:
    async def destinations() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await instance.says("destination", "list", "demo"))["items"]
        return found

    data_dir = ("--data-dir", str(instance.data_dir))
    before = await destinations()
    people, program = await asyncio.gather(
        start("listen", "--port", str(free_port()), *data_dir),
        start("listen", "--port", str(free_port()), "--json", *data_dir),
    )
    try:
        await people.line("listening on http://127.0.0.1:")

        async def both_are_there() -> bool:
            return len(await destinations()) == len(before) + 2

        await eventually(both_are_there, within=60)
        user_id = await instance.connect("lea", "l-1")
        received = json.loads(await program.line("{"))
        assert received["verified"] is True
        event_id, _, destination_id = received["trace_id"].partition(":")
        assert (str(UUID(event_id)), str(UUID(destination_id))) == (event_id, destination_id)
        assert (received["event"]["type"], received["event"]["user"]["user_id"]) == ("auth", user_id)

        async def printed() -> bool:
            return any(line.endswith(f"  auth  SANDBOX l-1 {user_id}\n") for line in people.output)

        await eventually(printed)
        os.kill(people.pid, signal.SIGINT)
        os.kill(program.pid, signal.SIGINT)
        assert (await people.ended(), await program.ended()) == (0, 0)
        assert (people.errors, program.errors) == ([], [])
        assert await destinations() == before
    finally:
        await people.kill()
        await program.kill()


async def listener(instance: Instance, *options: str) -> Started:
    arguments = ("--port", str(free_port()), "--data-dir", str(instance.data_dir))
    return await start("listen", "--dev-id", "forwarder", *options, *arguments)


async def test_listen_forwards_what_it_verified_and_gives_the_answer_back(instance: Instance) -> None:
    """Refused at first, so that the gateway sends it again."""
    await instance.says("developer", "create", "Forwarder", "--dev-id", "forwarder")

    async def listening() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await instance.says("destination", "list", "forwarder"))["items"]
        return found

    async with receiving() as program:
        program.status = 503
        process = await listener(instance, "--forward", program.url)
        try:
            await process.line("listening on http://127.0.0.1:")
            (row,) = await listening()
            await instance.says("destination", "test", "forwarder", row["destination_id"], "--event", "daily")
            await program.wait_for("daily")
            program.status = 200
            first, second, *_ = await program.wait_for("daily", 2, within=30)
            assert first == second

            async def printed() -> list[str] | None:
                lines = [line for line in process.output if "  daily  TEST test " in line]
                return lines if len(lines) == 2 else None

            told = await eventually(printed) or []
            assert ["  -> 503  " in told[0], "  -> 200  " in told[1]] == [True, True]
            one, other = program.got
            kept = {name for name in one.headers if name.startswith(("terra-", "x-terra-", "webhook-"))}
            assert len(kept) == 8
            assert one.headers["webhook-id"] == other.headers["webhook-id"]
            assert one.headers["user-agent"].startswith("wearable-gateway/")
            assert await process.end(signal.SIGTERM) == 0
            assert (process.errors, await listening()) == ([], [])
        finally:
            await process.kill()


async def test_listen_says_when_nobody_is_there_to_forward_to(instance: Instance) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/"
    made = await instance.does("developer", "create", "Forwarder", "--dev-id", "forwarder")
    assert made.code == 0 or "exists already" in made.errors
    process = await listener(instance, "--forward", nowhere, "--json")
    try:

        async def destination() -> str | None:
            items = (await instance.says("destination", "list", "forwarder"))["items"]
            return str(items[0]["destination_id"]) if items else None

        destination_id = await eventually(destination, within=60) or ""

        async def sent() -> bool:
            await instance.says("destination", "test", "forwarder", destination_id)
            return bool(process.output)

        await eventually(sent, within=60)
        told = json.loads(process.output[0])
        assert set(told) == {"verified", "trace_id", "event", "forwarded"}
        assert set(told["forwarded"]) == {"status", "duration_ms", "fault"}
        assert (told["forwarded"]["status"], told["forwarded"]["fault"]) == (None, "ConnectionRefusedError")
        assert await process.end(signal.SIGINT) == 0
        assert await destination() is None
    finally:
        await process.kill()
