"""The page of models is what the models are."""

from pathlib import Path

from wearable_gateway.unified.documentation import models_page

PAGE = Path(__file__).parents[3] / "docs" / "models.md"


def test_the_page_of_models_is_up_to_date() -> None:
    again = ".venv/bin/python -m wearable_gateway.unified.documentation > docs/models.md"
    assert PAGE.read_text(encoding="utf-8") == models_page(), (
        f"the models changed; write the page again: {again}"
    )
