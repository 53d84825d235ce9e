"""The document: who we are, every operation, every event."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from wearable_gateway.events.catalog import VERSION
from wearable_gateway.web.openapi.generations import tell_both_forms
from wearable_gateway.web.openapi.operations import complete_operations
from wearable_gateway.web.openapi.webhooks import webhook_items, webhook_schemas
from wearable_gateway.web.refusals import Problem, refusal_components

_DESCRIPTION = """\
One API and one stream of webhooks in front of every wearable. The wire contract is Terra's: its SDKs work when they
are pointed here, and `/api/v2` answers exactly as `/v2` does.

Every answer carries a `terra-reference` to speak about it. Every refusal is `application/problem+json` with the keys
of both generations of Terra's API. Where the two differ in a shape, a developer's setting `api_version` chooses:
`classic` is what Terra's SDKs read, `current` what its newer schemas say; this document tells both.
"""
_TAGS = {
    "authentication": "Links for end users to connect a wearable with, and the end of a connection.",
    "users": "Connections of end users to wearables; Terra calls each a user.",
    "data": "Data asked for: answered at once, or sent to your destinations.",
    "writes": "Data written to, and removed from, the end user's account at the provider.",
    "destinations": "Where your events go.",
    "deliveries": "What became of events on their way to you; sending again, recovering, fetching.",
    "integrations": "The providers there are. Needs no key.",
    "admin": "What an operator's programs do to developers and their settings, with an admin token.",
    "notices": "Where providers tell the gateway that something has changed.",
    "health": "For whoever restarts the gateway.",
    "events": "What the gateway sends to your destinations.",
}
_SECURITY_SCHEMES = {
    "devId": {
        "type": "apiKey",
        "in": "header",
        "name": "dev-id",
        "description": "Names the developer; always together with a key or a token.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
        "description": "A live key of the developer.",
    },
    "singleUseToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of `generateAuthToken`, for an app's front end: it begins one flow in three minutes.",
    },
    "adminToken": {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "Made with `wearable-gateway admin-token create`, or by another. `x-scope` says what an operation needs;"
            " `*` is everything, and writing includes reading."
        ),
    },
}


def make_document(app: FastAPI, public_url: str) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=VERSION,
        summary="Data of every wearable, in Terra's words.",
        description=_DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        servers=[{"url": public_url}],
    )
    found["info"]["x-gateway-version"] = app.version
    complete_operations(found["paths"], app)
    found["webhooks"] = webhook_items()
    found["components"] = _components(found.get("components", {}))
    return found


def _components(made: dict[str, Any]) -> dict[str, Any]:
    schemas = {**webhook_schemas(), **made["schemas"], "Problem": Problem.model_json_schema()}
    # FastAPI's own refusal, which we do not give.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    tell_both_forms(schemas)
    return {
        "schemas": dict(sorted(schemas.items())),
        "responses": refusal_components(),
        "headers": {
            "terra-reference": {
                "description": "Names this answer.",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        },
        "securitySchemes": _SECURITY_SCHEMES,
    }
