"""What every operation has in common, read from the signature of its route: credentials, refusals, headers."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from wearable_gateway.web.admin.deps import current_admin
from wearable_gateway.web.admin.scopes import needed_scope
from wearable_gateway.web.deps import current_developer, services, token_holder
from wearable_gateway.web.refusals import refusals

_API_KEY: dict[str, list[str]] = {"devId": [], "apiKey": []}
_CREDENTIALS: Mapping[Callable[..., Any], list[dict[str, list[str]]]] = {
    current_developer: [_API_KEY],
    token_holder: [_API_KEY, {"devId": [], "singleUseToken": []}],
    current_admin: [{"adminToken": []}],
}
"""By the dependency that asks for them. One of the list will do; what stands in it together is needed together."""

_REFERENCE = {"terra-reference": {"$ref": "#/components/headers/terra-reference"}}

_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key within a day, the request is not carried out again: it gets the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def complete_operations(paths: Mapping[str, dict[str, Any]], app: FastAPI) -> None:
    for context in iter_route_contexts(app.routes):
        operations = paths.get(str(context.path_format or ""), {})
        for method in context.methods or ():
            if method.lower() in operations and context.include_in_schema:
                operation = operations[method.lower()]
                _complete(operation, set(_calls(context.dependant)))
                if {"adminToken": []} in operation["security"]:
                    _complete_admin(operation, method, str(context.path_format))


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for inner in dependant.dependencies:
        if inner.call is not None:
            yield inner.call
        yield from _calls(inner)


def _complete(operation: dict[str, Any], calls: set[Callable[..., Any]]) -> None:
    operation["security"] = next((_CREDENTIALS[call] for call in _CREDENTIALS if call in calls), [])
    responses = {
        **{str(status): answer for status, answer in refusals(*_statuses(operation, calls)).items()},
        **operation["responses"],
    }
    responses.pop("422", None)
    operation["responses"] = {status: _answer(responses[status]) for status in sorted(responses)}
    for parameter in operation.get("parameters", ()):
        _tell_no_null(parameter["schema"])


def _complete_admin(operation: dict[str, Any], method: str, path: str) -> None:
    """The scope it needs, and the key that whoever sends it again sends along."""
    operation["x-scope"] = needed_scope(method, path)
    operation["responses"].setdefault("403", refusals(403)[403])
    if method not in {"GET", "HEAD"}:
        operation["parameters"] = [*operation.get("parameters", ()), _IDEMPOTENCY_KEY]
        operation["responses"] |= {str(status): answer for status, answer in refusals(400, 409).items()}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _statuses(operation: Mapping[str, Any], calls: set[Callable[..., Any]]) -> Iterator[int]:
    """The refusals that follow from what a route is given."""
    if "requestBody" in operation or any(one["in"] != "path" for one in operation.get("parameters", ())):
        yield 400
    if "requestBody" in operation:
        yield 413
    if operation["security"]:
        yield 401
    if {current_developer, token_holder} & calls:
        yield 429
    if services in calls:
        yield 503


def _answer(response: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in response:
        return {"$ref": response["$ref"]}
    return {**response, "headers": {**_REFERENCE, **response.get("headers", {})}}


def _tell_no_null(schema: dict[str, Any]) -> None:
    """A query can leave a parameter out; it cannot say null."""
    if "anyOf" not in schema:
        return
    kinds = [kind for kind in schema.pop("anyOf") if kind != {"type": "null"}]
    schema.update(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})
