"""Wait for a condition, not for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(condition: Callable[[], Awaitable[T]], *, within: float = 20) -> T:
    """The first truthy value of `condition`; AssertionError after `within` seconds without one."""
    end = time.monotonic() + within
    while True:
        value = await condition()
        if value:
            return value
        assert time.monotonic() < end, f"not within {within} s: {condition}; last {value!r}"
        await asyncio.sleep(0.02)
