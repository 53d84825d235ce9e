"""/admin/v1/developers: which there are, and a new one with its first API key."""

import unicodedata
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from wearable_gateway.developers import developer_changes, keys
from wearable_gateway.developers.models import Developer, Environment
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.parameters import DevId
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin", route_class=JsonRoute)

_MOST = 500


def _printable(name: str) -> str:
    if not name.strip() or any(unicodedata.category(character) == "Cc" for character in name):
        raise ValueError("some text, without control characters")
    return name


_Name = Annotated[
    str,
    AfterValidator(_printable),
    Field(
        max_length=200,
        json_schema_extra={
            "pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        },
    ),
]


class NewDeveloper(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Acme", "dev_id": "acme-testing", "environment": "testing"}]
        },
    )

    name: _Name = Field(description="As end users shall see it on the connect pages.")
    dev_id: DevId | None = Field(default=None, description="Letters, digits, hyphens; made up if not given.")
    environment: Environment = Environment.PRODUCTION
    account: DevId | None = Field(
        default=None,
        description="The developer account it belongs to; a new one, named as the dev_id, if not given.",
    )


class DeveloperChange(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Acme Health"}]})

    name: _Name = Field(description="As end users shall see it on the connect pages.")


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


@router.get("/developers", summary="List developers")
async def list_developers(
    _admin: CurrentAdmin,
    svc: Svc,
    after: Annotated[
        str,
        Query(max_length=63, pattern="^[A-Za-z0-9-]*$", description="The `next` of the page before."),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 100,
) -> DeveloperList:
    """By dev_id, a page at a time."""
    found = await keys.page_of_developers(svc.db.autocommit, after=after, limit=limit + 1)
    shown = [
        ListedDeveloper(**_fields(developer), created_at=created_at)
        for developer, created_at in found[:limit]
    ]
    return DeveloperList(developers=shown, next=shown[-1].dev_id if len(found) > limit else None)


@router.post("/developers", status_code=201, summary="Make a developer")
async def create_developer(admin: CurrentAdmin, svc: Svc, body: NewDeveloper) -> CreatedDeveloper:
    """A developer, and its first API key, which is shown this once."""
    async with svc.db.transaction() as session:
        developer, key, text = await developer_changes.create(
            session, svc.hasher, body.name, body.dev_id,
            environment=body.environment, account=body.account, actor=admin.actor,
        )  # fmt: skip
    return CreatedDeveloper(**_fields(developer), key_id=key.id, api_key=text)


@router.get("/developers/{dev_id}", summary="Show a developer", responses=refusals(404))
async def show_developer(dev_id: NamedDeveloper, svc: Svc) -> DeveloperAnswer:
    """Its name, account and environment."""
    return DeveloperAnswer(**_fields(await keys.find_developer(svc.db.autocommit, dev_id)))


@router.patch("/developers/{dev_id}", summary="Rename a developer", responses=refusals(404))
async def rename_developer(
    admin: CurrentAdmin, dev_id: NamedDeveloper, svc: Svc, body: DeveloperChange
) -> DeveloperAnswer:
    """End users see the new name on the connect pages from now on. Its dev_id, account and environment stay."""
    async with svc.db.transaction() as session:
        await developer_changes.rename(session, dev_id, body.name, actor=admin.actor)
        return DeveloperAnswer(**_fields(await keys.find_developer(session, dev_id)))


def _fields(developer: Developer) -> dict[str, str]:
    return {
        "dev_id": developer.dev_id,
        "name": developer.name,
        "account": developer.account,
        "environment": developer.environment.value,
    }
