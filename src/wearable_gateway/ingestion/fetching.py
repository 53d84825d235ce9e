"""A vendor's documents for a grant, normalised; one strange document does not cost the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.models import Grant
from wearable_gateway.observability import metrics
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.notices import Notice
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Ask
from wearable_gateway.unified.merging import merge
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
    found: dict[DataType, Sequence[Record]] = {}
    async with vendors.access(grant) as access:
        for kind in kinds:
            if not provider.allows(kind, grant.scopes):
                continue
            with metrics.timed_fetch(provider.slug, kind):
                documents = await provider.fetch(access, Ask(kind, start, end, samples=samples))
            found[kind] = records_of(provider, kind, documents)
    return found


async def fetch_noticed(vendors: Vendors, grant: Grant, notice: Notice, *, today: date) -> Found:
    """What the grant's scopes allow of what a vendor told us about. Raises ProviderError."""
    provider = PROVIDERS[grant.provider]
    kinds = [kind for kind in notice.data_types or notice.documents if provider.allows(kind, grant.scopes)]
    if not kinds:
        return {}
    start, end = window(notice, today=today)
    async with vendors.access(grant) as access:
        with metrics.timed_fetch(provider.slug, kinds[0]):
            documents = await provider.fetch_noticed(access, replace(notice, start=start, end=end), kinds)
    return {kind: records_of(provider, kind, of_kind) for kind, of_kind in documents.items()}


async def ask_for_backfill(
    vendors: Vendors, grant: Grant, kind: DataType, start: date, end: date, *, scopes: Iterable[str]
) -> bool:
    """Whether the vendor will now send the days by notice; False when it was asked before. Raises ProviderError.

    `scopes` are those of the connection it is asked for, which may be fewer than the grant's.
    """
    async with vendors.access(grant) as access:
        limited = replace(access, scopes=access.scopes & frozenset(scopes))
        return await PROVIDERS[grant.provider].backfill(limited, Ask(kind, start, end, samples=True))


def records_of(provider: Provider, kind: DataType, documents: Sequence[Mapping[str, Any]]) -> list[Record]:
    """`documents` as unified records; several that are about one thing make one record."""
    found: dict[str, Record] = {}
    for document in documents:
        record = _normalise(provider, kind, document)
        if record is None:
            continue
        earlier = found.get(record.key)
        found[record.key] = replace(record, body=merge(earlier.body, record.body)) if earlier else record
    return list(found.values())


def _normalise(provider: Provider, kind: DataType, document: Mapping[str, Any]) -> Record | None:
    try:
        return provider.normalise(kind, document)
    except ValidationError as error:
        # Where it went wrong, never what stood there: that is somebody's health.
        places = [".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)]
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # A value that the mapping did not foresee must not cost the records beside it.
        places = [type(error).__name__]
    metrics.unreadable_documents.labels(provider.slug, kind).inc()
    log.warning("document.unreadable", provider=provider.slug, kind=kind, places=places)
    return None
