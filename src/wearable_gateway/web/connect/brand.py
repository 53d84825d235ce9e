"""The developer's colour and logo, served by the gateway itself: a page loads nothing from anywhere else."""

from fastapi import Response

from wearable_gateway.developers.branding import Branding, Logo, logo_content
from wearable_gateway.developers.colors import Palette, Shades, palette, read_color
from wearable_gateway.errors import NotFoundError
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.routing import undescribed

router = undescribed()

# A logo's address has its digest in it; how a colour's style is made may change with the gateway.
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"

_VARIABLES = (
    ("brand", "brand"),
    ("brand-strong", "brand_strong"),
    ("brand-ink", "ink"),
    ("accent", "accent"),
    ("accent-strong", "accent_strong"),
    ("accent-ink", "accent_ink"),
    ("accent-wash", "wash"),
)


@router.get("/connect/brand/{color}.css")
async def brand_style(color: str) -> Response:
    """The same for whoever has this colour."""
    read = read_color(color)
    if read is None or color.startswith("#"):
        raise NotFoundError("style")
    return Response(style_sheet(palette(read)), media_type="text/css", headers={"cache-control": _FOR_A_DAY})


@router.get("/connect/brand/{dev_id}/{digest}")
async def brand_logo(dev_id: str, digest: str, svc: Svc) -> Response:
    media_type, content = await logo_content(svc.db.autocommit, _text(dev_id), _text(digest))
    return Response(content, media_type=media_type, headers={"cache-control": _FOR_EVER})


def _text(value: str) -> str:
    """As PostgreSQL can hold it. Raises NotFoundError."""
    if not value.isascii() or not value.isprintable():
        raise NotFoundError("logo")
    return value


def style_path(branding: Branding) -> str | None:
    return f"/connect/brand/{str(branding.color)[1:]}.css" if branding.color else None


def logo_path(dev_id: str, logo: Logo) -> str:
    return f"/connect/brand/{dev_id}/{logo.digest}"


def style_sheet(colors: Palette) -> str:
    return (
        f":root {{\n{_declarations(colors.light)}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{_declarations(colors.dark)}}}\n}}\n"
    )


def _declarations(shades: Shades) -> str:
    return "".join(f"  --{name}: {getattr(shades, field)};\n" for name, field in _VARIABLES)
