"""How many use a provider, counted no further than a page needs: a large number costs little more than a small one."""

from collections.abc import Sequence
from uuid import UUID

from wearable_gateway.db.session import Session

MOST = 10_000
"""Who has more is shown as having so many or more."""

# Below, a range of one value and not the value itself: PostgreSQL expects so many rows of an average provider that it
# would read the whole table for one that hardly anybody uses.


async def connections_by_provider(session: Session, dev_id: str, providers: Sequence[str]) -> dict[str, int]:
    """A developer's connections of each provider that has any, revoked ones included."""
    rows = await session.fetch(
        "SELECT asked.provider, (SELECT count(*) FROM (SELECT 1 FROM connections"
        " WHERE dev_id = $1 AND provider BETWEEN asked.provider AND asked.provider ORDER BY provider LIMIT $3) found) AS used"
        " FROM unnest($2::text[]) AS asked(provider)",
        dev_id, list(providers), MOST,
    )  # fmt: skip
    return {row["provider"]: row["used"] for row in rows if row["used"]}


async def accounts_by_app(session: Session, app_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The wearable accounts connected through each provider app, whichever developers they are linked to."""
    rows = await session.fetch(
        "SELECT asked.app_id, (SELECT count(*) FROM (SELECT 1 FROM grants"
        " WHERE provider_app_id BETWEEN asked.app_id AND asked.app_id AND state <> 'revoked'"
        " ORDER BY provider_app_id LIMIT $2) found) AS used"
        " FROM unnest($1::uuid[]) AS asked(app_id)",
        list(app_ids), MOST,
    )  # fmt: skip
    return {row["app_id"]: row["used"] for row in rows}
