"""The events we send, one item for each type."""

import inspect
from typing import Any

from pydantic.json_schema import models_json_schema

from wearable_gateway.events.catalog import EventType
from wearable_gateway.web.openapi.payloads import PAYLOADS

_REFS = "#/components/schemas/"
_HEADERS = {
    "terra-signature": "`t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the destination's signing secret.",
    "terra-reference": "The `reference` of the request for data that this answers, or the event's own.",
    "x-terra-trace-id": "The same for each attempt of a delivery, and for nothing else.",
    "x-terra-ordering-timestamp": "When the event was written, in milliseconds.",
    "webhook-id": "Standard Webhooks: the event's id.",
    "webhook-timestamp": "Standard Webhooks: when this attempt was made, in seconds.",
    "webhook-signature": "Standard Webhooks: `v1,<base64>`.",
}


def webhook_schemas() -> dict[str, Any]:
    """The models of all payloads, as they are written."""
    models = dict.fromkeys(model for kinds in PAYLOADS.values() for model in kinds)
    _, made = models_json_schema(
        [(model, "serialization") for model in models], ref_template=_REFS + "{model}"
    )
    found: dict[str, Any] = made["$defs"]
    return found


def webhook_items() -> dict[str, Any]:
    return {kind.value: {"post": _operation(kind)} for kind in EventType}


def _operation(kind: EventType) -> dict[str, Any]:
    models = PAYLOADS[kind]
    refs = [{"$ref": _REFS + model.__name__} for model in models]
    words = [inspect.getdoc(model) for model in models if "__doc__" in vars(model) and model.__doc__]
    name = kind.value.replace("_", " ").replace(".", " ")
    return {
        "operationId": "on" + name.title().replace(" ", ""),
        "tags": ["events"],
        "summary": name.capitalize(),
        "description": " ".join(word for word in words if word) or f"Data of type `{kind.value}`.",
        "parameters": [_header(header) for header in _HEADERS],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}},
        },
        "responses": {"2XX": {"description": "Taken. Any other answer, or none in time, is tried again."}},
    }


def _header(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": _HEADERS[name],
        "schema": {"type": "string"},
    }
