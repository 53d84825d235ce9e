"""The document of the API: complete, without a word that is not so, and of use to who reads it."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.contract.openapi.operations import DOCUMENT, OPERATIONS
from tests.web.callers import PROBLEM_KEYS
from wearable_gateway.events.catalog import VERSION, EventType
from wearable_gateway.unified import generations
from wearable_gateway.web.openapi import generations as told

NOTICES = {"receiveNotice", "shakeHands", "answerLook"}
NEEDS_NO_KEY = {"integrations", "integrationsDetailed", "checkHealth"} | NOTICES
EVERY = pytest.mark.parametrize("operation", [pytest.param(one, id=name) for name, one in OPERATIONS.items()])


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(inner)


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    found: Any = DOCUMENT
    for name in node.get("$ref", "#").split("/")[1:]:
        found = found[name]
    return found if "$ref" in node else node


async def test_the_document_is_served_and_is_valid(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.json() == DOCUMENT
    assert DOCUMENT["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    assert DOCUMENT["servers"] == [{"url": "http://gateway.test"}]
    assert DOCUMENT["info"]["version"] == VERSION


def test_every_reference_leads_somewhere() -> None:
    refs = {node["$ref"] for node in _nodes(DOCUMENT) if isinstance(node, dict) and "$ref" in node}
    assert refs
    assert all(_resolved({"$ref": ref}) for ref in refs)


def test_every_schema_is_used_by_somebody() -> None:
    refs = {node["$ref"] for node in _nodes(DOCUMENT) if isinstance(node, dict) and "$ref" in node}
    assert {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]} <= refs


def test_every_route_that_is_no_page_is_told(app: FastAPI) -> None:
    pages = ("/connect", "/widget/session", "/dashboard", "/openapi.json")
    served = {
        (method, str(context.path_format))
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ()
        if context.path_format and not context.path_format.startswith(pages)
    }
    assert served == {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}


def test_no_two_operations_have_one_name() -> None:
    assert len(OPERATIONS) == sum(len(item) for item in DOCUMENT["paths"].values())
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in OPERATIONS)


def test_every_tag_is_explained() -> None:
    explained = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    used = {tag for operation in OPERATIONS.values() for tag in operation["tags"]}
    assert used | {"events"} == explained


@EVERY
def test_an_operation_says_what_it_does_and_what_it_is_given(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert not operation["summary"].endswith(".")
    for parameter in operation.get("parameters", ()):
        assert parameter["description"], parameter["name"]
        assert "null" not in str(parameter["schema"]), parameter["name"]


@EVERY
def test_an_operation_tells_what_it_answers(operation: dict[str, Any]) -> None:
    answers = {int(status): _resolved(answer) for status, answer in operation["responses"].items()}
    assert 422 not in answers
    assert any(200 <= status < 300 for status in answers)
    for status, answer in answers.items():
        assert answer["description"]
        assert "terra-reference" in answer["headers"]
        if status != 204 and (status >= 300 or operation["operationId"] != "answerLook"):
            (kind,) = answer["content"]
            assert kind == ("application/json" if status < 300 else "application/problem+json")
            assert answer["content"][kind]["schema"]
    if "requestBody" in operation:
        assert {400, 413} <= set(answers)


@EVERY
def test_an_operation_that_needs_a_key_says_so(operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    assert ("401" in operation["responses"]) == (name not in NEEDS_NO_KEY or name in NOTICES)
    assert (operation["security"] == []) == (name in NEEDS_NO_KEY)
    schemes = {scheme for way in operation["security"] for scheme in way}
    assert schemes <= set(DOCUMENT["components"]["securitySchemes"])
    with_token = {"devId": [], "singleUseToken": []} in operation["security"]
    assert with_token == (name in {"authenticateUser", "generateWidgetSession"})


def test_a_key_is_asked_for_together_with_the_developer_it_is_of() -> None:
    assert OPERATIONS["userInfo"]["security"] == [{"devId": [], "apiKey": []}]
    assert OPERATIONS["createDeveloper"]["security"] == [{"adminToken": []}]


def test_a_refusal_has_the_keys_it_is_sent_with() -> None:
    problem = DOCUMENT["components"]["schemas"]["Problem"]
    assert set(problem["properties"]) == set(problem["required"]) == PROBLEM_KEYS
    for response in DOCUMENT["components"]["responses"].values():
        assert set(response["content"]["application/problem+json"]["example"]) == PROBLEM_KEYS


def test_every_event_is_told() -> None:
    assert set(DOCUMENT["webhooks"]) == {kind.value for kind in EventType}
    for item in DOCUMENT["webhooks"].values():
        assert item["post"]["summary"]
        assert item["post"]["description"]


def test_fields_that_the_generations_type_differently_are_told_in_both_forms() -> None:
    assert set(told._CURRENT) == set(generations._CURRENT)
    schemas = DOCUMENT["components"]["schemas"]
    contributors = schemas["DailyDataEnrichment"]["properties"]["stress_contributors"]["anyOf"]
    assert [kind["type"] for kind in contributors] == ["array", "object", "null"]
    age = schemas["MeasurementDataSample"]["properties"]["estimated_fitness_age"]["anyOf"]
    assert [kind["type"] for kind in age] == ["string", "integer", "null"]
    both = {
        name
        for schema in schemas.values()
        for name, field in schema.get("properties", {}).items()
        if field.get("description") == told._SAYS and not name.endswith("_contributors")
    }
    assert both == set(generations._CURRENT)
