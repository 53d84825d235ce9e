"""Telling a simulated vendor of this machine what its people do."""

from typing import Any

import httpx

from wearable_gateway.errors import SettingsError


def control(
    url: str, token: str, command: str, body: dict[str, Any], *, vendor: str, run: str
) -> dict[str, Any]:
    """`vendor` and `run`: how a person calls it, and what starts it. Raises SettingsError when it refuses or is gone."""
    try:
        answer = httpx.post(
            f"{url}/control/{command}",
            json=body,
            headers={"authorization": f"Bearer {token}"},
            timeout=10,
            trust_env=False,
        )
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise SettingsError(f"the {vendor} vendor refused: {error.response.text[:200]}") from error
    except httpx.HTTPError as error:
        raise SettingsError(f"the {vendor} vendor does not answer; is `{run}` still running?") from error
    found: dict[str, Any] = answer.json()
    return found
