"""An end user or operator with a browser: follows links, keeps cookies, submits the forms of plain pages."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx


class _Form(HTMLParser):
    """The target of the first form whose action contains `marker`, its hidden fields and what is ticked in it."""

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
        if tag != "input" or not self._inside:
            return
        name, value = values.get("name") or "", values.get("value") or ""
        if values.get("type") == "hidden":
            self.fields[name] = value
        if values.get("type") == "checkbox" and "checked" in values:
            self.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class Browser:
    def __init__(self) -> None:
        self._http = httpx.AsyncClient(follow_redirects=True, timeout=30, trust_env=False)

    async def open(self, url: str) -> httpx.Response:
        return await self._http.get(url)

    async def submit(self, page: httpx.Response, marker: str, **answers: Any) -> httpx.Response:
        """Submit the page's form whose action contains `marker`, as it is filled in and with these answers.

        Raises LookupError when the page has no such form.
        """
        form = _Form(marker)
        form.feed(page.text)
        if form.action is None:
            raise LookupError(f"{page.url.path} has no form {marker!r}")
        return await self._http.post(urljoin(str(page.url), form.action), data={**form.fields, **answers})

    async def allow(self, consent: httpx.Response, account: str) -> httpx.Response:
        """Sign in on the simulated vendor's consent page, allow what is ticked there, and come back."""
        return await self.submit(consent, "/oauth/authorize", account=account, answer="allow")

    async def close(self) -> None:
        await self._http.aclose()
