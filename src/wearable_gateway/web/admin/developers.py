"""/admin/v1/developers: which there are, and a new one with its first API key."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.models import Developer, Environment
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.deps import Svc

router = APIRouter()

_MOST = 500


class NewDeveloper(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200, description="As end users shall see it on the connect pages.")
    dev_id: str | None = Field(default=None, description="Letters, digits, hyphens; made up if not given.")
    environment: Environment = Environment.PRODUCTION
    account: str | None = Field(
        default=None,
        description="The developer account it belongs to; a new one, named as the dev_id, if not given.",
    )


class DeveloperAnswer(BaseModel):
    dev_id: str
    name: str
    account: str
    environment: Environment


class CreatedDeveloper(DeveloperAnswer):
    key_id: UUID
    api_key: str = Field(description="Shown this once.")


class ListedDeveloper(DeveloperAnswer):
    created_at: datetime


class DeveloperList(BaseModel):
    developers: list[ListedDeveloper]
    next: str | None = Field(description="What to give as `after` for those that follow; null: that was all.")


@router.get("/developers")
async def list_developers(
    _admin: CurrentAdmin,
    svc: Svc,
    after: Annotated[str, Query(max_length=63)] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
) -> DeveloperList:
    """Developers by dev_id."""
    found = await keys.page_of_developers(svc.db.autocommit, after=after, limit=limit + 1)
    shown = [
        ListedDeveloper(**_fields(developer), created_at=created_at)
        for developer, created_at in found[:limit]
    ]
    return DeveloperList(developers=shown, next=shown[-1].dev_id if len(found) > limit else None)


@router.post("/developers", status_code=201)
async def create_developer(admin: CurrentAdmin, svc: Svc, body: NewDeveloper) -> CreatedDeveloper:
    """A developer, and its first API key, which is shown this once."""
    async with svc.db.transaction() as session:
        developer = await keys.create_developer(
            session, body.name, body.dev_id, environment=body.environment, account=body.account
        )
        key, text = await keys.issue_key(session, svc.hasher, developer.dev_id)
        await audit.record(
            session, developer.dev_id, actor=admin.actor, action="developer.created",
            subject=f"developer:{developer.dev_id}", after=_fields(developer),
        )  # fmt: skip
    return CreatedDeveloper(**_fields(developer), key_id=key.id, api_key=text)


@router.get("/developers/{dev_id}")
async def show_developer(dev_id: NamedDeveloper, svc: Svc) -> DeveloperAnswer:
    return DeveloperAnswer(**_fields(await keys.find_developer(svc.db.autocommit, dev_id)))


def _fields(developer: Developer) -> dict[str, str]:
    return {
        "dev_id": developer.dev_id,
        "name": developer.name,
        "account": developer.account,
        "environment": developer.environment.value,
    }
