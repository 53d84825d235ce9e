"""One URL for all that OAuth needs, told apart by `action`; and refresh tokens that outlive their rotation a little."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.simulators._base.book import Person, TokenSet, new_token
from wearable_gateway.simulators._base.tokens import TokenEndpoint
from wearable_gateway.simulators.withings.envelopes import INVALID, NOT_THERE, envelope, fault

if TYPE_CHECKING:
    from wearable_gateway.simulators.withings import Withings

_SPARE_SECONDS, _NONCE_SECONDS = 8 * 3600, 30 * 60


class WrongGrant(JSONResponse):
    """A code or refresh token that is none, before it is said which of them."""

    def __init__(self) -> None:
        super().__init__({"status": INVALID})


def token_body(tokens: TokenSet, person: Person, seconds: int) -> Response:
    return envelope(
        {
            "userid": int(person.id),
            "access_token": tokens.access,
            "refresh_token": tokens.refresh,
            "expires_in": seconds,
            "scope": ",".join(tokens.scopes),
            "csrf_token": new_token(),
            "token_type": "Bearer",
        }
    )


class Actions(TokenEndpoint):
    def __init__(self, vendor: "Withings") -> None:
        super().__init__(vendor)
        self._withings = vendor

    async def answer(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        match form.get("action"):
            case "requesttoken":
                return await super().answer(request)
            case "revoke":
                return self._revoke(form)
            case _:
                return fault(NOT_THERE, "Not implemented")

    def _redeem(self, form: Mapping[str, str]) -> Response:
        answer = super()._redeem(form)
        return fault(INVALID, "Invalid Params: invalid code") if isinstance(answer, WrongGrant) else answer

    def _refresh(self, form: Mapping[str, str]) -> Response:
        book, now = self._withings.book, self._withings.clock()
        old = next((one for one in book.tokens.values() if one.refresh == form.get("refresh_token")), None)
        spare = self._spares.get(old.access) if old else None
        if old is not None and spare is not None and spare["ends"] <= now:
            old.used = True
        known = set(book.tokens)
        answer = super()._refresh(form)
        if isinstance(answer, WrongGrant):
            return fault(INVALID, "Invalid Params: invalid refresh_token")
        if old is not None:
            (fresh,) = set(book.tokens) - known
            old.used = False
            self._spares[old.access] = {"by": fresh, "ends": now + _SPARE_SECONDS}
        return answer

    def settle(self, access: str) -> None:
        """The first use of a new access token ends the refresh token before it."""
        for old in [old for old, spare in self._spares.items() if spare["by"] == access]:
            del self._spares[old]
            if old in self._withings.book.tokens:
                self._withings.book.tokens[old].used = True

    @property
    def _spares(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self._withings.book.more.setdefault("spares", {})
        return found

    # --- what is signed instead of carrying a token ---

    async def give_nonce(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if form.get("action") != "getnonce" or not self._is_signed(form, "timestamp"):
            return fault(INVALID, "Invalid Params: invalid signature")
        nonce = new_token()
        self._nonces[nonce] = self._withings.clock() + _NONCE_SECONDS
        return envelope({"nonce": nonce})

    def _revoke(self, form: Mapping[str, str]) -> Response:
        ends = self._nonces.pop(form.get("nonce", ""), 0.0)
        if ends <= self._withings.clock() or not self._is_signed(form, "nonce"):
            return fault(INVALID, "Invalid Params: invalid signature")
        person = self._withings.find(form.get("userid", ""))
        if person is None or person.scopes is None:
            return fault(INVALID, "Invalid Params: invalid userid")
        self._withings.withdraw(person)
        person.more.pop("profiles", None)
        return envelope({})

    def _is_signed(self, form: Mapping[str, str], last: str) -> bool:
        text = ",".join((form.get("action", ""), form.get("client_id", ""), form.get(last, "")))
        wanted = hmac.new(self._withings.config.client_secret.encode(), text.encode(), sha256).hexdigest()
        known = form.get("client_id") == self._withings.config.client_id
        return known and hmac.compare_digest(form.get("signature", ""), wanted)

    @property
    def _nonces(self) -> dict[str, float]:
        found: dict[str, float] = self._withings.book.more.setdefault("nonces", {})
        return found
