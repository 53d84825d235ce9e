"""The one table from errors to answers."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from tests.fakes.gateway import Gateway
from wearable_gateway import errors
from wearable_gateway.web.errors import STATUS, status_of


def _every(kind: type[errors.GatewayError]) -> Iterator[type[errors.GatewayError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _every(below)


@pytest.mark.parametrize("kind", sorted(_every(errors.GatewayError), key=str))
def test_every_error_of_the_tree_has_an_answer_of_its_own(kind: type[errors.GatewayError]) -> None:
    own = {one for one in kind.__mro__ if one in STATUS}
    assert (
        kind in STATUS
        or errors.RefusedError in own
        or kind.__module__.startswith("wearable_gateway.db.embedded")
    )
    assert 400 <= status_of(kind.__new__(kind)) <= 503


def test_the_docstring_of_the_tree_names_every_error_in_it() -> None:
    here = {kind.__name__ for kind in _every(errors.GatewayError) if kind.__module__ == errors.__name__}
    assert all(name in (errors.__doc__ or "") for name in here)


async def test_a_database_that_is_away_is_a_503_that_says_when_to_try_again(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    await app.state.services.db._pool.close()
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["message"] == "the database does not answer; try again in a moment"


async def test_a_failure_on_a_connect_page_logs_the_pattern_and_not_the_link(gateway: Gateway) -> None:
    company = await gateway.company("A")
    begun = await company.auth_url()
    token = begun["auth_url"].rpartition("/")[2]
    await gateway.db.autocommit.execute("UPDATE provider_apps SET client_secret = 'k0:unreadable'::bytea")
    with capture_logs() as logs:
        answer = await gateway.end_user().browser.get(begun["auth_url"])
    assert answer.status_code == 500
    assert token not in answer.text
    assert any(entry["event"] == "request.failed" for entry in logs)
    assert token not in str(logs)
