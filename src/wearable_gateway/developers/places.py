"""A place where people work, a developer or the gateway itself, and who changes something there."""

from dataclasses import dataclass

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.operators import at_place
from wearable_gateway.developers.roles import Operator


@dataclass(frozen=True, slots=True)
class Acting:
    """Who changes something: as the audit calls them, and their place, None for a program and for the command line."""

    name: str
    operator: Operator | None = None


class AtPlace:
    def __init__(self, session: Session, dev_id: str | None, acting: Acting) -> None:
        """`dev_id` None: the gateway itself."""
        self._session = session
        self._dev_id = dev_id
        self._acting = acting
        self._here = at_place(dev_id)

    async def _record(self, action: str, email: str, before: object = None, after: object = None) -> None:
        await audit.record(
            self._session, self._dev_id or audit.GATEWAY, actor=self._acting.name, action=action,
            subject=f"operator:{email}", before=before, after=after,
        )  # fmt: skip
