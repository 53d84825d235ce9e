"""A browser without JavaScript, as far as the dashboard needs one: cookies, pages, forms."""

import html
import re

import httpx

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.csrf = ""

    async def open(self, path: str) -> httpx.Response:
        return self._read(await self.client.get(path))

    async def submit(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that was opened last; `csrf` may be given to send another."""
        return self._read(await self.client.post(path, data={"csrf": self.csrf, **fields}))

    async def follow(self, response: httpx.Response) -> httpx.Response:
        """To where it leads in the end."""
        assert response.status_code == 303, response.status_code
        while response.status_code == 303:
            response = await self.open(response.headers["location"])
        return response

    async def log_in(self, email: str, password: str, next_page: str = "") -> httpx.Response:
        await self.open("/dashboard/login")
        return await self.submit("/dashboard/login", email=email, password=password, next=next_page)

    def _read(self, response: httpx.Response) -> httpx.Response:
        found = _CSRF.search(response.text)
        if found:
            self.csrf = html.unescape(found[1])
        return response
