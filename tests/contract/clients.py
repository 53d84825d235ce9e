"""Terra's two Python clients, used the same way: every call is awaited."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
from terra import AsyncTerra, Terra

from tests.fakes.gateway import Company

MODES = ("sync", "async")
TIMEOUT = 30


class Blocking:
    """The client that blocks, or a group of its calls; each call runs in a thread."""

    def __init__(self, part: Any) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if name == "with_raw_response" or not callable(found):
            return Blocking(found)
        return partial(asyncio.to_thread, found)


@asynccontextmanager
async def open_client(
    company: Company,
    base_url: str,
    *,
    mode: str = "async",
    seen: Callable[[httpx.Response], None] = lambda _: None,
) -> AsyncIterator[Any]:
    """A client of `company`; `seen` is shown everything that was answered."""
    keys: dict[str, Any] = {"dev_id": company.dev_id, "api_key": company.api_key, "base_url": base_url}
    if mode == "sync":
        with httpx.Client(timeout=TIMEOUT, trust_env=False, event_hooks={"response": [seen]}) as blocking:
            yield Blocking(Terra(**keys, httpx_client=blocking))
        return

    async def see(response: httpx.Response) -> None:
        seen(response)

    async with httpx.AsyncClient(
        timeout=TIMEOUT, trust_env=False, event_hooks={"response": [see]}
    ) as waiting:
        yield AsyncTerra(**keys, httpx_client=waiting)


def typed(answer: Any, kind: type) -> Any:
    """`answer`, which has to be of exactly this type of the client's; its fields are then read freely."""
    assert type(answer) is kind, f"{type(answer).__name__} instead of {kind.__name__}: {answer!r}"[:2000]
    return answer
