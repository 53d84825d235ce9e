"""A vendor's documents for a grant, normalised; one strange document does not cost the others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.models import Grant
from wearable_gateway.observability import metrics
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Notice, Provider
from wearable_gateway.unified.records import DataType, Record

log = structlog.get_logger()

Found = Mapping[DataType, Sequence[Record]]


def window(notice: Notice, *, today: date) -> tuple[date, date]:
    """The days a notice speaks of; a vendor that names none means the last few."""
    start = notice.start or notice.end or today - timedelta(days=2)
    return start, notice.end or notice.start or today + timedelta(days=1)


async def fetch(
    vendors: Vendors, grant: Grant, kinds: Iterable[DataType], start: date, end: date, *, samples: bool = True
) -> Found:
    """What the grant's scopes allow of `kinds`. Raises ProviderError; no database transaction may be open."""
    provider = PROVIDERS[grant.provider]
    found: dict[DataType, list[Record]] = defaultdict(list)
    async with vendors.client(grant) as client:
        for kind in kinds:
            if provider.data_scopes.get(kind) not in grant.scopes:
                continue
            with metrics.timed_fetch(provider.slug, kind):
                documents = await provider.fetch(client, kind, start, end, samples=samples)
            found[kind].extend(_normalise(provider, kind, documents))
    return found


def _normalise(provider: Provider, kind: DataType, documents: Sequence[Mapping[str, Any]]) -> list[Record]:
    records = []
    for document in documents:
        try:
            record = provider.normalise(kind, document)
        except ValidationError as error:
            # Where it went wrong, never what stood there: that is somebody's health.
            places = [".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)]
            metrics.unreadable_documents.labels(provider.slug, kind).inc()
            log.warning("document.unreadable", provider=provider.slug, kind=kind, places=places)
            continue
        if record is not None:
            records.append(record)
    return records
