"""/admin/v1/developers/{dev_id}/logo: the picture that end users see on the connect pages."""

from typing import Any

from fastapi import Request, Response
from pydantic import AnyUrl, BaseModel, Field

from wearable_gateway.developers import branding
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.admin.dry_run import DryRun, tell
from wearable_gateway.web.connect.brand import logo_path
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin")

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The picture itself: PNG, JPEG or WebP, at most 200 KiB. Its bytes say which it is.",
        "content": {kind: {"schema": {}} for kind in ("image/png", "image/jpeg", "image/webp")},
    }
}


class LogoAnswer(BaseModel):
    logo_url: AnyUrl = Field(
        description="Where the connect pages load it from; another logo has another address."
    )
    media_type: str = Field(description="`image/png`, `image/jpeg` or `image/webp`.")
    bytes: int = Field(description="How large it is.")


@router.put("/developers/{dev_id}/logo", summary="Set the logo", responses=refusals(404), openapi_extra=_BODY)
async def put_logo(admin: CurrentAdmin, dev_id: NamedDeveloper, request: Request, svc: Svc) -> LogoAnswer:
    """It replaces the one there was. An SVG is refused: it can hold scripts."""
    content = await request.body()
    async with svc.db.transaction() as session:
        logo = await branding.set_logo(session, dev_id, content, actor=admin.actor, now=svc.clock())
    return LogoAnswer(
        logo_url=AnyUrl(svc.public_url + logo_path(dev_id, logo)),
        media_type=logo.media_type,
        bytes=logo.bytes,
    )


@router.delete(
    "/developers/{dev_id}/logo", status_code=204, summary="Take the logo away", responses=refusals(404)
)
async def delete_logo(
    admin: CurrentAdmin, dev_id: NamedDeveloper, svc: Svc, response: Response, dry_run: DryRun = False
) -> None:
    """The pages show the first letter of the developer's name instead. Without a logo nothing happens."""
    async with svc.db.transaction(rehearse=dry_run) as session:
        await branding.remove_logo(session, dev_id, actor=admin.actor)
    tell(response, dry_run=dry_run)
