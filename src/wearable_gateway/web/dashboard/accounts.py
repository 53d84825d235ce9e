"""Wearable accounts, for those who run the gateway: who is linked to which, how it fares, and its end."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Response

from wearable_gateway.connections.accounts import AccountsAcrossDevelopers
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.accounts import AccountFacts, account_facts, end, overviews
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.asked import Question, plain_text, uuid_or_nothing
from wearable_gateway.web.dashboard.deps import GATEWAY, ManagingOffice, Office, Place
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_id

router = section(f"/{GATEWAY}/accounts")

PAGE_SIZE = 50
_HOME = f"/dashboard/{GATEWAY}/accounts"
_NAMES = {slug: provider.name for slug, provider in PROVIDERS.items()}


@dataclass(frozen=True, slots=True)
class Asked(Question):
    text: str = ""
    provider: str = ""
    after: str = ""

    @property
    def providers(self) -> list[str] | None:
        return [self.provider] if self.provider else None


def read_asked(text: str = "", provider: str = "", after: str = "") -> Asked:
    return Asked(plain_text(text), provider if provider in PROVIDERS else "", uuid_or_nothing(after))


Wanted = Annotated[Asked, Depends(read_asked)]


@router.get("")
async def show_accounts(svc: Svc, here: Office, asked: Wanted) -> Response:
    found = await AccountsAcrossDevelopers(svc.db.autocommit).search(
        asked.providers, asked.text, after=UUID(asked.after) if asked.after else None, limit=PAGE_SIZE + 1
    )
    shown = found[:PAGE_SIZE]
    return framed(
        "accounts.html",
        here,
        "accounts",
        asked=asked,
        names=_NAMES,
        found=await overviews(svc, shown),
        next=str(shown[-1].id) if len(found) > PAGE_SIZE else None,
        now=svc.clock(),
    )


@router.get("/{grant_id}")
async def show_account(svc: Svc, here: Office, grant_id: str, after: str = "", ended: str = "") -> Response:
    facts = await _facts(svc, grant_id, after)
    return framed(
        "account.html", here, "accounts", facts=facts, name=_name(facts), after=uuid_or_nothing(after),
        ended=ended if ended.isdecimal() else "", now=svc.clock(),
    )  # fmt: skip


@router.get("/{grant_id}/revoke")
async def show_revoking(svc: Svc, here: Office, grant_id: str) -> Response:
    """What would happen. Changes nothing."""
    return _revoking(here, await _facts(svc, grant_id))


@router.post("/{grant_id}/revoke")
async def revoke(
    svc: Svc, here: ManagingOffice, grant_id: str, confirmation: Annotated[str, Form()] = ""
) -> Response:
    facts = await _facts(svc, grant_id)
    if confirmation.strip() != facts.account.provider_account_id:
        return _revoking(here, facts, typed=confirmation, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    done = await end(svc, facts.account.id, actor=here.actor)
    return go_to(f"{_HOME}/{facts.account.id}?ended={done.events}")


async def _facts(svc: Svc, grant_id: str, after: str = "") -> AccountFacts:
    behind = uuid_or_nothing(after)
    return await account_facts(svc, read_id(grant_id, "account"), after=UUID(behind) if behind else None)


def _revoking(here: Place, facts: AccountFacts, *, typed: str | None = None, status: int = 200) -> Response:
    return framed(
        "account_revoke.html", here, "accounts", status=status, facts=facts, name=_name(facts),
        typed=typed or "", wrong=typed is not None,
    )  # fmt: skip


def _name(facts: AccountFacts) -> str:
    return _NAMES.get(facts.account.provider, facts.account.provider)
