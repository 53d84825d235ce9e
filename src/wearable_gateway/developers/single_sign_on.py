"""Who does another service say this is? OpenID Connect as a client: a code with PKCE, and a signed ID token.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth. Nothing here touches the database.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from wearable_gateway.developers.operators import normalise_email
from wearable_gateway.developers.sign_on import SignOnAttempt, SignOnConfig, is_safe
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    SingleSignOnError,
)
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers._base.oauth2 import TLS, oauth_client

# Signatures that only the service can make: none, and those with a shared secret, are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_TIMEOUT = httpx.Timeout(5)
_LONGEST = 10.0
_LARGEST = 512 * 1024
_KEPT_FOR = timedelta(hours=1)
_KEYS_AT_MOST_EVERY = timedelta(minutes=1)
_LEEWAY_SECONDS = 60
_UNREADABLE = (
    httpx.HTTPError, httpx.InvalidURL, ArithmeticError, AttributeError, LookupError, RecursionError, TimeoutError,
    TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Service:
    """What the service says of itself, as it was read at `read_at`; its keys as they were at `keys_at`."""

    facts: Mapping[str, Any]
    keys: KeySet
    read_at: datetime
    keys_at: datetime


class SingleSignOn:
    """One per process: it remembers for an hour what the service says of itself."""

    def __init__(self, config: SignOnConfig, public_url: str, clock: Clock = utc_now) -> None:
        self.config = config
        self._redirect_uri = f"{public_url}/dashboard/sso/callback"
        self._clock = clock
        self._service: _Service | None = None
        self._reading = asyncio.Lock()

    async def authorize_url(self, attempt: SignOnAttempt) -> str:
        """Where to send the browser. Raises SingleSignOnError."""
        facts = (await self._known()).facts
        query = {
            "response_type": "code",
            "client_id": self.config.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        address = facts["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def verified_email(self, attempt: SignOnAttempt, code: str, issuer: str = "") -> str:
        """The e-mail address of who came back with `code`, in the form in which addresses are kept.

        Raises SingleSignOnError; DisallowedError when the service vouches for no address. `issuer` is the callback's own
        `iss`, where the service sends one (https://www.rfc-editor.org/rfc/rfc9207).
        """
        service = await self._known()
        if issuer and issuer != service.facts["issuer"]:
            raise SingleSignOnError("the answer came from another issuer")
        tokens = await self._redeem(service, attempt, code)
        claims = await self._verified(service, attempt, tokens)
        if "email" not in claims:
            claims = {**claims, **await self._user_info(service, tokens, str(claims["sub"]))}
        # Some services write their booleans as text.
        if claims.get("email_verified") not in {True, "true"} or not isinstance(claims.get("email"), str):
            raise DisallowedError(f"{self.config.name} did not say that your e-mail address is verified")
        try:
            return normalise_email(claims["email"])
        except InvalidInputError as error:
            raise DisallowedError(f"{self.config.name} sent no usable e-mail address") from error

    async def _known(self) -> _Service:
        async with self._reading:
            known, now = self._service, self._clock()
            if known is None or known.read_at + _KEPT_FOR <= now:
                facts = await self._read_facts()
                known = _Service(facts, await self._read_keys(facts), now, now)
                self._service = known
            return known

    async def _with_newer_keys(self, than: _Service) -> _Service:
        """Services change their keys; asked for anew once a minute at most, however many unknown ones are named."""
        async with self._reading:
            known, now = self._service or than, self._clock()
            if known.keys_at == than.keys_at and known.keys_at + _KEYS_AT_MOST_EVERY <= now:
                keys = await self._read_keys(known.facts)
                known = _Service(known.facts, keys, known.read_at, now)
                self._service = known
            return known

    async def _read_facts(self) -> Mapping[str, Any]:
        # https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
        issuer = self.config.issuer.rstrip("/")
        facts = await self._get(f"{issuer}/.well-known/openid-configuration")
        if str(facts.get("issuer")).rstrip("/") != issuer:
            raise SingleSignOnError("what is at GATEWAY_OIDC_ISSUER calls itself by another name")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(facts.get(name), str) or not is_safe(facts[name]):
                raise SingleSignOnError(f"its {name} is no https address")
        return facts

    async def _read_keys(self, facts: Mapping[str, Any]) -> KeySet:
        found = await self._get(facts["jwks_uri"])
        keys = []
        for key in found.get("keys") or ():
            try:
                keys += KeySet.import_key_set({"keys": [key]}).keys
            except (JoseError, *_UNREADABLE):
                continue  # of a kind that is not known here; others may do
        if not keys:
            raise SingleSignOnError("it has no keys that are known here")
        return KeySet(keys)

    async def _get(self, url: str, token: str = "") -> dict[str, Any]:
        headers = {"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        body = b""
        try:
            async with (
                asyncio.timeout(_LONGEST),
                httpx.AsyncClient(timeout=_TIMEOUT, verify=TLS, trust_env=False) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                response.raise_for_status()
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > _LARGEST:
                        raise SingleSignOnError("it answered too much")
            found = json.loads(body)
        except _UNREADABLE as error:
            raise SingleSignOnError(f"no usable answer ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise SingleSignOnError("no usable answer (no object)")
        return found

    async def _redeem(self, service: _Service, attempt: SignOnAttempt, code: str) -> Mapping[str, Any]:
        known = service.facts.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        try:
            async with (
                asyncio.timeout(_LONGEST),
                oauth_client(
                    self.config.client_id,
                    self.config.client_secret,
                    method if self.config.client_secret else "none",
                    timeout=_TIMEOUT,
                ) as client,
            ):
                tokens: Mapping[str, Any] = await client.fetch_token(
                    service.facts["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=self._redirect_uri,
                    code_verifier=attempt.verifier,
                )
        except AuthlibBaseError as error:
            raise SingleSignOnError(f"it refused the code ({error.error})") from error
        except _UNREADABLE as error:
            raise SingleSignOnError(f"no usable answer ({type(error).__name__})") from error
        return tokens

    async def _verified(
        self, service: _Service, attempt: SignOnAttempt, tokens: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the ID token says, once it is known to be ours, now, and signed by the service."""
        offered = service.facts.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=[name for name in ALGORITHMS if name in offered], strict_check_header=False
        )
        text = tokens.get("id_token")
        try:
            if not isinstance(text, str):
                raise SingleSignOnError("it sent no ID token")
            try:
                token = jwt.decode(text, service.keys, registry=registry)
            except InvalidKeyIdError:
                token = jwt.decode(text, (await self._with_newer_keys(service)).keys, registry=registry)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": service.facts["issuer"]},
                    "aud": {"essential": True, "value": self.config.client_id},
                },
                {
                    "nonce": attempt.nonce,
                    "client_id": self.config.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=_LEEWAY_SECONDS)
        except (JoseError, *_UNREADABLE) as error:
            raise SingleSignOnError(f"its ID token is not right ({type(error).__name__})") from error
        return dict(claims)

    async def _user_info(
        self, service: _Service, tokens: Mapping[str, Any], subject: str
    ) -> Mapping[str, Any]:
        """For services that tell the address there alone; empty where there is no such place."""
        address, token = service.facts.get("userinfo_endpoint"), tokens.get("access_token")
        if not isinstance(address, str) or not is_safe(address) or not isinstance(token, str):
            return {}
        found = await self._get(address, token)
        # https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse: it may be about somebody else.
        if found.get("sub") != subject:
            raise SingleSignOnError("it spoke of somebody else")
        return {name: found[name] for name in ("email", "email_verified") if name in found}
