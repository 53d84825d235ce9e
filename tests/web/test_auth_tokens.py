"""Tokens for an app's front end, in place of the API key and for one thing only."""

import re
from typing import Any

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused

AUTH_URL = "/v2/auth/authenticateUser?resource=SANDBOX"
WIDGET = "/v2/auth/generateWidgetSession"
ENTRANCES = (AUTH_URL, WIDGET, f"/api{AUTH_URL}", f"/api{WIDGET}")


async def _token(caller: Caller, reference_id: str | None = None) -> str:
    if reference_id is None:
        answer = await caller.http.post("/v2/auth/generateAuthToken")
    else:
        answer = await caller.http.post("/v2/auth/tokens", params={"reference_id": reference_id})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


async def _with_token(
    callers: Callers, caller: Caller, token: str, path: str, **options: Any
) -> httpx.Response:
    headers = {"dev-id": caller.dev_id, "authorization": f"Bearer {token}"}
    async with callers.http(**headers) as http:
        return await http.post(path, **options)


@pytest.mark.parametrize("path", ["/v2/auth/generateAuthToken", "/v2/auth/tokens", "/api/v2/auth/tokens"])
async def test_a_token_is_64_characters_for_three_minutes(a: Caller, path: str) -> None:
    body = (await a.http.post(path)).json()
    assert set(body) == {"status", "token", "expires_in"}
    assert (body["status"], body["expires_in"]) == ("success", 180)
    assert re.fullmatch("[0-9a-f]{64}", body["token"])


@pytest.mark.parametrize("path", ENTRANCES)
async def test_a_token_begins_one_flow(callers: Callers, a: Caller, path: str) -> None:
    token = await _token(a)
    assert (await _with_token(callers, a, token, path, json={"reference_id": "ann"})).status_code == 200
    refused(await _with_token(callers, a, token, path), 401, "was used or is too old")


async def test_a_token_is_good_for_nothing_else(callers: Callers, a: Caller) -> None:
    token = await _token(a)
    headers = {"dev-id": a.dev_id, "authorization": f"Bearer {token}"}
    async with callers.http(**headers) as http:
        for path in ("/v2/subscriptions", "/v2/userInfo?reference_id=ann", "/admin/v1/developers"):
            refused(await http.get(path), 401)
        for path in ("/v2/auth/generateAuthToken", "/v2/auth/tokens", "/api/widget/session"):
            refused(await http.post(path), 401)
        assert (await http.post(AUTH_URL)).status_code == 200


async def test_a_token_is_of_no_use_to_another_developer(callers: Callers, a: Caller, b: Caller) -> None:
    token = await _token(a)
    refused(await _with_token(callers, b, token, AUTH_URL), 401)
    assert (await _with_token(callers, a, token, AUTH_URL)).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "wgk_x", "x" * 5000])
async def test_a_made_up_token_is_refused(callers: Callers, a: Caller, token: str) -> None:
    refused(await _with_token(callers, a, token, AUTH_URL), 401)


@pytest.mark.parametrize("given", [{"reference_id": "ann"}, {"reference_id": ""}, {}])
async def test_a_token_of_one_end_user_connects_that_one(
    callers: Callers, a: Caller, given: dict[str, str]
) -> None:
    begun = await _with_token(callers, a, await _token(a, "ann"), AUTH_URL, json=given)
    assert begun.status_code == 200, begun.text
    found = (await a.http.get("/v2/userInfo", params={"user_id": begun.json()["user_id"]})).json()
    assert found["user"]["reference_id"] == "ann"


@pytest.mark.parametrize("path", [AUTH_URL, WIDGET])
async def test_a_token_of_one_end_user_connects_nobody_else(callers: Callers, a: Caller, path: str) -> None:
    token = await _token(a, "ann")
    refused(
        await _with_token(callers, a, token, path, json={"reference_id": "ben"}), 403, "another reference_id"
    )
    refused(await _with_token(callers, a, token, path, json={"reference_id": "ann"}), 401)


async def test_a_token_of_one_end_user_reconnects_their_connections_alone(
    callers: Callers, a: Caller
) -> None:
    ann, ben = [await callers.connected(a, f"acc-{name}", name) for name in ("ann", "ben")]
    token = await _token(a, "ann")
    refused(await _with_token(callers, a, token, AUTH_URL, json={"user_id": ben}), 404, "user not found")
    token = await _token(a, "ann")
    assert (await _with_token(callers, a, token, AUTH_URL, json={"user_id": ann})).status_code == 200


async def test_a_token_is_made_for_a_reference_id_that_can_be_one(a: Caller) -> None:
    for reference_id in ("a\nb", " ann", "x" * 256):
        answer = await a.http.post("/v2/auth/tokens", params={"reference_id": reference_id})
        refused(answer, 400, "reference_id")


async def test_an_api_key_wins_over_a_token_and_leaves_it_unused(callers: Callers, a: Caller) -> None:
    token = await _token(a)
    headers = {"authorization": f"Bearer {token}"}
    assert (await a.http.post(AUTH_URL, headers=headers)).status_code == 200
    assert (await _with_token(callers, a, token, AUTH_URL)).status_code == 200
