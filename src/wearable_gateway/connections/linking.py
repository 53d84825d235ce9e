"""A consent becomes a connection: which older ones does it replace, and who is told?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.grants import GrantRepository, grant_id_of, seal_tokens
from wearable_gateway.connections.models import Connection, ConnectionState, Grant, GrantState
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.scopes import change_scopes, effective
from wearable_gateway.connections.upkeep import plan
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Session
from wearable_gateway.developers.settings import DuplicatePolicy
from wearable_gateway.errors import GrantBusyError
from wearable_gateway.events import catalog, outbox
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.reaching import Tokens


@dataclass(frozen=True, slots=True)
class Consent:
    """What an end user agreed to in one flow. `given_at` is taken before the code was redeemed."""

    dev_id: str
    user_id: UUID
    provider: str
    provider_app_id: UUID
    provider_account_id: str
    reference_id: str | None
    tokens: Tokens
    scopes: tuple[str, ...]
    given_at: datetime
    flow_id: UUID
    widget_session_id: UUID | None


class DuplicateAccount:
    """The developer refuses a second reference_id for one account; the grant keeps the newer tokens all the same."""


def replaced_by(
    reference_id: str | None, linked: Sequence[Connection], policy: DuplicatePolicy
) -> list[Connection] | DuplicateAccount:
    """Which of the developer's connections to the same account give way to a new one for `reference_id`."""
    same = [connection for connection in linked if connection.reference_id == reference_id]
    if len(same) == len(linked) or policy is DuplicatePolicy.KEEP_BOTH:
        return same
    return list(linked) if policy is DuplicatePolicy.REPLACE else DuplicateAccount()


async def link(
    session: Session, consent: Consent, *, policy: DuplicatePolicy, keyring: Keyring, now: datetime
) -> Connection | DuplicateAccount:
    """Make the connection, its events and the grant's new tokens, in the caller's transaction.

    Raises GrantBusyError while an earlier grant of the account is being given back to the vendor.
    """
    grant = await GrantRepository(session).ensure(
        provider=consent.provider,
        provider_app_id=consent.provider_app_id,
        provider_account_id=consent.provider_account_id,
        now=now,
    )
    if grant.state is GrantState.REVOKING and grant.release_due_at and grant.release_due_at > now:
        raise GrantBusyError("the account is just being disconnected; try again in a moment")
    await _take_tokens(session, grant, consent, keyring=keyring, now=now)
    repository = ConnectionRepository(session, consent.dev_id)
    olds = replaced_by(consent.reference_id, await repository.of_grant(grant.id), policy)
    if isinstance(olds, DuplicateAccount):
        return olds
    granted = await GrantRepository(session).lock(grant.id)
    connection = _connection(consent, granted or grant, now)
    await repository.add(connection, now=now)
    for old in olds:
        await RecordRepository(session, consent.dev_id).move(old.id, connection.id)
        await repository.remove(old.id)
    await _tell(session, consent, connection, olds, now=now)
    return connection


async def keep_tokens(session: Session, consent: Consent, *, keyring: Keyring, now: datetime) -> None:
    """A consent that makes no connection still brings the newest tokens of a grant that others use."""
    grant = await GrantRepository(session).lock(
        grant_id_of(consent.provider_app_id, consent.provider_account_id)
    )
    if grant is not None and grant.state is GrantState.LIVE:
        await _take_tokens(session, grant, consent, keyring=keyring, now=now)


async def _take_tokens(
    session: Session, grant: Grant, consent: Consent, *, keyring: Keyring, now: datetime
) -> None:
    """The newest tokens win, whatever becomes of the connection: at some vendors they killed the older ones."""
    if grant.state is GrantState.LIVE and consent.given_at < grant.consented_at:
        # A flow that was interrupted, and is ended by a worker after the end user consented once more.
        return
    if grant.state is not GrantState.REVOKED:
        await change_scopes(session, grant, consent.scopes, now=now)
    await GrantRepository(session).set_consent(
        grant.id,
        tokens=seal_tokens(keyring, grant.id, consent.tokens),
        scopes=consent.scopes,
        consented_at=consent.given_at,
    )
    await plan(session, PROVIDERS[grant.provider], grant.id, now=now)


def _connection(consent: Consent, grant: Grant, now: datetime) -> Connection:
    return Connection(
        dev_id=consent.dev_id,
        id=consent.user_id,
        provider=consent.provider,
        grant_id=grant.id,
        reference_id=consent.reference_id,
        consented_scopes=consent.scopes,
        scopes=effective(consent.scopes, grant.scopes),
        state=ConnectionState.ACTIVE,
        last_error=None,
        last_error_at=None,
        last_event_at=None,
        created_at=now,
    )


async def _tell(
    session: Session, consent: Consent, connection: Connection, olds: Sequence[Connection], *, now: datetime
) -> None:
    user = connection_user(connection)
    auth = catalog.auth(
        consent.dev_id, user, flow_id=consent.flow_id, widget_session_id=consent.widget_session_id
    )
    reauths = [catalog.user_reauth(consent.dev_id, user, connection_user(old)) for old in olds]
    await outbox.record(session, [auth, *reauths], now=now)
