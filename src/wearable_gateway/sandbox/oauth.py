"""Which codes and tokens may be had for what? Authlib decides; here it meets this vendor's memory."""

import base64
import binascii
import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationCodeGrant,
    AuthorizationServer,
    InvalidRequestError,
    OAuth2Payload,
    OAuth2Request,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from starlette.responses import JSONResponse, RedirectResponse, Response

from wearable_gateway.sandbox.accounts import Account
from wearable_gateway.sandbox.authorisations import Authorisations, in_order
from wearable_gateway.sandbox.bodies import Form
from wearable_gateway.sandbox.config import SCOPES, Clock, VendorClient
from wearable_gateway.sandbox.instruments import Instruments
from wearable_gateway.sandbox.state import Code, TokenPair
from wearable_gateway.sandbox.store import Store
from wearable_gateway.sandbox.tokens import CODE_SECONDS, PairValues, Tokens

# Its grants write every issued token to their debug log.
logging.getLogger("authlib.oauth2.rfc6749.grants").setLevel(logging.INFO)

_CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post"]
_WORD = re.compile(r"[a-z_ ]{1,64}")


class _Payload(OAuth2Payload):  # type: ignore[misc]  # Authlib has no types
    def __init__(self, form: Form) -> None:
        self._form = form

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._form.items()}

    @property
    def datalist(self) -> Form:
        return self._form


