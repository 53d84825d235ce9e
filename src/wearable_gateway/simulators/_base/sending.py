"""How do a vendor's notices reach the app, and how often are they tried?"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx

Headers = Callable[[bytes], Mapping[str, str]]
"""Made anew for each attempt: signatures hold the time."""

_TIMEOUT_SECONDS = 10
_REMEMBERED = 1000


@dataclass
class Sent:
    """A notice and what became of it; `status` 0: no answer."""

    url: str
    body: bytes
    headers: Headers
    attempts: int = 0
    status: int = 0
    sent_headers: dict[str, str] = field(default_factory=dict)


class Sender:
    """Sends each notice until it is taken or its schedule is at its end; one after the other for each URL."""

    def __init__(self, schedule: Sequence[float]) -> None:
        self._schedule = schedule
        self._queue: asyncio.Queue[Sent] = asyncio.Queue()
        self.sent: deque[Sent] = deque(maxlen=_REMEMBERED)
        self.gave_up: Callable[[Sent], None] = lambda _: None

    def add(self, url: str, body: bytes, headers: Headers) -> None:
        notice = Sent(url, body, headers)
        self.sent.append(notice)
        self._queue.put_nowait(notice)

    def again(self, notice: Sent) -> None:
        self._queue.put_nowait(notice)

    async def run(self) -> None:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as http,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                notice = await self._queue.get()
                tasks.create_task(self._deliver(http, notice))

    async def _deliver(self, http: httpx.AsyncClient, notice: Sent) -> None:
        for pause in (*self._schedule, None):
            if await self._arrives(http, notice):
                return
            if pause is not None:
                await asyncio.sleep(pause)
        self.gave_up(notice)

    async def _arrives(self, http: httpx.AsyncClient, notice: Sent) -> bool:
        notice.attempts += 1
        notice.sent_headers = dict(notice.headers(notice.body))
        try:
            answer = await http.post(notice.url, content=notice.body, headers=notice.sent_headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            notice.status = 0
            return False
        notice.status = answer.status_code
        return answer.is_success
