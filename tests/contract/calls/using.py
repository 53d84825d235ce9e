"""What a call is made with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.contract.vendor_documents import EVERYTHING, FIRST, LAST, documents
from tests.fakes.gateway import Company, Gateway

INLINE = {"start_date": FIRST.isoformat(), "end_date": LAST.isoformat(), "to_webhook": False}


@dataclass(frozen=True)
class Using:
    """`terra` is one of Terra's clients; `account` a wearable account that nobody else uses."""

    terra: Any
    gateway: Gateway
    company: Company
    account: str

    async def connected(self, reference_id: str | None = None) -> str:
        """The account's user_id; its end user shares everything."""
        return await self.gateway.connected(self.company, self.account, reference_id, scopes=EVERYTHING)

    def documents(self, scope: str) -> list[dict[str, Any]]:
        return documents(self.account, scope)


Case = Callable[[Using], Awaitable[None]]


def same_moment(told: str, noted: str) -> bool:
    """Whether what the gateway tells is the vendor's moment, on the end user's own clock."""
    one, other = datetime.fromisoformat(told), datetime.fromisoformat(noted)
    return one == other and one.utcoffset() == other.utcoffset()
