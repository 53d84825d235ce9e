"""An end user ends a connection of theirs, in a session whose developer lets them (`show_disconnect`)."""

from datetime import datetime
from uuid import UUID

from wearable_gateway.connect.models import Flow, FlowState
from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.service import deauthenticate
from wearable_gateway.db.session import Session
from wearable_gateway.errors import FlowRefusedError, NotFoundError


async def connected(session: Session, flow: Flow) -> list[Connection]:
    """What the end user of `flow` is connected with and may disconnect, oldest first."""
    if not flow.show_disconnect or flow.reference_id is None:
        return []
    found = await ConnectionRepository(session, flow.dev_id).of_reference(flow.reference_id)
    return [one for one in found if _is_theirs(one, flow)]


async def find_connected(session: Session, flow: Flow, user_id: UUID) -> Connection:
    """Raises NotFoundError, alike for what is gone and for what is not this end user's."""
    found = await ConnectionRepository(session, flow.dev_id).find(user_id)
    if found is None or not _is_theirs(found, flow):
        raise NotFoundError("user")
    return found


def _is_theirs(connection: Connection, flow: Flow) -> bool:
    return (
        flow.show_disconnect
        and flow.reference_id is not None
        and connection.reference_id == flow.reference_id
        and connection.state is not ConnectionState.REVOKED
        and (not flow.providers or connection.provider in flow.providers)
    )


async def disconnect(session: Session, flow: Flow, user_id: UUID, *, now: datetime) -> str:
    """Deauthenticate a connection of the flow's end user, audited; its provider.

    Raises FlowRefusedError when the flow is over, NotFoundError as `find_connected`.
    """
    locked = await FlowRepository(session, flow.dev_id).lock(flow.id)
    if locked is None or locked.state is not FlowState.OPEN or locked.expires_at <= now:
        raise FlowRefusedError("used", "This link has already been used, or its time is up.")
    connection = await find_connected(session, locked, user_id)
    await deauthenticate(session, flow.dev_id, user_id, actor=f"end-user:{flow.reference_id}", now=now)
    return connection.provider
