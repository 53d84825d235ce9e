"""One brand colour becomes all that a page needs, light and dark, and everything stays readable.

Contrast is WCAG's (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); the colours are sRGB.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

READABLE = 4.5
"""What text needs (https://www.w3.org/TR/WCAG22/#contrast-minimum)."""

_FORM = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)
_STEPS = 50


class Color(NamedTuple):
    """Each from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


_WHITE, _BLACK = Color(255, 255, 255), Color(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a page's text can stand on, apart from its own colours; as in static/gateway.css."""

    grounds: tuple[Color, ...]
    surface: Color
    wash: float
    """How much of the brand is in what stands out softly."""
    towards: Color
    """Where a colour goes that cannot be read."""


@dataclass(frozen=True, slots=True)
class Shades:
    """`brand` as it is, under `ink`; `accent` is near it, for text and lines on the page and on `wash`."""

    brand: Color
    brand_strong: Color
    ink: Color
    accent: Color
    accent_strong: Color
    accent_ink: Color
    wash: Color


@dataclass(frozen=True, slots=True)
class Palette:
    light: Shades
    dark: Shades


def read_color(text: str) -> Color | None:
    """A colour written rrggbb, with or without # in front; None for anything else."""
    found = _FORM.fullmatch(text)
    return Color(*bytes.fromhex(found[1])) if found else None


LIGHT = Grounds(
    grounds=(Color(0xF6, 0xF7, 0xF9), _WHITE, Color(0xF1, 0xF3, 0xF6)),
    surface=_WHITE,
    wash=0.1,
    towards=_BLACK,
)
DARK = Grounds(
    grounds=(Color(0x0F, 0x12, 0x18), Color(0x17, 0x1B, 0x24), Color(0x1E, 0x23, 0x2E)),
    surface=Color(0x17, 0x1B, 0x24),
    wash=0.14,
    towards=_WHITE,
)


def palette(brand: Color) -> Palette:
    return Palette(_shades(brand, LIGHT), _shades(brand, DARK))


def _shades(brand: Color, page: Grounds) -> Shades:
    ink = readable_ink(brand)
    wash = _mixed(page.surface, brand, page.wash)
    accent = _readable(brand, (*page.grounds, wash), page.towards)
    return Shades(
        brand=brand,
        # Away from its own text, so that what is pointed at is never harder to read.
        brand_strong=_mixed(brand, _BLACK if ink == _WHITE else _WHITE, 0.15),
        ink=ink,
        accent=accent,
        accent_strong=_mixed(accent, page.towards, 0.2),
        accent_ink=readable_ink(accent),
        wash=wash,
    )


def readable_ink(ground: Color) -> Color:
    """White where it can be read on `ground`, else black: one of them always can."""
    return _WHITE if contrast(_WHITE, ground) >= READABLE else _BLACK


def _readable(color: Color, grounds: Iterable[Color], towards: Color) -> Color:
    """The nearest to `color` on its way to black or white that can be read on each of `grounds`."""
    places = tuple(grounds)
    steps = (_mixed(color, towards, step / _STEPS) for step in range(_STEPS))
    return next((one for one in steps if all(contrast(one, place) >= READABLE for place in places)), towards)


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(value / 255) for value in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own


def _mixed(color: Color, other: Color, share: float) -> Color:
    return Color(*(round(mine + (theirs - mine) * share) for mine, theirs in zip(color, other, strict=True)))
