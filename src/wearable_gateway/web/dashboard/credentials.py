"""What API keys and admin tokens have in common on their pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar


class Credential(Protocol):
    @property
    def created_at(self) -> datetime: ...

    @property
    def revoked_at(self) -> datetime | None: ...


C = TypeVar("C", bound=Credential)


def in_use_first(found: Sequence[C]) -> list[C]:
    """Each part with the newest first."""
    newest_first = sorted(found, key=lambda one: one.created_at, reverse=True)
    return sorted(newest_first, key=lambda one: one.revoked_at is not None)
