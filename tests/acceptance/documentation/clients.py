"""The clients that examples in Python speak through, and their end."""

from typing import Any

import httpx
from terra import Terra

from tests.acceptance.documentation.reader import Reader


def clients_of(reader: Reader) -> dict[str, Any]:
    company, url = reader.company, reader.gateway.url
    keys = {"dev-id": company.dev_id, "x-api-key": company.api_key}
    return {
        "httpx": httpx,
        "client": Terra(dev_id=company.dev_id, api_key=company.api_key, base_url=f"{url}/v2"),
        "http": httpx.Client(base_url=url, headers=keys),
    }


def close(values: Any) -> None:
    for value in values:
        http = value._client_wrapper.httpx_client.httpx_client if isinstance(value, Terra) else value
        if isinstance(http, httpx.Client):
            http.close()
