"""How many users may a developer have connected, and is there room for one more?

A connection that takes an older one's place needs no room.
"""

from uuid import UUID

from wearable_gateway.connect.models import Flow
from wearable_gateway.connections.grants import grant_id_of
from wearable_gateway.connections.linking import Consent, replaced_by
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Session
from wearable_gateway.developers.keys import lock_developer
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.settings import DeveloperSettings, DuplicatePolicy
from wearable_gateway.errors import DisallowedError


async def check_room(
    session: Session, developer: Developer, flow: Flow, *, reconnect_user_id: UUID | None
) -> None:
    """Raises DisallowedError when whatever `flow` connects would be one user too many."""
    limit = _limit(developer)
    if limit is None or not await _is_full(session, developer.dev_id, limit):
        return
    repository = ConnectionRepository(session, developer.dev_id)
    if reconnect_user_id is not None:
        older = [await repository.get(reconnect_user_id)]
    else:
        older = await repository.of_reference(flow.reference_id) if flow.reference_id else []
    if not any(_may_give_way(connection, flow) for connection in older):
        raise DisallowedError(
            f"user limit reached: {limit} may be connected in this {developer.environment} environment;"
            " deauthenticate users that are gone, or have the gateway's operator raise the setting user_limit"
        )


async def has_room_for(
    session: Session, developer: Developer, consent: Consent, policy: DuplicatePolicy
) -> bool:
    """Whether `consent` may become a connection, decided for one consent of the developer after the other."""
    limit = _limit(developer)
    if limit is None:
        return True
    await lock_developer(session, developer.dev_id)
    if not await _is_full(session, developer.dev_id, limit):
        return True
    grant_id = grant_id_of(consent.provider_app_id, consent.provider_account_id)
    linked = await ConnectionRepository(session, developer.dev_id).of_grant(grant_id)
    # A duplicate that is refused needs no room either, and `link` says what it is.
    return replaced_by(consent.reference_id, linked, policy) != []


def _limit(developer: Developer) -> int | None:
    return DeveloperSettings.of(developer.settings).users_allowed(developer.environment)


def _may_give_way(connection: Connection, flow: Flow) -> bool:
    """Whether signing in to the same account again would replace it. Which account it is, only the end shows."""
    return connection.state is not ConnectionState.REVOKED and flow.provider in {None, connection.provider}


async def _is_full(session: Session, dev_id: str, limit: int) -> bool:
    # Counts no further than it has to: a large tenant's limit is large, a small tenant's costs little.
    count: int = await session.fetchval(
        "SELECT count(*) FROM (SELECT 1 FROM connections WHERE dev_id = $1 AND state <> 'revoked' LIMIT $2) linked",
        dev_id, limit,
    )  # fmt: skip
    return count >= limit
