"""What the vendor tells an app about: one subscription for each kind of event and of data, renewed before it ends.

https://cloud.ouraring.com/v2/docs#tag/Webhook-Subscription-Routes
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import (
    ProviderError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.client import json_of, send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.oura.document import SLUG, Document

_PATH = "/v2/webhook/subscription"
_DAYS = (
    "daily_activity", "daily_sleep", "daily_readiness", "daily_stress", "daily_spo2", "vo2_max",
)  # fmt: skip
_THINGS = ("sleep", "workout", "session", "enhanced_tag")
WANTED = (
    *((event, data) for data in (*_DAYS, *_THINGS) for event in ("create", "update")),
    *(("delete", data) for data in _THINGS),
)
"""A summary of a day that is taken back is no news: it is followed by another."""
_RENEW_BEFORE = timedelta(days=7)


class Subscription(Document):
    id: str
    event_type: str
    data_type: str
    callback_url: str | None = None
    expiration_time: datetime | None = None

    @property
    def ends_soon(self) -> bool:
        """The vendor writes the end without an offset, and means UTC."""
        if self.expiration_time is None:
            return True
        ends = self.expiration_time
        return (ends if ends.tzinfo else ends.replace(tzinfo=UTC)) < datetime.now(UTC) + _RENEW_BEFORE


async def subscribe_all(client: httpx.AsyncClient, app: AppAccess, notice_url: str) -> None:
    """Make what is missing, move what points elsewhere, renew what ends soon.

    Raises ProviderError, the first there was, once everything has been tried.
    """
    desk = _Desk(client, app, notice_url)
    known = {(one.event_type, one.data_type): one for one in await desk.listed()}
    fault: ProviderError | None = None
    for event, data in WANTED:
        try:
            await desk.see_to(event, data, known.get((event, data)))
        except ProviderError as error:
            fault = fault or error
    if fault is not None:
        raise fault


def _subscription(item: object) -> Subscription | None:
    """None of what does not say which it is."""
    try:
        return read_document(SLUG, Subscription, item) if isinstance(item, Mapping) else None
    except ValidationError:
        return None


class _Desk:
    """The vendor's subscriptions of one app; the app proves itself, no end user is concerned."""

    def __init__(self, client: httpx.AsyncClient, app: AppAccess, notice_url: str) -> None:
        self._client = client
        self._headers = {"x-client-id": app.client_id, "x-client-secret": app.client_secret}
        self._token = app.notice_secret
        self._notice_url = notice_url

    async def listed(self) -> list[Subscription]:
        found = json_of(SLUG, await self._send("GET", _PATH))
        if not isinstance(found, list):
            raise ProviderUnavailableError(SLUG, "the subscriptions are no list")
        read = (_subscription(one) for one in found)
        return [one for one in read if one is not None]

    async def see_to(self, event: str, data: str, known: Subscription | None) -> None:
        if known is None:
            await self._make(event, data)
            return
        try:
            if known.callback_url != self._notice_url:
                await self._send("PUT", f"{_PATH}/{known.id}", json=self._wanted(event, data))
            elif known.ends_soon:
                await self._send("PUT", f"{_PATH}/renew/{known.id}")
        except (ProviderRefusedError, ProviderRejectedError) as error:
            # 403, as the vendor writes, or 404, as anybody would: there is none of that id any more.
            if error.status not in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}:
                raise
            await self._make(event, data)

    async def _make(self, event: str, data: str) -> None:
        try:
            await self._send("POST", _PATH, json=self._wanted(event, data))
        except ProviderRejectedError as error:
            # Somebody else of this app's was faster.
            if error.status != httpx.codes.CONFLICT:
                raise

    def _wanted(self, event: str, data: str) -> dict[str, str]:
        return {
            "callback_url": self._notice_url,
            "verification_token": self._token,
            "event_type": event,
            "data_type": data,
        }

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await send(SLUG, self._client, method, path, headers=self._headers, **options)
