"""Which connections are asked for, and the addresses that keep the question."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends

from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import Narrowed
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.dashboard.asked import plain_text, uuid_or_nothing

_DAYS = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_SLUG = re.compile(r"[A-Z][A-Z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Filters:
    """As they stand in the address; what cannot be meant is left out, so that an old link still opens."""

    text: str = ""
    provider: str = ""
    state: str = ""
    before: str = ""
    unnamed: str = ""
    errors: str = ""
    silent: str = ""
    since: str = ""
    until: str = ""

    @property
    def narrowing(self) -> bool:
        return bool(self.text or self.provider or self.state or self.narrowing_more)

    @property
    def narrowing_more(self) -> bool:
        """By what stands below the fold."""
        return bool(self.unnamed or self.errors or self.silent or self.since or self.until)

    def narrowed(self, now: datetime) -> Narrowed:
        return Narrowed(
            without_reference_id=bool(self.unnamed),
            with_error=bool(self.errors),
            silent_since=now - timedelta(days=int(self.silent)) if self.silent else None,
            since=_start_of(self.since) if self.since else None,
            until=_start_of(self.until) + timedelta(days=1) if self.until else None,
        )

    @property
    def wanted_state(self) -> ConnectionState | None:
        return ConnectionState(self.state) if self.state else None

    @property
    def wanted_before(self) -> UUID | None:
        return UUID(self.before) if self.before else None

    def given(self) -> list[tuple[str, str]]:
        """What is set, for a form that leads back here."""
        return [(name, value) for name, value in asdict(self).items() if value]

    def query(self, **more: str) -> str:
        """`?…` with what is set and `more`, or nothing."""
        given = {name: value for name, value in {**asdict(self), **more}.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def from_newest(self) -> "Filters":
        return replace(self, before="")

    def providers(self) -> dict[str, str]:
        """Names by slug to choose from: those there are, and the one chosen if that is not among them."""
        names = {slug: provider.name for slug, provider in PROVIDERS.items()}
        if self.provider:
            names.setdefault(self.provider, self.provider)
        return dict(sorted(names.items(), key=lambda item: item[1].lower()))


async def read_filters(
    text: str = "",
    provider: str = "",
    state: str = "",
    before: str = "",
    unnamed: str = "",
    errors: str = "",
    silent: str = "",
    since: str = "",
    until: str = "",
) -> Filters:
    return Filters(
        text=plain_text(text),
        provider=provider if _SLUG.fullmatch(provider) else "",
        state=state if state in {known.value for known in ConnectionState} else "",
        before=uuid_or_nothing(before),
        unnamed="1" if unnamed else "",
        errors="1" if errors else "",
        silent=silent if _DAYS.fullmatch(silent) else "",
        since=_day_or_nothing(since),
        until=_day_or_nothing(until),
    )


def _start_of(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _day_or_nothing(text: str) -> str:
    """A day on which somebody can have connected."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return ""
    return text if found and _FIRST_YEAR <= found.year < _LAST_YEAR else ""


Wanted = Annotated[Filters, Depends(read_filters)]
