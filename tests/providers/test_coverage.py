"""The coverage page, and what the dashboard shows of it, say what the mapping does."""

from tests.providers.coverage import FIELDS, PAGE, fields, page
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.coverage import fields_of

_HOW = "write it again: python -m tests.providers.coverage"


def test_the_coverage_page_is_what_the_mapping_does() -> None:
    assert PAGE.read_text() == page(), _HOW


def test_what_the_dashboard_shows_is_what_the_mapping_does() -> None:
    assert FIELDS.read_text() == fields(), _HOW
    for provider in PROVIDERS.values():
        assert set(fields_of(provider)) <= set(provider.data_scopes)