class VendorRequest(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """A request as Authlib wants it, without what it would stumble over."""

    def __init__(self, method: str, form: Form, *, authorization: str = "") -> None:
        headers = {"Authorization": authorization} if _is_basic(authorization) else {}
        # Authlib refuses plain HTTP to any host but loopback. How this simulation is reached is its operator's affair.
        super().__init__(method, "https://sandbox.invalid/", headers=headers)
        self.payload = _Payload(_without_odd_types(form))

    @property
    def form(self) -> dict[str, str]:
        data: dict[str, str] = self.payload.data
        return data


class RegisteredClient:
    """What Authlib asks a client."""

    def __init__(self, client: VendorClient) -> None:
        self.registration = client
        self.client_id = client.client_id

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(in_order(scope.split()) if scope else SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.registration.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(self.registration.client_secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in _CLIENT_AUTHENTICATION

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in {"authorization_code", "refresh_token"}


class S256Challenge(CodeChallenge):  # type: ignore[misc]  # Authlib has no types
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Authlib lets a request without any challenge pass; this vendor asks every client for one."""
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge with code_challenge_method=S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = _CLIENT_AUTHENTICATION
    server: "VendorAuthorizationServer"

    def generate_authorization_code(self) -> str:
        return secrets.token_urlsafe(32)

    def save_authorization_code(self, code: str, request: VendorRequest) -> None:
        self.server.keep_code(code, request)

    def query_authorization_code(self, code: str, client: RegisteredClient) -> Code | None:
        return self.server.tokens.find_code(code, client.client_id)

    def authenticate_user(self, authorization_code: Code) -> Account | None:
        return self.server.store.state.accounts.get(authorization_code.account_id)

    def generate_token(self, **_choices: Any) -> dict[str, Any]:
        return self.server.redeem(self.request.form["code"], self.request.authorization_code)

    def save_token(self, token: dict[str, Any]) -> None:
        """Done when it was generated, so that a code cannot be redeemed halfway."""

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """It is marked used instead: a second use must be noticed."""


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]  # Authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = _CLIENT_AUTHENTICATION
    server: "VendorAuthorizationServer"

    def authenticate_refresh_token(self, refresh_token: str) -> TokenPair | None:
        return self.server.tokens.find_refreshable(refresh_token)

    def authenticate_user(self, refresh_token: TokenPair) -> Account | None:
        return self.server.store.state.accounts.get(refresh_token.account_id)

    def issue_token(self, _user: Account, refresh_token: TokenPair) -> dict[str, Any]:
        return self.server.refresh(self.request.form["refresh_token"], refresh_token)

    def _validate_token_scope(self, token: TokenPair) -> None:
        """A `scope` to narrow the new token by is ignored: the authorisation alone decides, and the answer says what."""

    def save_token(self, token: dict[str, Any]) -> None:
        """Done when it was issued: the exchange is one step."""

    def revoke_old_credential(self, refresh_token: TokenPair) -> None:
        """Spent by the same exchange."""


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # Authlib has no types
    CLIENT_AUTH_METHODS = _CLIENT_AUTHENTICATION
    server: "VendorAuthorizationServer"

    def authenticate_token(self, request: VendorRequest, client: RegisteredClient) -> TokenPair | None:
        """None for what there is no need to revoke, another client's token included; hints may say anything."""
        pair = self.server.tokens.find_any(request.form.get("token", ""))
        return pair if pair is not None and pair.client_id == client.client_id else None

    def revoke_token(self, token: TokenPair, _request: VendorRequest) -> None:
        self.server.authorisations.revoke(token.account_id, token.client_id)


class VendorAuthorizationServer(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    def __init__(
        self,
        store: Store,
        tokens: Tokens,
        authorisations: Authorisations,
        instruments: Instruments,
        clock: Clock,
    ) -> None:
        super().__init__(scopes_supported=SCOPES)
        self.store = store
        self.tokens = tokens
        self.authorisations = authorisations
        self._instruments = instruments
        self._clock = clock
        self.register_grant(CodeGrant, [S256Challenge()])
        self.register_grant(RefreshGrant)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> RegisteredClient | None:
        client = self.store.state.clients.get(client_id)
        return RegisteredClient(client) if client else None

    def keep_code(self, value: str, request: VendorRequest) -> None:
        code = Code(
            account_id=request.user.account_id,
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scopes=in_order(request.scope.split()),
            code_challenge=request.form["code_challenge"],
            expires_at=self._clock() + CODE_SECONDS,
        )
        self.tokens.keep_code(value, code)

    def redeem(self, value: str, code: Code) -> dict[str, Any]:
        if self._instruments.second_consent_kills_earlier:
            self.tokens.forget_tokens(code.account_id, code.client_id)
        self.authorisations.consent(code.account_id, code.client_id, code.scopes)
        return self._token_answer(self.tokens.redeem(value), code)

    def refresh(self, refresh_token: str, pair: TokenPair) -> dict[str, Any]:
        return self._token_answer(self.tokens.exchange(refresh_token), pair)

    def create_oauth2_request(self, request: VendorRequest) -> VendorRequest:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        known = dict(headers)
        if "Location" in known:
            return RedirectResponse(known["Location"], 303, {"cache-control": "no-store"})
        return JSONResponse(body, status, known)

    def send_signal(self, name: str, *_subjects: Any, **_details: Any) -> None:
        """Nobody here listens."""

    def _token_answer(self, values: PairValues, owner: Code | TokenPair) -> dict[str, Any]:
        authorisation = self.authorisations.find(owner.account_id, owner.client_id)
        return {
            "access_token": values.access_token,
            "token_type": "Bearer",
            "expires_in": self.tokens.expires_in(values),
            "refresh_token": values.refresh_token,
            "scope": " ".join(authorisation.scopes if authorisation else ()),
            "account_id": owner.account_id,
        }


def _is_basic(authorization: str) -> bool:
    """Authlib decodes the header without a guard."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        base64.b64decode(encoded).decode()
    except (binascii.Error, ValueError):
        return False
    return scheme.lower() == "basic"


def _without_odd_types(form: Mapping[str, list[str]]) -> Form:
    """Authlib repeats an unknown response or grant type in an error text it then refuses odd characters in."""
    types = ("response_type", "grant_type")
    return {name: values for name, values in form.items() if name not in types or _WORD.fullmatch(values[0])}
