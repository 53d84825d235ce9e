"""An end user or operator with a browser: follows links, keeps cookies, submits the forms of plain pages."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx


class _Form(HTMLParser):
    """The hidden fields and the target of the first form whose action contains `marker`."""

    def __init__(self, marker: str) -> None:
        super().__init__()
        self._marker = marker
        self._inside = False
        self.action: str | None = None
        self.fields: dict[str, Any] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form" and self.action is None and self._marker in (values.get("action") or ""):
            self._inside, self.action = True, values.get("action")
        if tag == "input" and self._inside and values.get("type") == "hidden":
            self.fields[values.get("name") or ""] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class Browser:
    def __init__(self) -> None:
        self._http = httpx.AsyncClient(follow_redirects=True, timeout=30, trust_env=False)

    async def open(self, url: str) -> httpx.Response:
        return await self._http.get(url)

    async def submit(self, page: httpx.Response, marker: str, **answers: Any) -> httpx.Response:
        """Submit the page's form whose action contains `marker`, with its hidden fields and these answers.

        Raises LookupError when the page has no such form.
        """
        form = _Form(marker)
        form.feed(page.text)
        if form.action is None:
            raise LookupError(f"{page.url.path} has no form {marker!r}")
        return await self._http.post(urljoin(str(page.url), form.action), data={**form.fields, **answers})

    async def allow(self, consent: httpx.Response, account: str) -> httpx.Response:
        """Sign in on the simulated vendor's consent page, allow everything, and come back."""
        scopes = ["daily", "activity", "sleep"]
        return await self.submit(consent, "/oauth/authorize", account=account, scope=scopes, answer="allow")

    async def close(self) -> None:
        await self._http.aclose()
