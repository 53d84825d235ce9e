"""Whatever colour a developer chooses, what stands on it and in it can be read."""

import re
from itertools import product
from pathlib import Path

import pytest

from wearable_gateway.developers.colors import (
    DARK,
    LIGHT,
    READABLE,
    Color,
    Grounds,
    Shades,
    contrast,
    palette,
    read_color,
)

STYLE = Path(__file__).parents[3] / "src/wearable_gateway/web/static/gateway.css"
BRANDS = [Color(*values) for values in product((0, 43, 85, 128, 170, 213, 255), repeat=3)]


def _variables() -> list[dict[str, Color]]:
    """Of the shared style, light and dark."""
    found = re.findall(r":root \{(.*?)\}", STYLE.read_text(), re.DOTALL)
    return [
        {name: Color(*bytes.fromhex(value)) for name, value in re.findall(r"--(\w+): #(\w{6});", block)}
        for block in found
    ]


def _check(shades: Shades, page: Grounds, variables: dict[str, Color]) -> None:
    pairs = [
        (shades.ink, shades.brand),
        (shades.ink, shades.brand_strong),
        (shades.accent_ink, shades.accent),
        *((text, ground) for text in (shades.accent, shades.accent_strong) for ground in page.grounds),
        (shades.accent, shades.wash),
        (shades.accent_strong, shades.wash),
        (variables["ink"], shades.wash),
        (variables["soft"], shades.wash),
    ]
    for text, ground in pairs:
        assert contrast(text, ground) >= READABLE, (str(shades.brand), str(text), str(ground))


def test_every_text_can_be_read_in_every_colour() -> None:
    light, dark = _variables()
    for brand in BRANDS:
        made = palette(brand)
        assert made.light.brand == made.dark.brand == brand
        _check(made.light, LIGHT, light)
        _check(made.dark, DARK, dark)


def test_the_grounds_are_those_of_the_shared_style() -> None:
    for page, variables in zip((LIGHT, DARK), _variables(), strict=True):
        assert page.grounds == tuple(variables[name] for name in ("ground", "surface", "sunken"))
        assert page.surface == variables["surface"]


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    blue = Color(0x1A, 0x3F, 0xB0)
    assert palette(blue).light.accent == blue


def test_contrast_is_wcags() -> None:
    assert contrast(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(21)
    assert contrast(Color(0x77, 0x77, 0x77), Color(255, 255, 255)) == pytest.approx(4.48, abs=0.005)


def test_only_six_hexadecimal_digits_are_a_colour() -> None:
    assert read_color("#FFe600") == read_color("ffe600") == Color(255, 230, 0)
    for text in ("", "#fff", "#ffe60", "#ffe6000", "#ffe60g", "#ffe600;}", "ffe600\n", "red"):
        assert read_color(text) is None
