"""How does the vendor's memory survive a kill -9? No answer leaves before the change behind it is on disk."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
from pydantic import TypeAdapter

from wearable_gateway.sandbox.state import State

_STATE = TypeAdapter(State)


class Store:
    """The state and its file; with no file, memory only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._made = 0
        self._written = 0
        self._turn = asyncio.Lock()
        # One thread: a write that was begun and then cancelled still ends before the next one starts.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-state")
        self.state = _load(path)

    def changed(self) -> None:
        self._made += 1

    async def saved(self) -> None:
        """Returns when every change made before the call is on disk; callers who wait together share one write."""
        wanted = self._made
        if self._path is None or self._written >= wanted:
            return
        async with self._turn:
            if self._written >= wanted:
                return
            made, content = self._made, orjson.dumps(self.state)
            await asyncio.get_running_loop().run_in_executor(self._writer, _replace, self._path, content)
            self._written = made

    def close(self) -> None:
        self._writer.shutdown()


def _load(path: Path | None) -> State:
    if path is None or not path.exists():
        return State()
    return _STATE.validate_json(path.read_bytes())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    # Owner only: the clients' secrets and the signing key are in it.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """The rename itself lives in the folder, and is durable only when that is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
