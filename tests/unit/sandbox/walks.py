"""A client and a person, as they walk through the vendor over HTTP."""

import base64
import hashlib
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from starlette.applications import Starlette

from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import SCOPES, VendorClient, VendorConfig

VENDOR = "http://vendor.test"
REDIRECT = "https://client.test/callback"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CONTROL = {"authorization": "Bearer control"}
EVERYTHING = " ".join(SCOPES)
ASKED = {
    "response_type": "code",
    "client_id": "app",
    "redirect_uri": REDIRECT,
    "scope": "daily activity sleep",
    "state": "state & more",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class FakeClock:
    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Walk:
    """A vendor that knows two clients, and what can be done with it."""

    clock: Any = field(default_factory=FakeClock)
    state_file: Path | None = None
    notice_url: str | None = None
    app: Starlette = field(init=False)
    http: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Also what a restart is: only the state file survives."""
        self.app = create_vendor(self._config(), clock=self.clock)
        # The client half of a broken request is under test too: no exception may leave the app.
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=VENDOR)

    async def consent(self, **changes: Any) -> dict[str, str]:
        """What the client finds in the address the person comes back to."""
        answer = await self.answer_form(**changes)
        assert answer.status_code == 303, answer.text
        address = answer.headers["location"]
        assert address.startswith(f"{REDIRECT}?")
        return dict(parse_qsl(urlsplit(address).query))

    async def answer_form(
        self,
        *,
        account: str = "ada",
        answer: str = "allow",
        asked: str = ASKED["scope"],
        scopes: Any = None,
        client_id: str = "app",
    ) -> httpx.Response:
        query = ASKED | {"client_id": client_id, "scope": asked}
        page = await self.http.get("/oauth/authorize", params=query)
        assert page.status_code == 200, page.text
        fields: dict[str, Any] = hidden_fields(page.text)
        fields["scope"] = asked.split() if scopes is None else scopes
        return await self.http.post("/oauth/authorize", data=fields | {"account": account, "answer": answer})

    async def redeem(self, code: str, *, client_id: str = "app", **changes: str) -> httpx.Response:
        fields = {"code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER} | changes
        return await self.token("authorization_code", client_id=client_id, **fields)

    async def refresh(self, refresh_token: str) -> httpx.Response:
        return await self.token("refresh_token", refresh_token=refresh_token)

    async def token(self, grant_type: str, *, client_id: str = "app", **fields: str) -> httpx.Response:
        return await self.http.post(
            "/oauth/token", data={"grant_type": grant_type, **fields}, auth=(client_id, f"{client_id} secret")
        )

    async def connect(self, *, client_id: str = "app", **changes: Any) -> dict[str, Any]:
        """The token answer at the end of the whole flow."""
        back = await self.consent(client_id=client_id, **changes)
        answer = await self.redeem(back["code"], client_id=client_id)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def get(self, path: str, token: str, **params: str) -> httpx.Response:
        return await self.http.get(path, params=params, headers={"authorization": f"Bearer {token}"})

    async def items(self, path: str, token: str, first: str, last: str, **params: str) -> Any:
        """What a client reads of some days."""
        answer = await self.get(path, token, **{"from": first, "to": last}, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def post(self, path: str, token: str, item: Any) -> httpx.Response:
        return await self.http.post(path, json=item, headers={"authorization": f"Bearer {token}"})

    async def delete(self, path: str, token: str) -> httpx.Response:
        return await self.http.delete(path, headers={"authorization": f"Bearer {token}"})

    async def alive(self, token: str) -> bool:
        return (await self.get("/v1/me", token)).status_code == 200

    async def control(self, what: str, **order: Any) -> Any:
        answer = await self.http.post(f"/control/{what}", json=order, headers=CONTROL)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def counters(self) -> Any:
        return (await self.http.get("/control/counters", headers=CONTROL)).json()

    def _config(self) -> VendorConfig:
        return VendorConfig(
            state_file=self.state_file,
            clients=(self._client("app", "First App"), self._client("other", "Second App")),
            retry_schedule=(0.01, 0.01),
            control_token="control",
        )

    def _client(self, client_id: str, name: str) -> VendorClient:
        return VendorClient(
            client_id=client_id,
            client_secret=f"{client_id} secret",
            redirect_uris=(REDIRECT,),
            notice_url=self.notice_url,
            notice_secret="notice secret",
            name=name,
        )


def hidden_fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}
