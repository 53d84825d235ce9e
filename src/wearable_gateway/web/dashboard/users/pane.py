"""What the details pane of one user shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.data_requests.repository import DataRequestRepository
from wearable_gateway.diagnosis import recent
from wearable_gateway.diagnosis.checks import diagnose
from wearable_gateway.diagnosis.gathering import gather
from wearable_gateway.diagnosis.history import Changed, history
from wearable_gateway.web.dashboard import audit_words
from wearable_gateway.web.dashboard.asked import uuid_or_nothing
from wearable_gateway.web.dashboard.deps import Workplace
from wearable_gateway.web.dashboard.users.places import address_of
from wearable_gateway.web.deps import Services

HISTORY_SIZE = 10
_RECENT = 5
_STATES = {
    ConnectionState.ACTIVE: "Data is received and sent on.",
    ConnectionState.PAUSED: "Paused by the developer: nothing is sent on until it is resumed.",
    ConnectionState.REVOKED: "The end user withdrew access at the provider. To resume, they have to connect again.",
}
_SAVED = {
    "1": "Saved.",
    "paused": "Paused. Nothing is sent on until the user is resumed.",
    "resumed": "Resumed.",
    "asked": "Asked for. The data is sent to your destinations as it comes.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How the pane is shown: `saved` says what was just done, `older` where the history goes on.

    `typed` stands in the field of the reference_id instead of what is stored; `days` in that of the days to ask for.
    """

    saved: str = ""
    older: str = ""
    typed: str | None = None
    problem: str | None = None
    days: str = "7"
    ask_problem: str | None = None


async def pane_of(svc: Services, here: Workplace, user_id: UUID, shown: Shown) -> dict[str, Any]:
    """What the details pane shows. Raises NotFoundError."""
    db, dev_id = svc.db.autocommit, here.dev_id
    connection = await ConnectionRepository(db, dev_id).get(user_id)
    facts = await gather(db, svc.keyring, connection, clock=svc.clock)
    older = uuid_or_nothing(shown.older)
    page = await history(db, dev_id, user_id, before=UUID(older) if older else None, limit=HISTORY_SIZE)
    diagnosis = diagnose(facts, now=svc.clock())
    return {
        "connection": connection,
        "explanation": _STATES[connection.state],
        "facts": facts,
        "diagnosis": diagnosis,
        "places": {check.key: address_of(here, user_id, check) for check in diagnosis.checks},
        "others": await _others(svc, here, connection),
        "requests": await DataRequestRepository(db, dev_id).of_user(user_id, limit=_RECENT),
        "events": await recent.events(db, dev_id, user_id, limit=_RECENT),
        "history": [(entry, list(changes(entry))) for entry in page.entries],
        "words": audit_words.title,
        "history_is_older": bool(older),
        "older": str(page.next) if page.next else None,
        "value": (connection.reference_id or "") if shown.typed is None else shown.typed,
        "problem": shown.problem,
        "saved": _SAVED.get(shown.saved),
        "days": shown.days,
        "ask_problem": shown.ask_problem,
    }


async def _others(svc: Services, here: Workplace, connection: Connection) -> int | None:
    """How many connections besides share the account: for those who run the gateway, and nobody else."""
    if here.session.for_gateway is None:
        return None
    return await recent.others_linked(svc.db.autocommit, connection)


def changes(entry: object) -> Iterator[tuple[str, object, object]]:
    """(field, before, after) of each field that a change changed; nothing of what merely happened."""
    if isinstance(entry, Changed):
        for field in {**entry.before, **entry.after}:
            if entry.before.get(field) != entry.after.get(field):
                yield field, entry.before.get(field), entry.after.get(field)
