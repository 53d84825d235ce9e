"""Which connections are asked for, and the addresses that keep the question."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends

from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.reference_ids import LONGEST
from wearable_gateway.providers import PROVIDERS

_SLUG = re.compile(r"[A-Z][A-Z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Filters:
    """As they stand in the address; what cannot be meant is left out, so that an old link still opens."""

    text: str = ""
    provider: str = ""
    state: str = ""
    before: str = ""

    @property
    def narrowing(self) -> bool:
        return bool(self.text or self.provider or self.state)

    @property
    def wanted_state(self) -> ConnectionState | None:
        return ConnectionState(self.state) if self.state else None

    @property
    def wanted_before(self) -> UUID | None:
        return UUID(self.before) if self.before else None

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


def read_filters(text: str = "", provider: str = "", state: str = "", before: str = "") -> Filters:
    return Filters(
        text=plain_text(text),
        provider=provider if _SLUG.fullmatch(provider) else "",
        state=state if state in {known.value for known in ConnectionState} else "",
        before=uuid_or_nothing(before),
    )


def plain_text(text: str) -> str:
    """What somebody searches for, without what nobody can see."""
    return "".join(character for character in text if character.isprintable()).strip()[:LONGEST]


def uuid_or_nothing(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


Wanted = Annotated[Filters, Depends(read_filters)]
