"""All calls of Terra's Python clients: each is answered with the client's own type, and with the right values."""

import inspect
from typing import Any

import pytest
from terra import AsyncTerra, Terra

from tests.contract.calls import authentication, reading, users, writing
from tests.contract.calls.using import Case, Using
from tests.fakes.gateway import Company, Gateway

CASES: dict[str, Case] = {
    **authentication.CASES,
    **users.CASES,
    **reading.CASES,
    **writing.CASES,
}


@pytest.mark.parametrize("call", CASES)
async def test_a_call_is_answered_in_the_clients_own_type(
    gateway: Gateway, company: Company, terra: Any, account: str, call: str
) -> None:
    await CASES[call](Using(terra, gateway, company, account))


@pytest.mark.parametrize("client", [Terra, AsyncTerra])
def test_no_public_call_of_the_client_is_left_out(client: type[Any]) -> None:
    found = client(dev_id="a", api_key="b", base_url="http://127.0.0.1:1/v2")
    groups = [name for name, value in inspect.getmembers(client) if isinstance(value, property)]
    calls = {
        f"{group}.{name}"
        for group in groups
        for name, _ in inspect.getmembers(getattr(found, group), inspect.ismethod)
        if not name.startswith("_")
    }
    assert len(calls) == 25
    assert calls == set(CASES)
