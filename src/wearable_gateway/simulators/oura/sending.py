"""How does the vendor take the answers to its notices?"""

from collections.abc import Callable, Sequence

import httpx

from wearable_gateway.simulators._base.sending import Sender, Sent

_GONE = 410
_REDIRECTS = range(300, 400)


class OuraSender(Sender):
    """2xx and 3xx are as good; 410 ends the subscription; anything else is tried again."""

    def __init__(self, schedule: Sequence[float], cancel: Callable[[Sent], None]) -> None:
        super().__init__(schedule)
        self._cancel = cancel

    async def _arrives(self, http: httpx.AsyncClient, notice: Sent) -> bool:
        taken = await super()._arrives(http, notice)
        if notice.status == _GONE:
            self._cancel(notice)
            return True
        return taken or notice.status in _REDIRECTS
