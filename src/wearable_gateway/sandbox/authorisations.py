"""Which client may read which account, and who is told when that changes?"""

from collections.abc import Iterable

from wearable_gateway.sandbox.config import SCOPES, Clock
from wearable_gateway.sandbox.notices import NoticeQueue
from wearable_gateway.sandbox.state import Authorisation
from wearable_gateway.sandbox.store import Store
from wearable_gateway.sandbox.tokens import Tokens


class Authorisations:
    def __init__(self, store: Store, tokens: Tokens, notices: NoticeQueue, clock: Clock) -> None:
        self._store = store
        self._tokens = tokens
        self._notices = notices
        self._clock = clock

    def find(self, account_id: str, client_id: str) -> Authorisation | None:
        return self._store.state.authorisations.get(_key(account_id, client_id))

    def of_account(self, account_id: str) -> list[Authorisation]:
        every = self._store.state.authorisations.values()
        return [authorisation for authorisation in every if authorisation.account_id == account_id]

    def consent(self, account_id: str, client_id: str, scopes: Iterable[str]) -> Authorisation:
        """The newest consent decides the scopes, for tokens of earlier ones too."""
        authorisation = self.find(account_id, client_id)
        if authorisation is None:
            authorisation = Authorisation(account_id, client_id, (), since=self._clock())
            self._store.state.authorisations[_key(account_id, client_id)] = authorisation
        authorisation.scopes = in_order(scopes)
        self._store.changed()
        return authorisation

    def revoke(self, account_id: str, client_id: str) -> bool:
        """False when there is nothing to revoke."""
        self._tokens.forget_codes(account_id, client_id)
        self._tokens.forget_tokens(account_id, client_id)
        if self._store.state.authorisations.pop(_key(account_id, client_id), None) is None:
            return False
        self._notices.add("authorization.revoked", account_id=account_id, client_id=client_id)
        self._store.changed()
        return True

    def change_scopes(self, authorisation: Authorisation, scopes: Iterable[str]) -> bool:
        """False when they are those it has already."""
        chosen = in_order(scopes)
        if chosen == authorisation.scopes:
            return False
        authorisation.scopes = chosen
        self._notices.add(
            "authorization.scopes_changed",
            account_id=authorisation.account_id,
            client_id=authorisation.client_id,
            details={"scopes": chosen},
        )
        self._store.changed()
        return True


def in_order(scopes: Iterable[str]) -> tuple[str, ...]:
    chosen = set(scopes)
    return tuple(scope for scope in SCOPES if scope in chosen)


def _key(account_id: str, client_id: str) -> str:
    return f"{account_id} {client_id}"
