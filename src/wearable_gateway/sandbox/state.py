"""What does the vendor remember? Everything here survives a restart."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from wearable_gateway.sandbox.accounts import Account
from wearable_gateway.sandbox.config import VendorClient

NoticeState = Literal["pending", "delivered", "failed"]


@dataclass
class Authorisation:
    """What one account lets one client read. There is at most one of them, however often the person consents."""

    account_id: str
    client_id: str
    scopes: tuple[str, ...]
    since: float


@dataclass
class Code:
    """An authorization code, kept by its hash. The methods are those Authlib asks a code for."""

    account_id: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str
    expires_at: float
    used: bool = False
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self.scopes)


@dataclass
class TokenPair:
    """An access and a refresh token, kept by their hashes. The method is the one Authlib asks a token for.

    `lineage` is the hash of the code they descend from, over any number of refreshes.
    """

    access_hash: str
    refresh_hash: str
    account_id: str
    client_id: str
    lineage: str
    access_expires_at: float
    spent_at: float | None = None
    successor_salt: str | None = None

    def check_client(self, client: Any) -> bool:
        return bool(self.client_id == client.client_id)


@dataclass
class Notice:
    id: str
    client_id: str
    account_id: str
    body: str
    due_at: float
    state: NoticeState = "pending"
    attempts: int = 0


@dataclass
class Written:
    """What a client added to a day of an account: in `content`, as the vendor shows it."""

    kind: str
    day: str
    content: dict[str, Any]


@dataclass
class State:
    signing_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    clients: dict[str, VendorClient] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    authorisations: dict[str, Authorisation] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    pairs: dict[str, TokenPair] = field(default_factory=dict)
    revisions: dict[str, dict[str, int]] = field(default_factory=dict)
    written: dict[str, dict[str, Written]] = field(default_factory=dict)
    pending: dict[str, Notice] = field(default_factory=dict)
    settled: dict[str, Notice] = field(default_factory=dict)
    forgotten: dict[NoticeState, int] = field(default_factory=dict)

    def remember(self, account: Account) -> Account:
        return self.accounts.setdefault(account.account_id, account)

    def revision(self, account_id: str, day: str) -> int:
        return self.revisions.get(account_id, {}).get(day, 0)

    def added(self, account_id: str, kind: str) -> dict[str, dict[str, dict[str, Any]]]:
        """What clients wrote of one kind, by day and id."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for item_id, item in self.written.get(account_id, {}).items():
            if item.kind == kind:
                found.setdefault(item.day, {})[item_id] = item.content
        return found
