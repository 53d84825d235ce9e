"""Codes and tokens: issued, exchanged, looked up, forgotten. Their values are never kept, only hashes."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from wearable_gateway.sandbox.config import Clock, VendorConfig
from wearable_gateway.sandbox.state import Code, TokenPair
from wearable_gateway.sandbox.store import Store

CODE_SECONDS = 60
USED_CODE_SECONDS = 24 * 3600
"""A code is remembered this long, so that its second use can take back what the first one got."""


@dataclass(frozen=True)
class PairValues:
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


class Tokens:
    def __init__(self, store: Store, config: VendorConfig, clock: Clock) -> None:
        self._store = store
        self._config = config
        self._clock = clock
        self._by_access = {pair.access_hash: pair for pair in store.state.pairs.values()}

    def keep_code(self, value: str, code: Code) -> None:
        self._prune()
        self._store.state.codes[_hash(value)] = code
        self._store.changed()

    def find_code(self, value: str, client_id: str) -> Code | None:
        """None when unknown, late, or another client's; a used one takes its tokens along (RFC 6749 §4.1.2)."""
        code = self._store.state.codes.get(_hash(value))
        if code is None or code.client_id != client_id:
            return None
        if code.used:
            self._forget([pair for pair in self._store.state.pairs.values() if pair.lineage == _hash(value)])
            return None
        return code if code.expires_at > self._clock() else None

    def redeem(self, value: str) -> PairValues:
        code = self._store.state.codes[_hash(value)]
        code.used = True
        fresh = PairValues(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        self._keep(fresh, account_id=code.account_id, client_id=code.client_id, lineage=_hash(value))
        return fresh

    def find_refreshable(self, refresh_token: str) -> TokenPair | None:
        pair = self._store.state.pairs.get(_hash(refresh_token))
        if pair is None or pair.spent_at is None or self._may_repeat(pair, refresh_token):
            return pair
        return None

    def exchange(self, refresh_token: str) -> PairValues:
        """The successor of the pair; the same one again for a client that lost the first answer."""
        pair = self._store.state.pairs[_hash(refresh_token)]
        if pair.spent_at is not None:
            return _successor(pair, refresh_token)
        pair.spent_at = self._clock()
        pair.successor_salt = secrets.token_hex(32)
        fresh = _successor(pair, refresh_token)
        self._keep(fresh, account_id=pair.account_id, client_id=pair.client_id, lineage=pair.lineage)
        return fresh

    def expires_in(self, values: PairValues) -> int:
        pair = self._by_access[_hash(values.access_token)]
        return max(0, round(pair.access_expires_at - self._clock()))

    def find_usable(self, access_token: str) -> TokenPair | None:
        pair = self._by_access.get(_hash(access_token))
        if pair is None or pair.access_expires_at <= self._clock():
            return None
        return pair

    def find_any(self, token: str) -> TokenPair | None:
        """The pair an access or refresh token belongs to, even if expired or spent."""
        hashed = _hash(token)
        return self._by_access.get(hashed) or self._store.state.pairs.get(hashed)

    def forget_tokens(self, account_id: str, client_id: str) -> None:
        pairs = self._store.state.pairs.values()
        self._forget([pair for pair in pairs if (pair.account_id, pair.client_id) == (account_id, client_id)])

    def forget_codes(self, account_id: str, client_id: str) -> None:
        codes = self._store.state.codes
        for hashed, code in list(codes.items()):
            if (code.account_id, code.client_id) == (account_id, client_id):
                del codes[hashed]
                self._store.changed()

    def _keep(self, values: PairValues, *, account_id: str, client_id: str, lineage: str) -> None:
        pair = TokenPair(
            access_hash=_hash(values.access_token),
            refresh_hash=_hash(values.refresh_token),
            account_id=account_id,
            client_id=client_id,
            lineage=lineage,
            access_expires_at=self._clock() + self._config.access_token_seconds,
        )
        self._store.state.pairs[pair.refresh_hash] = pair
        self._by_access[pair.access_hash] = pair
        self._store.changed()

    def _may_repeat(self, pair: TokenPair, refresh_token: str) -> bool:
        if pair.spent_at is None or self._clock() > pair.spent_at + self._config.refresh_grace_seconds:
            return False
        successor = self._store.state.pairs.get(_hash(_successor(pair, refresh_token).refresh_token))
        return successor is not None and successor.spent_at is None

    def _forget(self, pairs: list[TokenPair]) -> None:
        for pair in pairs:
            del self._store.state.pairs[pair.refresh_hash]
            del self._by_access[pair.access_hash]
        if pairs:
            self._store.changed()

    def _prune(self) -> None:
        now = self._clock()
        state = self._store.state
        grace = self._config.refresh_grace_seconds
        self._forget(
            [
                pair
                for pair in state.pairs.values()
                if pair.spent_at is not None and max(pair.access_expires_at, pair.spent_at + grace) < now
            ]
        )
        state.codes = {
            hashed: code
            for hashed, code in state.codes.items()
            if code.expires_at + (USED_CODE_SECONDS if code.used else 0) >= now
        }


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _successor(pair: TokenPair, refresh_token: str) -> PairValues:
    """Derived from the spent token, which only its holder has: the answer can be repeated without being kept."""
    key = refresh_token.encode()
    return PairValues(*(_derive(key, f"{word}:{pair.successor_salt}") for word in ("access", "refresh")))


def _derive(key: bytes, message: str) -> str:
    digest = hmac.digest(key, message.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
