"""Which providers does the choice show, in which order?"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider

LONGEST_QUERY = 60
_SEARCHED_FROM = 7
"""Fewer are seen at a glance."""


@dataclass(frozen=True, slots=True)
class Choices:
    """`recent` and `others` together are what was found for `query`."""

    recent: list[Provider]
    others: list[Provider]
    query: str
    is_searchable: bool

    @property
    def count(self) -> int:
        return len(self.recent) + len(self.others)


def choices(offered: Sequence[str], *, query: str, recent: Sequence[str]) -> Choices:
    """What to show of the providers `offered`, which are in order."""
    wanted = query.strip()[:LONGEST_QUERY]
    found = [slug for slug in offered if _matches(PROVIDERS[slug], wanted)]
    first = [slug for slug in recent if slug in found]
    return Choices(
        recent=[PROVIDERS[slug] for slug in first],
        others=[PROVIDERS[slug] for slug in found if slug not in first],
        query=wanted,
        is_searchable=len(offered) >= _SEARCHED_FROM or bool(wanted),
    )


def words(provider: Provider) -> str:
    """What a provider is searched by: its name, other names of it, and those on its devices."""
    return fold(
        " ".join((provider.name, provider.slug.replace("_", " "), *provider.brands, *provider.aliases))
    )


def _matches(provider: Provider, query: str) -> bool:
    return _all_in(fold(query).split(), words(provider))


def _all_in(parts: Collection[str], text: str) -> bool:
    return all(part in text for part in parts)


def fold(text: str) -> str:
    """Without case and accents: who types on a phone leaves them out."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
