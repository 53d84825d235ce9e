"""Everything there is to say of a wearable account, for the dashboard's pages and for operators' programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.account_end import End, end_account
from wearable_gateway.connections.accounts import Account, AccountsAcrossDevelopers, Linked, Reached, Task
from wearable_gateway.connections.models import Connection
from wearable_gateway.connections.token_state import TokenFacts, token_facts
from wearable_gateway.ingestion import inbox
from wearable_gateway.ingestion.models import KeptNotice
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.deps import Services

SHARED, REMOVED = "shared", "removed"
CONNECTIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """An account in a list. `app`: whose provider app it is, a dev-id, `SHARED` or `REMOVED`."""

    account: Account
    app: str
    linked: Linked


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """`connections` is a page of them, `next_connection` what to go on behind."""

    account: Account
    app: str
    linked: Linked
    reached: Sequence[Reached]
    tokens: TokenFacts
    tasks: Sequence[Task]
    notices: Sequence[KeptNotice]
    connections: Sequence[Connection]
    next_connection: UUID | None

    @property
    def last_notice_at(self) -> datetime | None:
        return self.notices[0].received_at if self.notices else None

    @property
    def vendor_is_told(self) -> bool:
        """Whether the vendor can be told that access ends."""
        return can_be_told(self.account.provider)


def can_be_told(slug: str) -> bool:
    provider = PROVIDERS.get(slug)
    return provider is not None and provider.takes_grants_back


async def overviews(svc: Services, accounts: Sequence[Account]) -> list[Overview]:
    everyone = AccountsAcrossDevelopers(svc.db.autocommit)
    owners = await everyone.app_owners([one.provider_app_id for one in accounts])
    links = await everyone.links([one.id for one in accounts])
    return [Overview(one, _app(owners, one), links[one.id]) for one in accounts]


async def account_facts(svc: Services, grant_id: UUID, *, after: UUID | None = None) -> AccountFacts:
    """Raises NotFoundError."""
    session = svc.db.autocommit
    everyone = AccountsAcrossDevelopers(session)
    account = await everyone.get(grant_id)
    found = await everyone.connections(grant_id, after=after, limit=CONNECTIONS_SHOWN + 1)
    shown = found[:CONNECTIONS_SHOWN]
    return AccountFacts(
        account=account,
        app=_app(await everyone.app_owners([account.provider_app_id]), account),
        linked=(await everyone.links([grant_id]))[grant_id],
        reached=await everyone.reached(grant_id),
        tokens=await token_facts(session, svc.keyring, grant_id, now=svc.clock()),
        tasks=await everyone.tasks(grant_id),
        notices=await inbox.of_account(session, account.provider_app_id, account.provider_account_id),
        connections=shown,
        next_connection=shown[-1].id if len(found) > len(shown) else None,
    )


async def end(svc: Services, grant_id: UUID, *, actor: str) -> End:
    """Raises NotFoundError."""
    async with svc.db.transaction() as session:
        return await end_account(session, grant_id, actor=actor, now=svc.clock())


def _app(owners: Mapping[UUID, str | None], account: Account) -> str:
    if account.provider_app_id not in owners:
        return REMOVED
    return owners[account.provider_app_id] or SHARED
