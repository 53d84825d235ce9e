"""A process of the gateway's for which the clock minute is about to end: limits by the minute end soon after."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from tests.fakes.gateway import Gateway, serving
from tests.fakes.ports import free_port
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.app import AppConfig, create_app


class LastSeconds:
    """It is 57 seconds past the minute when the clock is looked at first; then time goes on."""

    def __init__(self) -> None:
        self._ahead: timedelta | None = None

    def __call__(self) -> datetime:
        now = utc_now()
        if self._ahead is None:
            self._ahead = now.replace(second=57, microsecond=0) + timedelta(minutes=1) - now
        return now + self._ahead


@asynccontextmanager
async def in_the_last_seconds(gateway: Gateway) -> AsyncIterator[str]:
    """The base URL of such a process; its first request starts the clock."""
    port = free_port()
    config = AppConfig(
        database_url=gateway.database_url,
        public_url=gateway.url,
        keyring=gateway.keyring,
        hasher=gateway.hasher,
        policy=AddressPolicy.allowing_loopback(),
        pool_size=2,
        clock=LastSeconds(),
    )
    async with serving(create_app(config), port):
        yield f"http://127.0.0.1:{port}/v2"
