"""How do notices reach the clients?"""

import asyncio

import httpx

from wearable_gateway.sandbox.config import Clock
from wearable_gateway.sandbox.notices import NoticeQueue, sign
from wearable_gateway.sandbox.state import Notice
from wearable_gateway.sandbox.store import Store

TIMEOUT_SECONDS = 5
AT_ONCE = 32


class Sender:
    """Sends what is due: many clients and accounts at once, one notice at a time for each account of a client."""

    def __init__(self, queue: NoticeQueue, store: Store, clock: Clock) -> None:
        self._queue = queue
        self._store = store
        self._clock = clock
        self._wake = asyncio.Event()
        self._busy: set[tuple[str, str]] = set()
        queue.on_work = self._wake.set

    async def run(self) -> None:
        # No proxy of the environment stands between a vendor and the clients on this machine.
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as http,
            asyncio.TaskGroup() as deliveries,
        ):
            while True:
                self._wake.clear()
                for notice in self._startable():
                    deliveries.create_task(self._deliver(http, notice))
                await self._rest()

    def _startable(self) -> list[Notice]:
        notices = []
        for notice in self._queue.due():
            if len(self._busy) >= AT_ONCE:
                break
            if _lane(notice) not in self._busy:
                self._busy.add(_lane(notice))
                notices.append(notice)
        return notices

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._queue.seconds_to_next()):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _deliver(self, http: httpx.AsyncClient, notice: Notice) -> None:
        try:
            # A client must never learn of a change that a crash could still undo.
            await self._store.saved()
            if await self._arrives(http, notice):
                self._queue.record_delivered(notice)
            else:
                self._queue.record_refused(notice)
            await self._store.saved()
        finally:
            self._busy.discard(_lane(notice))
            self._wake.set()

    async def _arrives(self, http: httpx.AsyncClient, notice: Notice) -> bool:
        client = self._store.state.clients.get(notice.client_id)
        if client is None or client.notice_url is None or client.notice_secret is None:
            return False
        body = notice.body.encode()
        headers = self._headers(client.notice_secret, notice, body)
        try:
            # httpx limits each read by itself; a client that drips its answer must not hold the lane.
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await http.post(client.notice_url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return False
        return answer.is_success

    def _headers(self, secret: str, notice: Notice, body: bytes) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "user-agent": "sandbox-wearables",
            "sandbox-notice-id": notice.id,
            "sandbox-signature": sign(body, secret=secret, at=int(self._clock())),
        }


def _lane(notice: Notice) -> tuple[str, str]:
    return notice.client_id, notice.account_id
