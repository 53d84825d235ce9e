"""A vendor's document, read through the provider's own model of it."""

from collections.abc import Mapping
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from wearable_gateway.observability.metrics import dropped_fields
from wearable_gateway.unified.lenient import build

log = structlog.get_logger()

Document = TypeVar("Document", bound=BaseModel)


def read_document(provider: str, model: type[Document], document: Mapping[str, Any]) -> Document:
    """`document` without the values that cannot be read. Raises ValidationError when it cannot be named."""
    read, dropped = build(model, document)
    if dropped:
        # Where a value was bad, never what stood there: that is somebody's health.
        dropped_fields.labels(provider, model.__name__.lstrip("_").lower()).inc(len(dropped))
        log.warning("document.trimmed", provider=provider, model=model.__name__, places=dropped)
    return read
