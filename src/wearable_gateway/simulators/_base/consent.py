"""The vendor's consent page: whoever types a name has that account."""

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from wearable_gateway.simulators._base.book import Code, new_token

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name} (simulated)</title><style>body{{font:16px system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}}
label{{display:block;margin:.4rem 0}}</style><h1>{name} <small>(simulated)</small></h1><form method="post">
{hidden}<label>Your account <input name="account" value="ann" required pattern="[a-z0-9-]+"></label>
<fieldset><legend>The app may read</legend>{scopes}</fieldset>
<p><button name="answer" value="allow">Allow</button> <button name="answer" value="refuse">Refuse</button></p></form>"""


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Consent:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    async def show(self, request: Request) -> Response:
        """GET: the form, which carries the request along."""
        query = dict(request.query_params)
        wrong = self._wrong(query)
        if wrong:
            return HTMLResponse(f"<h1>{escape(wrong)}</h1>", 400)
        asked = self._vendor.asked_scopes(query.get("scope"))
        return HTMLResponse(
            _PAGE.format(
                name=escape(self._vendor.name),
                hidden="".join(
                    f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
                    for name, value in query.items()
                    if name != "scope"
                ),
                scopes="".join(
                    f'<label><input type="checkbox" name="scope" value="{escape(one)}" checked> {escape(one)}</label>'
                    for one in asked
                ),
            )
        )

    async def take(self, request: Request) -> Response:
        """POST: back to the app, with a code or a refusal."""
        form = await request.form()
        fields: dict[str, Any] = {name: str(value) for name, value in form.items()}
        wrong = self._wrong(fields)
        if wrong:
            return HTMLResponse(f"<h1>{escape(wrong)}</h1>", 400)
        back, state = fields["redirect_uri"], fields.get("state", "")
        if fields.get("answer") != "allow":
            return _redirect(back, {"error": "access_denied", "state": state})
        person = self._vendor.person(fields["account"])
        scopes = [str(scope) for scope in form.getlist("scope")]
        self._vendor.consent(person, scopes)
        code = new_token(self._vendor.code_prefix)
        self._vendor.book.codes[code] = Code(
            name=person.name,
            redirect_uri=back,
            challenge=fields.get("code_challenge"),
            ends=self._vendor.clock() + self._vendor.code_seconds,
        )
        return _redirect(back, {"code": code, "state": state, **self._vendor.redirect_extra(person)})

    def _wrong(self, query: dict[str, str]) -> str | None:
        if query.get("client_id") != self._vendor.config.client_id:
            return "unknown client_id"
        if query.get("redirect_uri") not in self._vendor.config.redirect_uris:
            return "redirect_uri is not registered"
        if query.get("response_type") != "code":
            return "response_type must be code"
        if self._vendor.needs_pkce and query.get("code_challenge_method") != "S256":
            return "code_challenge with S256 is needed"
        return None


def _redirect(url: str, query: dict[str, str]) -> Response:
    separator = "&" if "?" in url else "?"
    return RedirectResponse(f"{url}{separator}{urlencode(query)}", 303)
