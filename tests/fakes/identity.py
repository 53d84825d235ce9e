"""A small OpenID provider over HTTP, which can be told to do wrong."""

import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port

CLIENT_ID, CLIENT_SECRET = "gateway", "a secret of the gateway's"


@dataclass
class Identity:
    """`claims` go into the next ID tokens on top of what is right, `user_info` is answered apart; `alg` signs."""

    issuer: str
    email: str = "ann@example.org"
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    user_info: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    alg: str = "RS256"
    down: bool = False
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: Any = None
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def turn_key(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4)})
        self.alg = "ES256"

    async def discovery(self, _request: Request) -> Response:
        self.asked.append("discovery")
        if self.down:
            return Response("out of order", 503)
        known = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        }
        return JSONResponse({**known, **self.facts})

    async def keys(self, _request: Request) -> Response:
        self.asked.append("keys")
        if self.down:
            return Response("out of order", 503)
        odd = {"kty": "of another century", "kid": "odd"}
        return JSONResponse({"keys": [odd, *KeySet([self.key]).as_dict(private=False)["keys"]]})

    async def authorize(self, request: Request) -> Response:
        """Somebody is signed in here already, and agrees."""
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        query = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 302)

    async def token(self, request: Request) -> Response:
        self.asked.append("token")
        sent = dict(parse_qsl((await request.body()).decode()))
        basic = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self._codes.pop(sent.get("code", ""), None)
        if request.headers.get("authorization") != basic or asked is None:
            return JSONResponse({"error": "invalid_client" if asked else "invalid_grant"}, 400)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        return JSONResponse(
            {"access_token": access, "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}
        )

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        right = {
            "iss": self.issuer, "sub": "somebody", "aud": CLIENT_ID, "exp": now + 300, "iat": now, "nonce": nonce,
            "email": self.email, "email_verified": True,
        }  # fmt: skip
        claims = {
            name: value for name, value in {**right, **self.claims}.items() if name not in self.left_out
        }
        if self.alg == "none":
            parts = (b'{"alg":"none"}', str(claims).replace("'", '"').replace("True", "true").encode(), b"")
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        key = self.signs_with or self.key
        if self.alg == "HS256":
            key = OctKey.import_key(self.key.as_pem(private=False))
        header = {"alg": self.alg, "kid": self.key.kid}
        return jwt.encode(header, claims, key, algorithms=[self.alg])

    async def userinfo(self, _request: Request) -> Response:
        return JSONResponse({"sub": "somebody", **self.user_info})

    def sees(self, address: str) -> dict[str, str]:
        """What the gateway asked for in the address that it sent a browser to."""
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@asynccontextmanager
async def identity_provider() -> AsyncIterator[Identity]:
    port = free_port()
    identity = Identity(f"http://127.0.0.1:{port}")
    routes = [
        Route("/.well-known/openid-configuration", identity.discovery),
        Route("/keys", identity.keys),
        Route("/authorize", identity.authorize),
        Route("/token", identity.token, methods=["POST"]),
        Route("/userinfo", identity.userinfo),
    ]
    async with serving(Starlette(routes=routes), port):
        yield identity
