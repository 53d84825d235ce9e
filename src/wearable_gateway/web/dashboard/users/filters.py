"""Which connections are asked for, and the addresses that keep the question."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import Narrowed
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.dashboard.asked import (
    Question,
    day_or_nothing,
    midnight,
    plain_text,
    uuid_or_nothing,
)

_DAYS = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
_SLUG = re.compile(r"[A-Z][A-Z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Filters(Question):
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
            since=midnight(self.since) if self.since else None,
            until=midnight(self.until) + timedelta(days=1) if self.until else None,
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


def _day_or_nothing(text: str) -> str:
    """A day on which somebody can have connected."""
    return day_or_nothing(text, _FIRST_DAY, _LAST_DAY) if _DAY.fullmatch(text) else ""


Wanted = Annotated[Filters, Depends(read_filters)]
