"""The interface of a provider: facts as attributes, and verify, notices, fetch, normalise.

A provider knows its vendor's protocol and nothing of ours: no database, no developer, no settings. It receives an
HTTP client that is already authenticated. Adding one is one file or folder beside `sandbox`; see docs/providers/adding.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.facts import AppField, Limit, OAuth2, Poll, Scopes, Usage
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeRequest
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.unified.records import DataType, Record


class Provider(ABC):
    slug: ClassVar[str]
    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    brands: ClassVar[tuple[str, ...]] = ()
    """What stands on the devices, where that is not `name`: people look for it."""
    oauth: ClassVar[OAuth2]
    default_hosts: ClassVar[Mapping[str, str]] = {}
    """What a vendor's URL is for to where it is: at least `authorize`, `token` and `api`. Each is a setting of an app."""
    own_app_only: ClassVar[bool] = False
    """The vendor forbids that companies share an app: only developers who bring their own have this provider."""
    app_fields: ClassVar[tuple[AppField, ...]] = ()
    """What an app has beyond a client id and secret."""

    data_scopes: ClassVar[Mapping[DataType, Scopes]]
    """Which scopes let a connection be given which type of data; its keys are what the provider delivers."""
    part_scopes: ClassVar[Mapping[DataType, Mapping[str, Scopes]]] = {}
    """Which groups of a record need a scope of their own; a connection without it gets the record without them."""
    write_scopes: ClassVar[Mapping[DataType, str]] = {}
    """Which scope a connection needs so that data can be written to the vendor; its keys are what the vendor takes."""

    window_days: ClassVar[int] = 30
    """A longer range is fetched in pieces of so many days, each kept as soon as it is there."""
    backfills_by_notice: ClassVar[bool] = False
    """The vendor answers no question for data: what is asked for with `backfill` comes by notice, some time later."""
    polls: ClassVar[tuple[Poll, ...]] = ()
    """What the vendor does not tell us about, and is therefore asked for from time to time."""
    limits: ClassVar[tuple[Limit, ...]] = ()
    """The documented limits of calls; what `usage` reads from the vendor's answers overrules them."""

    takes_notices: ClassVar[bool] = True
    """False where the vendor tells nobody anything, and is polled."""
    notices_are_signed: ClassVar[bool] = True
    """Whether a verified notice can be believed; if not, its address holds a secret and a revocation is first confirmed."""
    notices_are_told_apart: ClassVar[bool] = True
    """Whether a repeat of a notice can be told from news; if not, each is looked into, which changes nothing twice."""
    notice_status: ClassVar[int] = 204
    """How the vendor wants to hear that a notice has arrived."""
    largest_notice_bytes: ClassVar[int] = 2 * 1024 * 1024
    app_upkeep_every: ClassVar[timedelta | None] = None
    """How often `subscribe_app` is called; None where the vendor's notices are set up by hand."""
    grant_upkeep_every: ClassVar[timedelta | None] = None
    """How often `subscribe` is called for each grant; None where the vendor tells us of every account unasked."""
    probe_every: ClassVar[timedelta | None] = None
    """How often a grant is probed, where the vendor does not tell us when it was revoked."""

    # --- connecting ---

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The token endpoint's JSON in the words of RFC 6749 §5; a refusal becomes {"error": "invalid_grant"}, say.

        Whatever it holds beyond the RFC is kept with the tokens, encrypted: leave out what nobody needs.
        """
        return answer

    @abstractmethod
    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        """Whose tokens these are, from `tokens.extra` or by a call; whatever the vendor wants done first is done here.

        Raises ProviderError. It may be called again with the same tokens when it failed.
        """

    @abstractmethod
    async def probe(self, access: Access) -> None:
        """The cheapest authenticated call: return if the grant lives. Raises ProviderError."""

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        """The vendor's own way to give a grant back, where `oauth.revoke_path` is None. Raises ProviderError."""

    def headers(self, app: AppAccess) -> Mapping[str, str]:
        """What every call of data carries beside the token."""
        return {}

    def usage(self, headers: Mapping[str, str], now: datetime) -> Sequence[Usage]:
        """What the headers of an answer say about the vendor's limits."""
        return ()

    # --- being told ---

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        """What to say to a handshake; None when `request` is none. Raises NoticeRefusedError for a false one."""
        return None

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        """Return if `request` comes from the vendor, or raise NoticeRefusedError."""
        raise NoticeRefusedError(self.slug, "this vendor sends no notices")

    def notices(self, body: bytes) -> Sequence[Notice]:
        """What the vendor told us. Raises NoticeRefusedError when `body` cannot be read."""
        return ()

    def notices_in(self, request: NoticeRequest) -> Sequence[Notice]:
        """The same of the whole call, for a vendor whose bodies alone do not tell a repeat from news."""
        return self.notices(request.body)

    async def subscribe_app(
        self, client: httpx.AsyncClient, app: AppAccess, notice_url: str
    ) -> Mapping[str, str]:
        """See to it that the vendor tells us about all accounts: list, make what is missing, renew, mend.

        `client` carries no token. Returns values to keep among `app.extra`. Raises ProviderError.
        """
        return {}

    async def subscribe(self, access: Access, notice_url: str) -> None:
        """The same for one grant. Raises ProviderError."""

    # --- data ---

    @abstractmethod
    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        """The vendor's documents of `ask.kind` from day `ask.start` to day `ask.end`, both included.

        Without `ask.samples` nobody will look at series of measurements: a vendor need not be asked for them, and what
        it sends unasked may stay. Raises ProviderError.
        """

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        """What `notice` speaks of, as far as it is among `kinds`. Its days are set. Raises ProviderError."""
        if notice.documents:
            return {kind: found for kind, found in notice.documents.items() if kind in kinds}
        assert notice.start is not None  # noqa: S101 - the caller sets them
        assert notice.end is not None  # noqa: S101
        return {
            kind: await self.fetch(access, Ask(kind, notice.start, notice.end, samples=True))
            for kind in kinds
        }

    async def backfill(self, access: Access, ask: Ask) -> bool:
        """Ask that the days of `ask` be sent by notice. False: they were asked for before. Raises ProviderError."""
        raise NotImplementedError(f"{self.slug} is asked with fetch")

    @abstractmethod
    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        """One vendor document as a unified record, or None when it holds nothing we can state truthfully."""

    async def write(self, access: Access, kind: DataType, item: Mapping[str, Any]) -> str:
        """Add one unified record of a type in `write_scopes` at the vendor; the vendor's id of it.

        Raises ProviderError; ProviderRejectedError when the vendor does not take this item.
        """
        raise NotImplementedError(f"{self.slug} takes no {kind.value}")

    async def delete(self, access: Access, kind: DataType, log_id: str) -> None:
        """Remove what `write` added. Raises ProviderError; ProviderRejectedError with 404 when there is no such thing."""
        raise NotImplementedError(f"{self.slug} takes no {kind.value}")

    # --- what follows from the facts above ---

    def hosts(self, app_hosts: Mapping[str, str]) -> Mapping[str, str]:
        """Where the vendor is for an app: its own settings before ours."""
        return {**self.default_hosts, **app_hosts}

    @property
    def takes_grants_back(self) -> bool:
        """Whether the vendor can be told that a grant is given back."""
        return self.oauth.revoke_path is not None or type(self).revoke is not Provider.revoke

    def allows(self, kind: DataType, scopes: Collection[str]) -> bool:
        """Whether somebody with `scopes` may be given data of `kind`."""
        return kind in self.data_scopes and _any_of(self.data_scopes[kind], scopes)

    def limited_to(self, record: Record, scopes: Collection[str]) -> Record | None:
        """`record` without the groups that `scopes` do not reach; None when they do not reach it."""
        if not _any_of(record.needs, scopes):
            return None
        groups = self.part_scopes.get(record.type, {})
        hidden = [name for name, needed in groups.items() if not _any_of(needed, scopes)]
        if not hidden:
            return record
        return replace(record, body={**record.body, **dict.fromkeys(hidden)})


def _any_of(needed: Scopes, scopes: Collection[str]) -> bool:
    return not needed or any(scope in scopes for scope in needed)
