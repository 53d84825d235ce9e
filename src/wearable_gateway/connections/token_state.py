"""In what state are a grant's tokens? Said without showing any of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from wearable_gateway.connections.grants import GrantRepository, open_tokens
from wearable_gateway.db.session import Session
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS


class TokenState(StrEnum):
    """`refresh_due`: whoever needs one refreshes first. `expired`: it is over, and there is nothing to refresh it with."""

    VALID = "valid"
    REFRESH_DUE = "refresh_due"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """`expires_at` is the access token's; None: the vendor did not say, or there is none."""

    state: TokenState
    expires_at: datetime | None = None
    can_be_refreshed: bool = False


async def token_facts(session: Session, keyring: Keyring, grant_id: UUID, *, now: datetime) -> TokenFacts:
    grant = await GrantRepository(session).find(grant_id)
    if grant is None or grant.tokens is None:
        return TokenFacts(TokenState.ERASED)
    try:
        tokens = open_tokens(keyring, grant.id, grant.tokens)
    except SettingsError:
        # Sealed with a key that is not set any more: for an operator to see, and no reason to show no page.
        return TokenFacts(TokenState.UNREADABLE)
    provider = PROVIDERS.get(grant.provider)
    early = provider.oauth.refresh_early if provider else timedelta()
    over = tokens.expires_at is not None and tokens.expires_at - early <= now
    state = TokenState.VALID
    if over:
        state = TokenState.REFRESH_DUE if tokens.refresh is not None else TokenState.EXPIRED
    return TokenFacts(state, tokens.expires_at, tokens.refresh is not None)
