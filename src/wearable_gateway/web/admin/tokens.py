"""/admin/v1/tokens: admin tokens, made by one that may do at least as much."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers import admin_tokens
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.scopes import SCOPES
from wearable_gateway.kit.complaints import SOME_TEXT
from wearable_gateway.web.admin.deps import CurrentAdmin
from wearable_gateway.web.admin.dry_run import DryRun, tell
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_cursor, read_id
from wearable_gateway.web.parameters import DevId, text
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin", route_class=JsonRoute)

_MOST = 500
Scope = Annotated[str, text({"type": "string", "enum": list(SCOPES)})]
Uuid = Annotated[str, text({"type": "string", "format": "uuid"})]


class NewToken(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "provisioning", "scopes": ["developers:write", "keys:write"]}]
        },
    )

    name: str = Field(max_length=100, pattern=SOME_TEXT, description="What it is for.")
    scopes: list[Scope] = Field(
        min_length=1, description="None that the calling token lacks; write includes read."
    )
    dev_id: DevId | None = Field(
        default=None, description="Reaches this developer only; null: all, and the gateway."
    )


class TokenAnswer(BaseModel):
    id: UUID
    name: str
    scopes: list[str]
    dev_id: str | None
    created_at: datetime
    revoked_at: datetime | None


class CreatedToken(TokenAnswer):
    admin_token: str = Field(description="Shown this once.")


class TokenList(BaseModel):
    tokens: list[TokenAnswer]
    next: UUID | None = Field(
        description="What to give as `after` for those that follow; null: that was all."
    )


@router.get("/tokens", summary="List admin tokens")
async def list_tokens(
    _admin: CurrentAdmin,
    svc: Svc,
    after: Annotated[Uuid | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 100,
) -> TokenList:
    """By age, also the revoked ones; a page at a time."""
    found = await admin_tokens.page_of_admin_tokens(
        svc.db.autocommit, after=read_cursor(after) if after is not None else None, limit=limit + 1
    )
    shown = found[:limit]
    return TokenList(
        tokens=[TokenAnswer(**_fields(token)) for token in shown],
        next=shown[-1].id if len(found) > limit else None,
    )


@router.post("/tokens", status_code=201, summary="Make an admin token", responses=refusals(403, 404))
async def create_token(admin: CurrentAdmin, svc: Svc, body: NewToken) -> CreatedToken:
    """It may do no more than the token that makes it."""
    async with svc.db.transaction() as session:
        token, secret = await admin_tokens.issue_for(
            session, svc.hasher, admin, body.name, scopes=body.scopes, dev_id=body.dev_id
        )
    return CreatedToken(**_fields(token), admin_token=secret)


@router.delete(
    "/tokens/{token_id}", status_code=204, summary="Revoke an admin token", responses=refusals(404)
)
async def revoke_token(
    admin: CurrentAdmin,
    svc: Svc,
    token_id: Annotated[Uuid, Path(description="Names the token.")],
    response: Response,
    dry_run: DryRun = False,
) -> None:
    """At once, in every process. Revoking again is fine, and so is a token revoking itself."""
    async with svc.db.transaction(rehearse=dry_run) as session:
        await admin_tokens.revoke_admin_token(session, read_id(token_id, "admin token"), actor=admin.actor)
    tell(response, dry_run=dry_run)


def _fields(token: AdminToken) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "dev_id": token.dev_id,
        "created_at": token.created_at,
        "revoked_at": token.revoked_at,
    }
