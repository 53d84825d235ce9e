"""OAuth 2 as a client, on Authlib: the one module that names its client class."""

import json
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from wearable_gateway.errors import (
    ConsentRefusedError,
    GrantRevokedError,
    ProviderRefusedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import AppAccess, Tokens

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

TIMEOUT = httpx.Timeout(20, connect=10)
TLS = ssl.create_default_context()
"""Made once: building it costs more than a call."""

_UNREADABLE = (
    httpx.HTTPError, httpx.InvalidURL, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""No answer, or one that neither Authlib nor the provider foresaw."""
_TIMES = frozenset({"expires_in", "expires_at"})
_LAST_SECOND = 4_102_444_800
"""The year 2100."""
_WRONG_CLIENT = ("invalid_client", "unauthorized_client")


@cache
def _client_class() -> "type[AsyncOAuth2Client]":
    """Imported when somebody first connects: it brings OAuth 1 and all of JOSE along, a tenth of a process's start."""
    with warnings.catch_warnings():
        # Authlib prefers httpx2 and says so at import; httpx stays until respx and the SDKs have moved.
        warnings.simplefilter("ignore")
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415
    found: type[AsyncOAuth2Client] = AsyncOAuth2Client
    return found


def oauth_client(
    client_id: str, client_secret: str, auth_method: str, *, timeout: httpx.Timeout = TIMEOUT
) -> "AsyncOAuth2Client":
    """A client that goes where it is sent and nowhere else: no proxy settings, no redirects."""
    return _client_class()(
        client_id=client_id,
        client_secret=client_secret,
        token_endpoint_auth_method=auth_method,
        revocation_endpoint_auth_method=auth_method,
        timeout=timeout,
        verify=TLS,
        trust_env=False,
    )


class OAuth2Flow:
    """The calls of one provider for one provider app."""

    def __init__(self, provider: Provider, app: AppAccess) -> None:
        self._provider = provider
        self._app = app
        self._facts = provider.oauth

    def _url(self, host: str, path: str) -> str:
        return self._app.hosts.get(host, "") + path

    def _client(self) -> "AsyncOAuth2Client":
        client = oauth_client(self._app.client_id, self._app.client_secret, self._facts.client_auth.value)
        for hook in ("access_token_response", "refresh_token_response"):
            client.register_compliance_hook(hook, self._in_rfc_words)
        return client

    def _in_rfc_words(self, response: httpx.Response) -> httpx.Response:
        """What the token endpoint answered, as the provider understands it."""
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return response
        answer = response.json()
        if not isinstance(answer, dict):
            raise ValueError("the token endpoint sent no object")  # noqa: TRY004 - as for what is no JSON
        meant = self._provider.token_answer(response.status_code, answer)
        times = {name: _seconds(meant[name]) for name in _TIMES & meant.keys()}
        return httpx.Response(
            response.status_code, content=json.dumps({**meant, **times}), request=response.request
        )

    def authorize_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:
        """Where to send the browser, PKCE included (https://www.rfc-editor.org/rfc/rfc7636)."""
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            **self._facts.authorize_extra,
        }
        if self._facts.sends_scopes:
            query["scope"] = self._facts.scope_separator.join(self.scopes)
        if self._facts.pkce:
            query["code_challenge"] = create_s256_code_challenge(verifier)
            query["code_challenge_method"] = "S256"
        return f"{self._url('authorize', self._facts.authorize_path)}?{urlencode(query)}"

    @property
    def refresh_early(self) -> timedelta:
        return self._facts.refresh_early

    @property
    def scopes(self) -> tuple[str, ...]:
        """What is asked for: the app's own choice before the provider's."""
        return tuple(self._app.extra.get("scopes", "").split()) or self._facts.scopes

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """Redeem a code. Raises ConsentRefusedError when the vendor refuses it, ProviderError."""
        pkce = {"code_verifier": verifier} if self._facts.pkce else {}
        try:
            async with self._client() as client:
                answer = await client.fetch_token(
                    self._url("token", self._facts.token_path),
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=redirect_uri,
                    **pkce,
                    **self._facts.token_extra,
                )
        except AuthlibBaseError as error:
            raise self._refused(error, ConsentRefusedError) from error
        except _UNREADABLE as error:
            raise self._unavailable(error) from error
        return self._tokens(answer)

    async def check(self, *, redirect_uri: str) -> None:
        """Ask the vendor whether it knows the app, by redeeming a code that nobody was given.

        Returns if it knows it. Raises ProviderRefusedError when it does not, ProviderUnavailableError.
        """
        try:
            await self.exchange(code="not-a-code", redirect_uri=redirect_uri, verifier="n" * 43)
        except ConsentRefusedError:
            return

    async def refresh(self, tokens: Tokens) -> Tokens:
        """A new token set; the old refresh token is kept where the vendor sends none. No scopes: they are as they were.

        Raises GrantRevokedError on `invalid_grant` (RFC 6749 §5.2), ProviderError on anything else.
        """
        if tokens.refresh is None:
            raise GrantRevokedError(
                self._provider.slug, "the access token expired and there is no refresh token"
            )
        try:
            async with self._client() as client:
                answer = await client.refresh_token(
                    self._url("token", self._facts.token_path),
                    refresh_token=tokens.refresh,
                    **self._facts.token_extra,
                    **self._facts.refresh_extra,
                )
        except AuthlibBaseError as error:
            raise self._refused(error, GrantRevokedError) from error
        except _UNREADABLE as error:
            raise self._unavailable(error) from error
        fresh = self._tokens(answer)
        extra = {**tokens.extra, **fresh.extra}
        return replace(fresh, refresh=fresh.refresh or tokens.refresh, extra=extra)

    async def revoke(self, tokens: Tokens) -> None:
        """Tell the vendor that nobody here uses the grant any more (RFC 7009). Raises ProviderUnavailableError."""
        if self._facts.revoke_path is None:
            return
        token = tokens.refresh or tokens.access
        hint = "refresh_token" if tokens.refresh else "access_token"
        try:
            async with self._client() as client:
                answer = await client.revoke_token(
                    self._url("revoke", self._facts.revoke_path), token=token, token_type_hint=hint
                )
        except (AuthlibBaseError, *_UNREADABLE) as error:
            raise self._unavailable(error) from error
        if (
            answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
            or answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        ):
            raise ProviderUnavailableError(self._provider.slug, f"revocation answered {answer.status_code}")

    def _refused(
        self, error: AuthlibBaseError, refusal: type[ConsentRefusedError | GrantRevokedError]
    ) -> ConsentRefusedError | GrantRevokedError | ProviderRefusedError | ProviderUnavailableError:
        if error.error == "invalid_grant":
            return refusal(self._provider.slug, "invalid_grant")
        if error.error in _WRONG_CLIENT:
            detail = f"the vendor does not know the provider app ({error.error})"
            # Not 401, which a grant may be given up for: with the right secret it would live.
            return ProviderRefusedError(self._provider.slug, detail, httpx.codes.FORBIDDEN)
        return ProviderUnavailableError(self._provider.slug, f"token endpoint answered {error.error}")

    def _unavailable(self, error: Exception) -> ProviderUnavailableError:
        return ProviderUnavailableError(self._provider.slug, f"no usable answer ({type(error).__name__})")

    def _tokens(self, answer: Mapping[str, Any]) -> Tokens:
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not isinstance(access, str) or not access:
            raise ProviderUnavailableError(self._provider.slug, "token endpoint sent no access token")
        known = {"access_token", "refresh_token", "expires_in", "expires_at", "scope", "token_type"}
        expires_at = answer.get("expires_at")
        return Tokens(
            access=access,
            refresh=refresh if isinstance(refresh, str) and refresh else None,
            expires_at=datetime.fromtimestamp(float(expires_at), UTC) if expires_at else None,
            scopes=read_scopes(answer.get("scope")),
            extra={name: value for name, value in answer.items() if name not in known},
        )


def _seconds(value: object) -> int | None:
    """None for what is no time: such a token is used until it is refused; thrown away, it might be the last."""
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return int(seconds) if 0 <= seconds < _LAST_SECOND else None


def read_scopes(text: object) -> tuple[str, ...]:
    """The scopes of a `scope` parameter, separated by spaces or, as some vendors do, by commas."""
    return tuple(str(text or "").replace(",", " ").split())
