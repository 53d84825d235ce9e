"""OAuth 2 as a client, on Authlib: the one module that names its client class."""

import ssl
import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from wearable_gateway.errors import ConsentRefusedError, GrantRevokedError, ProviderUnavailableError
from wearable_gateway.providers._base.provider import AppAccess, Provider, Tokens

with warnings.catch_warnings():
    # Authlib prefers httpx2 and says so at import; httpx stays until respx and the SDKs have moved.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client

TIMEOUT = httpx.Timeout(20, connect=10)
_TLS = ssl.create_default_context()
"""Made once: building it costs more than a call."""


class OAuth2Flow:
    """The calls of one provider for one provider app. `transport` stands in for the network in tests."""

    def __init__(self, provider: Provider, app: AppAccess) -> None:
        self._provider = provider
        self._app = app

    def _url(self, host: str, path: str) -> str:
        return self._app.hosts.get(host, self._provider.default_hosts.get(host, "")) + path

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=self._app.client_id,
            client_secret=self._app.client_secret,
            token_endpoint_auth_method=self._provider.oauth.client_auth.value,
            timeout=TIMEOUT,
            verify=_TLS,
            trust_env=False,
        )

    def authorize_url(self, *, redirect_uri: str, state: str, verifier: str, scopes: Sequence[str]) -> str:
        """Where to send the browser, PKCE included (https://www.rfc-editor.org/rfc/rfc7636)."""
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "scope": self._provider.oauth.scope_separator.join(scopes),
            "state": state,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._url('authorize', self._provider.oauth.authorize_path)}?{urlencode(query)}"

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """Redeem a code. Raises ConsentRefusedError when the vendor refuses it, ProviderUnavailableError."""
        url = self._url("token", self._provider.oauth.token_path)
        try:
            async with self._client() as client:
                answer = await client.fetch_token(
                    url,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=redirect_uri,
                    code_verifier=verifier,
                )
        except AuthlibBaseError as error:
            raise self._refused(error, ConsentRefusedError) from error
        except (httpx.HTTPError, ValueError) as error:
            raise self._unavailable(error) from error
        return self._tokens(answer)

    async def refresh(self, tokens: Tokens) -> Tokens:
        """A new token set; the old refresh token is kept where the vendor sends none.

        Raises GrantRevokedError on `invalid_grant` (RFC 6749 §5.2), ProviderUnavailableError on anything else.
        """
        if tokens.refresh is None:
            raise GrantRevokedError(
                self._provider.slug, "the access token expired and there is no refresh token"
            )
        url = self._url("token", self._provider.oauth.token_path)
        try:
            async with self._client() as client:
                answer = await client.refresh_token(url, refresh_token=tokens.refresh)
        except AuthlibBaseError as error:
            raise self._refused(error, GrantRevokedError) from error
        except (httpx.HTTPError, ValueError) as error:
            raise self._unavailable(error) from error
        fresh = self._tokens(answer)
        return Tokens(
            fresh.access,
            fresh.refresh or tokens.refresh,
            fresh.expires_at,
            fresh.scopes or tokens.scopes,
            fresh.extra,
        )

    async def revoke(self, tokens: Tokens) -> None:
        """Tell the vendor that nobody here uses the grant any more. Raises ProviderUnavailableError."""
        path = self._provider.oauth.revoke_path
        if path is None:
            return
        token = tokens.refresh or tokens.access
        hint = "refresh_token" if tokens.refresh else "access_token"
        try:
            async with self._client() as client:
                answer = await client.revoke_token(
                    self._url("revoke", path), token=token, token_type_hint=hint
                )
        except (AuthlibBaseError, httpx.HTTPError) as error:
            raise self._unavailable(error) from error
        if (
            answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
            or answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        ):
            raise ProviderUnavailableError(self._provider.slug, f"revocation answered {answer.status_code}")

    def _refused(
        self, error: AuthlibBaseError, refusal: type[ConsentRefusedError | GrantRevokedError]
    ) -> ConsentRefusedError | GrantRevokedError | ProviderUnavailableError:
        if error.error == "invalid_grant":
            return refusal(self._provider.slug, "invalid_grant")
        return ProviderUnavailableError(self._provider.slug, f"token endpoint answered {error.error}")

    def _unavailable(self, error: Exception) -> ProviderUnavailableError:
        return ProviderUnavailableError(self._provider.slug, f"no usable answer ({type(error).__name__})")

    def _tokens(self, answer: Mapping[str, Any]) -> Tokens:
        if not isinstance(answer.get("access_token"), str):
            raise ProviderUnavailableError(self._provider.slug, "token endpoint sent no access token")
        expires_at = answer.get("expires_at")
        known = {"access_token", "refresh_token", "expires_in", "expires_at", "scope", "token_type"}
        return Tokens(
            access=answer["access_token"],
            refresh=answer.get("refresh_token"),
            expires_at=datetime.fromtimestamp(float(expires_at), UTC) if expires_at else None,
            scopes=tuple(str(answer.get("scope") or "").replace(",", " ").split()),
            extra={name: value for name, value in answer.items() if name not in known},
        )
