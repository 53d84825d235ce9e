"""Every call, route, parameter, setting and provider is described."""

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from terra import Terra

from tests.acceptance.documentation.clients import close
from tests.acceptance.documentation.pages import DOCS, REFERENCE, blocks, sections
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.app import AppConfig, create_app

_CALL = re.compile(r"/(v2|api(?!/v2)|widget/api|admin)/")


def calls_of_terra() -> set[str]:
    client = Terra(dev_id="a", api_key="b", base_url="http://127.0.0.1:1/v2")
    try:
        return {
            f"{group}.{name}"
            for group, value in inspect.getmembers(Terra)
            if isinstance(value, property)
            for name, _ in inspect.getmembers(getattr(client, group), inspect.ismethod)
            if not name.startswith("_")
        }
    finally:
        close([client])


@pytest.mark.parametrize("language", ["python", "js"])
def test_every_call_of_terras_clients_has_an_example(language: str) -> None:
    shown = "".join(block.text for page in REFERENCE for block in blocks(page.read_text(), language))
    assert {call for call in calls_of_terra() if f"client.{call}(" not in shown} == set()
    index = (DOCS / "api.md").read_text()
    assert {call for call in calls_of_terra() if f"`{call}`" not in index} == set()


def test_every_route_is_described_with_all_its_parameters(keyring: Keyring, hasher: KeyHasher) -> None:
    config = AppConfig("postgresql://nowhere", "http://gateway.test", keyring, hasher, AddressPolicy())
    described = create_app(config).openapi()
    pages = {page: sections(page.read_text()) for page in REFERENCE}
    # Vendors' calls and pages for browsers are no part of the reference; under /api/v2 is the same as under /v2.
    calls = {path: found for path, found in described["paths"].items() if _CALL.match(path)}
    assert len(calls) > 20
    for path, operations in calls.items():
        for method, operation in operations.items():
            route = f"`{method.upper()} {path}`"
            found = [page for page, parts in pages.items() for part in parts if route in part]
            assert len(found) == 1, f"{route} is described {len(found)} times"
            text = found[0].read_text()
            missing = {name for name in _parameters(operation, described) if f"`{name}`" not in text}
            assert missing == set(), f"{route}: {missing}"


def _parameters(operation: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[str]:
    yield from (one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
    content = operation.get("requestBody", {}).get("content", {})
    for reference in re.findall(r"#/components/schemas/(\w+)", json.dumps(content)):
        yield from described["components"]["schemas"][reference].get("properties", {})


def test_every_setting_is_described() -> None:
    text = (DOCS / "api/admin.md").read_text()
    assert {name for name in DeveloperSettings.model_fields if f"| `{name}` |" not in text} == set()


def test_every_provider_is_named_to_those_who_move_here() -> None:
    text = (DOCS / "moving-from-terra.md").read_text()
    assert {slug for slug in PROVIDERS if f"`{slug}`" not in text} == set()
