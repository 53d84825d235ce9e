"""Who uses this gateway: developers, their keys, the OAuth clients at providers, operators."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Environment(StrEnum):
    """Each is a dev-id with keys, users and data of its own; `account` says which belong together."""

    TESTING = "testing"
    STAGING = "staging"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Developer:
    dev_id: str
    name: str
    settings: dict[str, Any]
    account: str
    environment: Environment


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it can be shown: never the key itself. `hint` is its last four characters.

    `last_used_at` may be an hour old; None: not used since that is kept.
    """

    id: UUID
    name: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProviderApp:
    """One OAuth client at a provider.

    `hosts` maps what a vendor's URL is for to where it is, `extra` holds what else the vendor knows it by; `upkeep_error`
    says why the vendor cannot be asked to tell us about its accounts.
    """

    id: UUID
    provider: str
    dev_id: str | None
    client_id: str
    client_secret: str = field(repr=False)
    notice_secret: str = field(repr=False)
    hosts: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict, repr=False)
    upkeep_due_at: datetime | None = None
    upkeep_error: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor` and `subject` are written `kind:id`; `before` and `after` hold what was changed, None where there was nothing."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    before: Any
    after: Any
    address: str | None
