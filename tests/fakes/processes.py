"""The gateway's own processes: started as people start them, ended and killed as machines do."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.waiting import eventually

_KEPT = ("GATEWAY_PG_BIN",)
# Without compiled modules each start takes three times as long, which nobody has outside of build machines.
_LEFT_OUT = ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE")


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with `settings` in place of whatever configures a gateway."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not (name.startswith("GATEWAY_") or name in _LEFT_OUT)
    }
    return {**inherited, **settings}


@dataclass
class Started:
    process: asyncio.subprocess.Process
    output: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    readers: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process.returncode is None

    @property
    def said(self) -> str:
        """All it printed so far, on both streams."""
        return "".join([*self.output, *self.errors])

    async def line(self, beginning: str, *, within: float = 60) -> str:
        """The first line of output that begins so, without the line's end."""

        async def printed() -> str | None:
            found = next((line for line in self.output if line.startswith(beginning)), None)
            assert found is not None or self.is_running, f"it ended instead:\n{self.said}"
            return found

        return ((await eventually(printed, within=within)) or "").rstrip("\n")

    async def ended(self, *, within: float = 20) -> int:
        """Its exit code, once it has ended and everything it printed was read."""
        async with asyncio.timeout(within):
            code = await self.process.wait()
            await asyncio.gather(*self.readers)
        return code

    async def end(self, how: signal.Signals = signal.SIGTERM, *, within: float = 20) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(how)
        return await self.ended(within=within)

    async def kill(self) -> None:
        """As `kill -9` and the kernel's out-of-memory killer do it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.ended()


async def start(*arguments: str, **settings: str) -> Started:
    """`python -m wearable_gateway …`, in a folder without an .env. Whoever starts one sees to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wearable_gateway", *arguments,
        env=environment(**settings), cwd="/", stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=2**24,
        preexec_fn=_hear_interrupts,
    )  # fmt: skip
    started = Started(process)
    for stream, lines in ((process.stdout, started.output), (process.stderr, started.errors)):
        assert stream is not None
        started.readers.append(asyncio.create_task(_read(stream, lines)))
    return started


def _hear_interrupts() -> None:
    """A shell starts what it puts into the background deaf to SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode(errors="replace"))


@asynccontextmanager
async def gateway_process(*arguments: str, **settings: str) -> AsyncIterator[Started]:
    """A process that is gone at the end of the block, whatever happens in it."""
    started = await start(*arguments, **settings)
    try:
        yield started
    finally:
        await started.kill()


async def finished(*arguments: str, **settings: str) -> Started:
    """A command that ends by itself, ended."""
    started = await start(*arguments, **settings)
    try:
        await started.ended(within=60)
    finally:
        await started.kill()
    return started


def refused_with(ended: Started) -> str:
    """The one line a refused command wrote, which must be all it wrote."""
    assert ended.process.returncode == 1, ended.said
    assert not ended.output, ended.said
    assert len(ended.errors) == 1, ended.said
    assert ended.errors[0].startswith("wearable-gateway: "), ended.said
    return ended.errors[0].strip()


def postgres_below(folder: Path) -> list[int]:
    """Processes of a PostgreSQL whose data is below `folder`: each works in its data directory."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        with contextlib.suppress(OSError):
            works_in = (process / "cwd").readlink()
            if works_in.is_relative_to(folder.resolve()) and (process / "comm").read_text() == "postgres\n":
                found.append(int(process.name))
    return found


async def no_postgres_below(folder: Path) -> None:
    async def none() -> bool:
        return not postgres_below(folder)

    await eventually(none, within=10)


@dataclass(frozen=True)
class Welcome:
    """What `run` says once it answers."""

    url: str
    dev_id: str
    api_key: str
    sign_in_link: str
    sandbox_url: str | None

    @property
    def headers(self) -> dict[str, str]:
        return {"dev-id": self.dev_id, "x-api-key": self.api_key}


async def welcomed(process: Started, *, sandbox: bool = True) -> Welcome:
    """Wait for `ready`, and read what comes with it."""

    async def word(beginning: str) -> str:
        return (await process.line(beginning)).split()[1]

    return Welcome(
        url=await word("ready "),
        dev_id=await word("dev-id "),
        api_key=await word("x-api-key "),
        sign_in_link=await word("dashboard "),
        sandbox_url=await word("sandbox ") if sandbox else None,
    )
