"""The coverage page says what the mapping does."""

from pathlib import Path

from tests.providers.coverage import page

DOCS = Path(__file__).parents[2] / "docs" / "providers"


def test_the_coverage_page_is_what_the_mapping_does() -> None:
    written = (DOCS / "coverage.md").read_text()
    assert written == page(), (
        "write it again: python -m tests.providers.coverage > docs/providers/coverage.md"
    )
