"""What an operator reads in .env.example is what there is."""

import re
from pathlib import Path

from wearable_gateway.settings import Settings

EXAMPLE = (Path(__file__).parents[2] / ".env.example").read_text()
FOR_COMPOSE = {"POSTGRES_PASSWORD"}


def _names() -> set[str]:
    fields = Settings.model_fields
    return {str(field.validation_alias or f"GATEWAY_{name.upper()}") for name, field in fields.items()}


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)) - FOR_COMPOSE == _names()


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    for name in _names():
        before = EXAMPLE[: EXAMPLE.index(f"\n{name}=")].splitlines()
        assert before[-1].startswith("#"), name
