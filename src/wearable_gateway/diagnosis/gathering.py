"""The facts of one connection, read from wherever they are kept."""

from collections.abc import Sequence
from datetime import datetime

from wearable_gateway.connections.budgets import CallBudget
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, Grant
from wearable_gateway.connections.upkeep import next_poll
from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.diagnosis.checks import MOST_WAITING
from wearable_gateway.diagnosis.facts import AppFacts, DestinationFacts, Facts, LastData, NoticeFacts
from wearable_gateway.ingestion.inbox import last_of_account
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.unified.records import DataType

_DATA_TYPES = [kind.value for kind in DataType]
_LAST_DATA = """
SELECT id, type, created_at FROM events
WHERE dev_id = $1 AND user_id = $2 AND type = ANY ($3) ORDER BY id DESC LIMIT 1
"""
_BEING_FETCHED = """
SELECT EXISTS (SELECT 1 FROM data_requests WHERE dev_id = $1 AND user_id = $2 AND state = 'processing')
"""
_WAITING = """
SELECT count(*) FROM (
  SELECT 1 FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'waiting' LIMIT $3
) AS counted
"""


async def gather(session: Session, keyring: Keyring, connection: Connection, *, clock: Clock) -> Facts:
    """`session` is no transaction: none of it is locked, and all of it is read."""
    dev_id, provider = connection.dev_id, PROVIDERS.get(connection.provider)
    settings = DeveloperSettings.of((await find_developer(session, dev_id)).settings)
    grant = await GrantRepository(session).find(connection.grant_id)
    could = sorted(kind.value for kind in provider.data_scopes) if provider else []
    may = [name for name in could if provider and provider.allows(DataType(name), connection.scopes)]
    last_data = await _last_data(session, connection)
    notice = (
        await last_of_account(session, grant.provider_app_id, grant.provider_account_id) if grant else None
    )
    return Facts(
        state=connection.state,
        connected_at=connection.created_at,
        may_share=may,
        could_share=could,
        is_enabled=settings.enables(connection.provider),
        app=await _app(session, keyring, grant, clock) if grant else None,
        grant=grant.state if grant else None,
        last_error=connection.last_error,
        last_error_at=connection.last_error_at,
        tells=provider.takes_notices if provider else False,
        polls=bool(provider.polls) if provider else False,
        next_poll_at=await next_poll(session, grant.id) if grant else None,
        last_notice=NoticeFacts(*notice) if notice else None,
        is_being_fetched=await session.fetchval(_BEING_FETCHED, dev_id, connection.id),
        last_polled_at=connection.last_polled_at,
        most_recent_data_at=connection.most_recent_data_at,
        last_data=last_data,
        destinations=await _destinations(session, dev_id, last_data, may),
    )


async def _app(session: Session, keyring: Keyring, grant: Grant, clock: Clock) -> AppFacts | None:
    condition = await ProviderApps(session, keyring).condition(grant.provider_app_id)
    provider = PROVIDERS.get(grant.provider)
    if condition is None or provider is None:
        return None
    budget = CallBudget(session, provider, app_id=grant.provider_app_id, grant_id=grant.id, clock=clock)
    return AppFacts(
        is_own=condition.dev_id is not None, problem=condition.problem, full_until=await budget.full_until()
    )


async def _last_data(session: Session, connection: Connection) -> LastData | None:
    row = await session.fetchrow(_LAST_DATA, connection.dev_id, connection.id, _DATA_TYPES)
    return LastData(row["id"], row["type"], row["created_at"]) if row else None


async def _destinations(
    session: Session, dev_id: str, last: LastData | None, may: Sequence[str]
) -> list[DestinationFacts]:
    all_of_them = await destinations.list_destinations(session, dev_id)
    outcomes: dict[object, tuple[str, datetime]] = {}
    if last is not None and all_of_them:
        tried = await history.attempts_of(session, dev_id, [one.id for one in all_of_them], last.event_id)
        outcomes = {one.destination_id: (_words(one), one.at) for one in tried}
    found = []
    for one in all_of_them:
        outcome = outcomes.get(one.id)
        waiting = await session.fetchval(_WAITING, dev_id, one.id, MOST_WAITING)
        found.append(
            DestinationFacts(
                id=one.id,
                name=one.description or one.url or "the feed",
                state=one.state,
                wants=_wants(one, [last.type] if last else may or _DATA_TYPES),
                failing_since=one.failing_since,
                waiting=waiting,
                outcome=outcome[0] if outcome else None,
                outcome_at=outcome[1] if outcome else None,
            )
        )
    return found


def _words(attempt: history.LoggedAttempt) -> str:
    if attempt.outcome in history.TAKEN:
        return attempt.outcome
    return f"answered with {attempt.status}" if attempt.status else (attempt.detail or attempt.outcome)


def _wants(destination: Destination, types: Sequence[str]) -> bool:
    return destination.event_types is None or bool(set(types) & set(destination.event_types))
