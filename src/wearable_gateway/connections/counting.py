"""How many users does each of several developers have? Not counted to the end, which takes its time with a million."""

from collections.abc import Mapping, Sequence

from wearable_gateway.db.session import Session

AT_MOST = 1000


class UserCountsAcrossDevelopers:
    """What only those who run the gateway may ask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def of(self, dev_ids: Sequence[str]) -> Mapping[str, int]:
        """By developer; `AT_MOST` stands for as many or more."""
        rows = await self._session.fetch(
            "SELECT d.dev_id, (SELECT count(*) FROM (SELECT 1 FROM connections c WHERE c.dev_id = d.dev_id LIMIT $2) few)"
            " AS users FROM unnest($1::text[]) AS d (dev_id)",
            list(dev_ids), AT_MOST,
        )  # fmt: skip
        return {row["dev_id"]: row["users"] for row in rows}
