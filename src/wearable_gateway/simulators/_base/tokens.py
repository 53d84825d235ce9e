"""The token endpoint: codes and refresh tokens against access tokens, with each vendor's quirks as attributes."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet, new_token
from wearable_gateway.simulators._base.consent import challenge_of

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator


class TokenEndpoint:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    async def answer(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not self.knows_client(request, form):
            return self._vendor.token_error("invalid_client")
        try:
            match form.get("grant_type"):
                case "authorization_code":
                    return self._redeem(form)
                case "refresh_token" if self._vendor.refreshes:
                    return self._refresh(form)
                case _:
                    return self._vendor.token_error("unsupported_grant_type")
        except Refusal as refusal:
            return refusal.response

    def knows_client(self, request: Request, form: Mapping[str, str]) -> bool:
        """By the header or by the form, whichever the vendor takes."""
        given = basic_of(request) if self._vendor.client_auth == "basic" else None
        if self._vendor.client_auth == "post":
            given = (form.get("client_id", ""), form.get("client_secret", ""))
        wanted = (self._vendor.config.client_id, self._vendor.config.client_secret)
        return given is not None and all(
            hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, wanted, strict=True)
        )

    def _redeem(self, form: Mapping[str, str]) -> Response:
        book = self._vendor.book
        code = book.codes.pop(form.get("code", ""), None)
        if code is None or code.ends < self._vendor.clock():
            return self._vendor.token_error("invalid_grant")
        if code.redirect_uri != form.get("redirect_uri", code.redirect_uri):
            return self._vendor.token_error("invalid_grant")
        if self._vendor.needs_pkce and challenge_of(form.get("code_verifier", "")) != code.challenge:
            return self._vendor.token_error("invalid_grant")
        person = book.people[code.name]
        if self._vendor.second_consent_kills:
            book.end_tokens_of(person)
        tokens = self.issue(person, family=new_token())
        return self._vendor.token_answer(tokens, person, first=True)

    def _refresh(self, form: Mapping[str, str]) -> Response:
        book = self._vendor.book
        given = form.get("refresh_token", "")
        tokens = next((one for one in book.tokens.values() if one.refresh == given), None)
        if tokens is None or not given:
            return self._vendor.token_error("invalid_grant")
        if tokens.used:
            if self._vendor.reuse_kills_family:
                book.end_family(tokens.family)
            return self._vendor.token_error("invalid_grant")
        person = book.people[tokens.name]
        fresh = self.issue(person, family=tokens.family, refresh=None if self._vendor.rotates else given)
        if self._vendor.refresh_kills_access:
            tokens.ends = 0
        if self._vendor.rotates:
            tokens.used = True
        else:
            tokens.refresh = None
        return self._vendor.token_answer(fresh, person, first=False)

    def issue(self, person: Person, *, family: str, refresh: str | None = None) -> TokenSet:
        made = refresh or (new_token("r-") if self._vendor.refreshes else None)
        tokens = TokenSet(
            access=self._vendor.new_access_token(person),
            refresh=made,
            name=person.name,
            scopes=list(person.scopes or []),
            family=family,
            ends=self._vendor.clock() + self._vendor.access_seconds,
        )
        self._vendor.book.tokens[tokens.access] = tokens
        return tokens


def basic_of(request: Request) -> tuple[str, str] | None:
    """The client id and secret of a Basic header (RFC 7617)."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret


def rfc_body(tokens: TokenSet, seconds: int) -> dict[str, Any]:
    """RFC 6749 §5.1."""
    body: dict[str, Any] = {
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": " ".join(tokens.scopes),
    }
    return body | ({"refresh_token": tokens.refresh} if tokens.refresh else {})
