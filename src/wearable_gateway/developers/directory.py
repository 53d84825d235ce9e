"""All developers of a gateway, to be looked through by those who run it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import Environment


@dataclass(frozen=True, slots=True)
class Listed:
    dev_id: str
    name: str
    account: str
    environment: Environment
    created_at: datetime


class DirectoryAcrossDevelopers:
    """What only those who run the gateway may ask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def page(self, *, text: str = "", after: str = "", limit: int) -> list[Listed]:
        """By account, from the one behind the dev-id `after` on. `text` is in the name, or begins a dev-id or an account."""
        rows = await self._session.fetch(
            "SELECT dev_id, name, account, environment, created_at FROM developers"
            " WHERE ($1 = '' OR position(lower($1) in lower(name)) > 0"
            "   OR starts_with(lower(dev_id), lower($1)) OR starts_with(lower(account), lower($1)))"
            " AND ($2 = '' OR (account, dev_id) > (SELECT account, dev_id FROM developers WHERE dev_id = $2))"
            " ORDER BY account, dev_id LIMIT $3",
            text, after, limit,
        )  # fmt: skip
        return [
            Listed(
                row["dev_id"], row["name"], row["account"], Environment(row["environment"]), row["created_at"]
            )
            for row in rows
        ]


def by_account(listed: Sequence[Listed]) -> list[tuple[str, list[Listed]]]:
    """Together what belongs to one account, of a list that is in its order."""
    return [(account, list(members)) for account, members in groupby(listed, key=lambda one: one.account)]
