"""`wearable-gateway run`: one command from nothing to a gateway that answers, and nothing left when it ends."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.fakes.command_line import command
from tests.fakes.gateway import Company, EndUser
from tests.fakes.ports import free_port
from tests.fakes.processes import (
    Started,
    finished,
    gateway_process,
    no_postgres_below,
    postgres_below,
    refused_with,
    welcomed,
)
from tests.fakes.receiver import receiving
from tests.fakes.waiting import eventually
from wearable_gateway.cli.demo.browser import Browser

pytestmark = pytest.mark.processes


def run(data_dir: Path, *options: str, port: int | None = None) -> tuple[str, ...]:
    return ("run", "--port", str(port or free_port()), "--data-dir", str(data_dir), *options)


@asynccontextmanager
async def company(process: Started) -> AsyncIterator[Company]:
    """The demo developer, with the key that `run` prints."""
    steps = await welcomed(process)
    async with httpx.AsyncClient(
        base_url=steps.url, headers=steps.headers, timeout=30, trust_env=False
    ) as http:
        yield Company(steps.dev_id, steps.api_key, http)


async def connect(app: Company, account: str, reference_id: str) -> str:
    begun = await app.auth_url(reference_id=reference_id)
    person = EndUser()
    try:
        page = await person.connect(begun["auth_url"], account)
    finally:
        await person.browser.aclose()
    assert page.status_code == 200, page.text
    return str(begun["user_id"])


def assert_ended_cleanly(process: Started, code: int) -> None:
    assert code == 0, process.said
    assert not process.errors, process.said
    assert "Traceback" not in process.said


async def test_run_prints_all_one_needs_and_guards_its_port_and_its_data(tmp_path: Path) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    port = free_port()
    async with gateway_process(*run(data, port=port)) as process:
        steps = await welcomed(process)
        assert steps.url == f"http://127.0.0.1:{port}"
        assert steps.dev_id == "demo"
        assert steps.sandbox_url
        assert len(postgres_below(data)) > 1
        async with httpx.AsyncClient(headers=steps.headers, trust_env=False) as http:
            users = await http.get(f"{steps.url}/v2/userInfo", params={"reference_id": "nobody"})
            assert (users.status_code, users.json()["users"]) == (200, [])
            assert (await http.get(f"{steps.sandbox_url}/account")).status_code == 200
        await assert_signs_in_once(steps.sign_in_link)

        same_port, same_data = await asyncio.gather(
            finished(*run(other, port=port)), finished(*run(data, "--no-sandbox"))
        )
        assert f"port {port} on 127.0.0.1 cannot be used" in refused_with(same_port)
        assert not other.exists(), "a run that cannot begin leaves nothing behind"
        assert "is already running on" in refused_with(same_data)
        assert str(process.pid) in refused_with(same_data)
        assert process.is_running

        assert_ended_cleanly(process, await process.end(signal.SIGINT))
    await no_postgres_below(data)


async def test_run_says_in_one_line_that_the_database_it_was_given_cannot_be_used(tmp_path: Path) -> None:
    nobody = f"postgresql://somebody:hush@127.0.0.1:{free_port()}/none"
    said = refused_with(await finished(*run(tmp_path, "--no-sandbox", "--database-url", nobody)))
    assert "the database cannot be used" in said
    assert "hush" not in said


async def assert_signs_in_once(link: str) -> None:
    browser, another = Browser(), Browser()
    page = await browser.open(link)
    inside = await browser.submit(page, "/dashboard/link/")
    assert inside.status_code == 200
    assert inside.url.path.startswith("/dashboard")
    assert "login" not in inside.url.path
    again = await another.submit(await another.open(link), "/dashboard/link/")
    assert again.status_code in {401, 403, 404}, again.text
    await browser.close()
    await another.close()


async def test_run_goes_on_where_a_killed_one_stopped(tmp_path: Path) -> None:
    arguments = run(tmp_path, port=free_port())
    async with receiving() as server:
        async with gateway_process(*arguments) as process, company(process) as app:
            first_key, user_id = app.api_key, await connect(app, "ann", "a-1")
            await command("destination", "add", "demo", server.url, "--data-dir", str(tmp_path))
            await process.kill()
        await no_postgres_below(tmp_path)

        async with gateway_process(*arguments) as process, company(process) as app:
            assert app.api_key == first_key
            assert [user["user_id"] for user in await app.users("a-1")] == [user_id]
            pushed = await command("sandbox", "push", "ann", "--data-dir", str(tmp_path), "--json")
            assert pushed.object["notices"] > 0, "the vendor forgot whom it gave tokens"
            assert (await server.wait_for("daily"))[0]["user"]["user_id"] == user_id
            assert_ended_cleanly(process, await process.end(signal.SIGTERM))
    await no_postgres_below(tmp_path)


async def test_no_sandbox_means_no_vendor(tmp_path: Path) -> None:
    async with gateway_process(*run(tmp_path, "--no-sandbox")) as process:
        steps = await welcomed(process, sandbox=False)
        async with httpx.AsyncClient(headers=steps.headers, trust_env=False) as http:
            asked = await http.post(
                f"{steps.url}/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json={}
            )
        assert asked.status_code == 404
        assert not any(line.startswith("sandbox") for line in process.output)
        refusal = (await command("sandbox", "push", "ann", "--data-dir", str(tmp_path))).refusal
        assert "no sandbox vendor has run" in refusal
        assert_ended_cleanly(process, await process.end(signal.SIGINT))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_ended_while_it_starts_it_leaves_no_postgres(tmp_path: Path, how: signal.Signals) -> None:
    """The signal comes at the moment PostgreSQL shows up, long before `ready`."""

    async def postgres_shows_up() -> bool:
        return bool(postgres_below(tmp_path))

    async with gateway_process(*run(tmp_path, "--no-sandbox")) as process:
        await eventually(postgres_shows_up, within=60)
        assert await process.end(how) != 0
        assert "Traceback" not in process.said, process.said
    await no_postgres_below(tmp_path)


def _a_file(folder: Path) -> Path:
    (folder / "file").write_text("in the way")
    return folder / "file"


def _below_a_file(folder: Path) -> Path:
    return _a_file(folder) / "data"


def _with_unreadable_keys(folder: Path) -> Path:
    (folder / "gateway.json").write_text("half a fi")
    return folder


def _of_another_version(folder: Path) -> Path:
    (folder / "gateway.json").write_text('{"from": "the future"}')
    return folder


@pytest.mark.parametrize("make", [_a_file, _below_a_file, _with_unreadable_keys, _of_another_version])
async def test_a_data_folder_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    folder = make(tmp_path)
    answer = await command(*run(folder))
    assert str(folder) in answer.refusal


async def test_a_port_that_is_taken_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        port = free_port()
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert f"port {port}" in (await command(*run(tmp_path / "data", port=port))).refusal
