"""How a developer looks to end users: name, logo, colour.

The name is the developer's, the colour is the setting `brand_color`, the logo is a picture of their own. It is never
loaded from elsewhere: who connects a wearable is nobody else's business.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.colors import Color, read_color
from wearable_gateway.developers.keys import lock_developer
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import InvalidInputError, NotFoundError

LARGEST_LOGO_BYTES = 200 * 1024
_EXPECTED = f"a PNG, JPEG or WebP picture of at most {LARGEST_LOGO_BYTES // 1024} KiB"
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_WEBP_HEADER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Logo:
    """`digest` is the SHA-256 of its bytes in hexadecimal, and part of its address."""

    digest: str
    media_type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Branding:
    """What the pages of end users show of a developer. `color` None: the gateway's own colours."""

    dev_id: str
    name: str
    logo: Logo | None
    color: Color | None


async def branding_of(session: Session, developer: Developer) -> Branding:
    color = DeveloperSettings.of(developer.settings).brand_color
    return Branding(
        dev_id=developer.dev_id,
        name=developer.name,
        logo=await find_logo(session, developer.dev_id),
        color=read_color(color) if color else None,
    )


async def find_logo(session: Session, dev_id: str) -> Logo | None:
    row = await session.fetchrow(
        "SELECT digest, media_type, octet_length(content) AS bytes FROM developer_logos WHERE dev_id = $1",
        dev_id,
    )
    return Logo(**row) if row else None


async def logo_content(session: Session, dev_id: str, digest: str) -> tuple[str, bytes]:
    """Media type and bytes. Raises NotFoundError, also for a logo that another one has replaced."""
    row = await session.fetchrow(
        "SELECT media_type, content FROM developer_logos WHERE dev_id = $1 AND digest = $2", dev_id, digest
    )
    if row is None:
        raise NotFoundError("logo")
    return row["media_type"], row["content"]


async def set_logo(session: Session, dev_id: str, content: bytes, *, actor: str, now: datetime) -> Logo:
    """Replace the logo, audited. Raises NotFoundError, InvalidInputError."""
    media_type = check_logo(content)
    await lock_developer(session, dev_id)
    before = await find_logo(session, dev_id)
    logo = Logo(hashlib.sha256(content).hexdigest(), media_type, len(content))
    if logo == before:
        return logo
    await session.execute(
        "INSERT INTO developer_logos (dev_id, digest, media_type, content, updated_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (dev_id) DO UPDATE SET digest = excluded.digest, media_type = excluded.media_type,"
        " content = excluded.content, updated_at = excluded.updated_at",
        dev_id, logo.digest, logo.media_type, content, now,
    )  # fmt: skip
    await audit.record(
        session, dev_id, actor=actor, action="logo.changed", subject=f"developer:{dev_id}",
        before=_facts(before), after=_facts(logo),
    )  # fmt: skip
    return logo


async def remove_logo(session: Session, dev_id: str, *, actor: str) -> None:
    """Audited; without a logo nothing happens. Raises NotFoundError when there is no such developer."""
    await lock_developer(session, dev_id)
    before = await find_logo(session, dev_id)
    if before is None:
        return
    await session.execute("DELETE FROM developer_logos WHERE dev_id = $1", dev_id)
    await audit.record(
        session, dev_id, actor=actor, action="logo.removed", subject=f"developer:{dev_id}",
        before=_facts(before),
    )  # fmt: skip


def check_logo(content: bytes) -> str:
    """The media type, by the bytes alone. Raises InvalidInputError.

    An SVG is refused: opened by itself it is a document, with scripts and all.
    """
    if len(content) > LARGEST_LOGO_BYTES:
        raise InvalidInputError("logo", _EXPECTED)
    if content.startswith(_PNG) and content[12:16] == b"IHDR":
        return "image/png"
    if content.startswith(_JPEG):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) > _WEBP_HEADER_BYTES:
        return "image/webp"
    raise InvalidInputError("logo", _EXPECTED)


def _facts(logo: Logo | None) -> dict[str, Any] | None:
    return {"logo": logo.digest, "media_type": logo.media_type, "bytes": logo.bytes} if logo else None
