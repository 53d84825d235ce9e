"""/admin/v1/accounts: wearable accounts, who is linked to each, and its end."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.connections.account_end import End, preview_end
from wearable_gateway.connections.accounts import Account, AccountsAcrossDevelopers, Reached
from wearable_gateway.connections.models import ConnectionState, GrantState
from wearable_gateway.connections.token_state import TokenState
from wearable_gateway.kit.complaints import NO_NUL
from wearable_gateway.providers import find_provider
from wearable_gateway.web.accounts import AccountFacts, Overview, account_facts, can_be_told, end, overviews
from wearable_gateway.web.admin.deps import CurrentAdmin
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_cursor, read_id
from wearable_gateway.web.parameters import PROVIDER, USER_ID, Uuid
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin")

_MOST = 500

GrantId = Annotated[
    Uuid, Path(description="Names what an account granted one provider app.", examples=[USER_ID])
]
After = Annotated[Uuid | None, Query(description="The `next` of the page before.")]


class AccountAnswer(BaseModel):
    grant_id: UUID
    provider: str
    account_id: str = Field(description="As the provider knows it.")
    app: str = Field(description="Whose provider app it is: `shared`, or a dev_id; `removed`: it is gone.")
    state: GrantState
    scopes: list[str]
    consented_at: datetime = Field(description="When an end user last agreed.")
    created_at: datetime
    users: int = Field(description="Connections to it that are not over.")
    developers: int = Field(description="Of how many developers they are.")


class AccountPage(BaseModel):
    accounts: list[AccountAnswer]
    next: UUID | None = Field(
        description="What to give as `after` for those that follow; null: that was all."
    )


class TokenAnswer(BaseModel):
    """Never a token."""

    model_config = ConfigDict(from_attributes=True)

    state: TokenState = Field(
        description=(
            "`refresh_due`: the next use refreshes. `expired`: nothing can refresh it. `unreadable`: its encryption"
            " key is not set. `erased`: there is none."
        )
    )
    expires_at: datetime | None = Field(description="null: the provider does not say, or there is none.")
    can_be_refreshed: bool


class TaskAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    due_at: datetime
    attempts: int = Field(description="How often it failed in a row.")


class NoticeAnswer(BaseModel):
    """Without what it said."""

    model_config = ConfigDict(from_attributes=True)

    received_at: datetime
    kind: str
    state: str = Field(description="`due` or `done`.")
    outcome: str | None = Field(description="What became of it so far.")
    attempts: int


class LinkedUser(BaseModel):
    dev_id: str
    user_id: UUID
    reference_id: str | None
    state: ConnectionState
    scopes: list[str]
    created_at: datetime
    last_event_at: datetime | None


class DetailedAccount(AccountAnswer):
    tokens: TokenAnswer
    refreshed_at: datetime | None
    last_notice_at: datetime | None
    last_fetched_at: datetime | None
    fetches: int
    release_due_at: datetime | None = Field(
        description="When the provider is told that access ended; null: there is nothing to tell."
    )
    upkeep: list[TaskAnswer]
    notices: list[NoticeAnswer] = Field(description="The last 20 in 30 days.")
    linked: list[LinkedUser] = Field(description="50 at a time, those first who connected first.")
    next: UUID | None = Field(
        description="What to give as `after` for the users that follow; null: that was all."
    )


class ReachedDeveloper(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    dev_id: str
    events: int


class AccountEnd(BaseModel):
    dry_run: bool
    events: int = Field(description="One `access_revoked` for each user.")
    developers: list[ReachedDeveloper] = Field(description="All of them.")
    provider_is_told: bool = Field(description="false: this provider has no way to be told.")


@router.get("/accounts", summary="List wearable accounts", responses=refusals(404))
async def list_accounts(
    _admin: CurrentAdmin,
    svc: Svc,
    provider: Annotated[str | None, Query(description="Only of this provider.", examples=[PROVIDER])] = None,
    account_id: Annotated[
        str | None,
        Query(max_length=1000, pattern=NO_NUL, description="Only this, as the provider knows it."),
    ] = None,
    user_id: Annotated[
        Uuid | None, Query(description="Only that of this user, whichever developer's.", examples=[USER_ID])
    ] = None,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 100,
) -> AccountPage:
    """By provider and account id, a page at a time. An account that granted two provider apps is there twice."""
    slugs = [find_provider(provider).slug] if provider is not None else None
    everyone = AccountsAcrossDevelopers(svc.db.autocommit)
    if user_id is not None:
        of_user = await everyone.of_ids(await everyone.grants_of_user(read_id(user_id, "user")))
        found = [one for one in of_user if _matches(one, slugs, account_id)]
    else:
        behind = read_cursor(after) if after is not None else None
        found = await everyone.page(slugs, account_id=account_id, after=behind, limit=limit + 1)
    shown = found[:limit]
    return AccountPage(
        accounts=[AccountAnswer(**_fields(one)) for one in await overviews(svc, shown)],
        next=shown[-1].id if len(found) > limit else None,
    )


@router.get("/accounts/{grant_id}", summary="Show a wearable account", responses=refusals(404))
async def show_account(
    _admin: CurrentAdmin, svc: Svc, grant_id: GrantId, after: After = None
) -> DetailedAccount:
    """Who is linked to it, the state of its tokens, what is due, and what its provider told of it."""
    behind = read_cursor(after) if after is not None else None
    return _detailed(await account_facts(svc, read_id(grant_id, "account"), after=behind))


@router.post("/accounts/{grant_id}/revoke", summary="Revoke a wearable account", responses=refusals(404))
async def revoke_account(
    admin: CurrentAdmin,
    svc: Svc,
    grant_id: GrantId,
    dry_run: Annotated[bool, Query(description="true: only say whom it would reach.")] = False,
) -> AccountEnd:
    """For every user and developer linked to it: one `access_revoked` each, and the provider is told. Again: nobody is."""
    wanted = read_id(grant_id, "account")
    if dry_run:
        return _end(await preview_end(svc.db.autocommit, wanted), dry_run=True)
    return _end(await end(svc, wanted, actor=admin.actor), dry_run=False)


def _matches(account: Account, slugs: list[str] | None, account_id: str | None) -> bool:
    return (slugs is None or account.provider in slugs) and account_id in {None, account.provider_account_id}


def _fields(one: Overview | AccountFacts) -> dict[str, object]:
    account = one.account
    return {
        "grant_id": account.id,
        "provider": account.provider,
        "account_id": account.provider_account_id,
        "app": one.app,
        "state": account.state,
        "scopes": list(account.scopes),
        "consented_at": account.consented_at,
        "created_at": account.created_at,
        "users": one.linked.connections,
        "developers": one.linked.developers,
    }


def _detailed(facts: AccountFacts) -> DetailedAccount:
    account = facts.account
    return DetailedAccount.model_validate(
        {
            **_fields(facts),
            "tokens": TokenAnswer.model_validate(facts.tokens),
            "refreshed_at": account.refreshed_at,
            "last_notice_at": facts.last_notice_at,
            "last_fetched_at": facts.linked.last_fetched_at,
            "fetches": account.fetches,
            "release_due_at": account.release_due_at,
            "upkeep": [TaskAnswer.model_validate(one) for one in facts.tasks],
            "notices": [NoticeAnswer.model_validate(one) for one in facts.notices],
            "linked": [
                LinkedUser(
                    dev_id=one.dev_id,
                    user_id=one.id,
                    reference_id=one.reference_id,
                    state=one.state,
                    scopes=list(one.scopes),
                    created_at=one.created_at,
                    last_event_at=one.last_event_at,
                )
                for one in facts.connections
            ],
            "next": facts.next_connection,
        }
    )


def _end(found: End, *, dry_run: bool) -> AccountEnd:
    return AccountEnd(
        dry_run=dry_run,
        events=found.events,
        developers=[_reached(one) for one in found.reached],
        provider_is_told=can_be_told(found.provider),
    )


def _reached(one: Reached) -> ReachedDeveloper:
    return ReachedDeveloper(dev_id=one.dev_id, events=one.connections)
