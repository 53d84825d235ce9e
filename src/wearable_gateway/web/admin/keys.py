"""/admin/v1/developers/{dev_id}/keys: a developer's API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers import key_changes, keys
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.admin.dry_run import DryRun, tell
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_id
from wearable_gateway.web.parameters import Uuid
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin", route_class=JsonRoute)

KeyId = Annotated[
    Uuid, Path(description="The id of an API key.", examples=["01a20425-b71b-77e5-9bd9-d8a42cd85b62"])
]


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "backend"}]})

    name: str = Field(
        default="",
        max_length=key_changes.LONGEST_NAME,
        json_schema_extra={"pattern": r"^[^\x00-\x1f\x7f-\x9f]*$"},
        description="What it is for; `default` if empty.",
    )


class KeyAnswer(BaseModel):
    """A key as it can be shown: never the key itself."""

    model_config = ConfigDict(from_attributes=True)

    key_id: UUID = Field(validation_alias="id")
    name: str
    hint: str = Field(description="Its last four characters.")
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the hour; null: not used yet.")
    revoked_at: datetime | None = Field(description="null: it works.")


class KeyList(BaseModel):
    keys: list[KeyAnswer]


class CreatedKey(BaseModel):
    key: KeyAnswer
    api_key: str = Field(description="Shown this once.")


@router.get("/developers/{dev_id}/keys", summary="List API keys", responses=refusals(404))
async def list_keys(dev_id: NamedDeveloper, svc: Svc) -> KeyList:
    """Oldest first, also those that were revoked."""
    await keys.find_developer(svc.db.autocommit, dev_id)
    found = await keys.list_keys(svc.db.autocommit, dev_id)
    return KeyList(keys=[KeyAnswer.model_validate(key) for key in found])


@router.post("/developers/{dev_id}/keys", status_code=201, summary="Make an API key", responses=refusals(404))
async def create_key(admin: CurrentAdmin, dev_id: NamedDeveloper, svc: Svc, body: NewKey) -> CreatedKey:
    """Beside those there are, so that one can be replaced without a pause."""
    async with svc.db.transaction() as session:
        key, text = await key_changes.issue(session, svc.hasher, dev_id, body.name, actor=admin.actor)
    return CreatedKey(key=KeyAnswer.model_validate(key), api_key=text)


@router.delete(
    "/developers/{dev_id}/keys/{key_id}",
    status_code=204,
    summary="Revoke an API key",
    responses=refusals(404),
)
async def revoke_key(
    admin: CurrentAdmin,
    dev_id: NamedDeveloper,
    svc: Svc,
    key_id: KeyId,
    response: Response,
    dry_run: DryRun = False,
) -> None:
    """At once, in every process. Revoking one again changes nothing."""
    async with svc.db.transaction(rehearse=dry_run) as session:
        await key_changes.revoke(session, dev_id, read_id(key_id, "API key"), actor=admin.actor)
    tell(response, dry_run=dry_run)
