"""Auth URLs and widget sessions: what a developer may ask for, and what is refused."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.db.session import Database

JSON = {"content-type": "application/json"}
WIDGET_PATHS = (
    "/v2/auth/generateWidgetSession",
    "/api/v2/auth/generateWidgetSession",
    "/api/widget/session",
    "/widget/api/session",
)
AUTH_PATHS = ("/v2/auth/authenticateUser", "/api/v2/auth/authenticateUser")
ENTRANCES = (AUTH_PATHS[0], WIDGET_PATHS[0])
URL_PARAMETERS = ("auth_success_redirect_url", "auth_failure_redirect_url")


async def _post(caller: Caller, path: str, body: Any = None, **options: Any) -> httpx.Response:
    params = {"resource": "SANDBOX"} if path in AUTH_PATHS else None
    if body is not None:
        options["json"] = body
    return await caller.http.post(path, params=params, **options)


@pytest.mark.parametrize("path", AUTH_PATHS)
@pytest.mark.parametrize("content", [b"", b"{}", b"null"])
async def test_an_auth_url_comes_for_a_resource_alone(
    callers: Callers, a: Caller, path: str, content: bytes
) -> None:
    del callers
    answer = await a.http.post(path, params={"resource": "SANDBOX"}, content=content, headers=JSON)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"status", "user_id", "auth_url", "expires_in"}
    assert body["status"] == "success"
    assert body["expires_in"] == 900
    assert str(UUID(body["user_id"])) == body["user_id"]
    assert body["auth_url"].startswith("http://gateway.test/connect/")
    assert body["user_id"] not in body["auth_url"]
    assert answer.headers["terra-reference"]


async def test_an_empty_body_arrives_as_the_sdk_sends_it(a: Caller) -> None:
    request = a.http.build_request(
        "POST", AUTH_PATHS[0], params={"resource": "SANDBOX"}, headers={**JSON, "content-length": "0"}
    )
    assert request.headers["content-length"] == "0"
    assert (await a.http.send(request)).status_code == 200


@pytest.mark.parametrize("path", WIDGET_PATHS)
@pytest.mark.parametrize("content", [b"", b"{}"])
async def test_a_widget_session_comes_from_every_path(a: Caller, path: str, content: bytes) -> None:
    answer = await a.http.post(path, content=content, headers=JSON)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"status", "session_id", "url", "expires_in"}
    assert body["status"] == "success"
    assert body["expires_in"] == 900
    assert str(UUID(body["session_id"])) == body["session_id"]
    assert body["url"].startswith("http://gateway.test/widget/session/")


async def test_two_requests_get_two_users_and_two_links(a: Caller) -> None:
    first, second = (await _post(a, AUTH_PATHS[0])).json(), (await _post(a, AUTH_PATHS[0])).json()
    assert first["user_id"] != second["user_id"]
    assert first["auth_url"] != second["auth_url"]


@pytest.mark.parametrize("resource", ["sandbox", "SandBox", " SANDBOX "])
async def test_a_resource_is_found_in_any_case(a: Caller, resource: str) -> None:
    answer = await a.http.post(AUTH_PATHS[0], params={"resource": resource})
    assert answer.status_code == 200, answer.text
    user = await a.http.get("/v2/userInfo", params={"user_id": answer.json()["user_id"]})
    assert user.json()["user"]["provider"] == "SANDBOX"


async def test_an_unknown_resource_is_not_found(a: Caller) -> None:
    for resource in ("NOBODY", "", "SANDBOX,SANDBOX", "SAND\x00BOX", "x" * 5000):
        refused(await a.http.post(AUTH_PATHS[0], params={"resource": resource}), 404, "resource")


async def test_a_missing_resource_is_named(a: Caller) -> None:
    refused(await a.http.post(AUTH_PATHS[0], json={}), 400, "resource")


async def test_a_provider_without_an_app_on_this_gateway_is_not_found(a: Caller, db: Database) -> None:
    await db.autocommit.execute("DELETE FROM provider_apps")
    refused(await _post(a, AUTH_PATHS[0]), 404, "provider app")


@pytest.mark.parametrize("path", ENTRANCES)
async def test_a_reference_id_that_cannot_be_kept_is_refused(a: Caller, path: str) -> None:
    for reference_id in ("x" * 256, "a\nb", "a\x00b", "\x7f", " ann", "ann ", "a\u2028b", "a\x85b"):
        refused(await _post(a, path, {"reference_id": reference_id}), 400, "reference_id")


async def test_half_a_surrogate_pair_is_refused(a: Caller) -> None:
    answer = await _post(a, AUTH_PATHS[0], content=rb'{"reference_id":"\ud800"}', headers=JSON)
    refused(answer, 400, "reference_id")


@pytest.mark.parametrize("path", ENTRANCES)
async def test_a_reference_id_of_the_developers_own_is_kept(a: Caller, db: Database, path: str) -> None:
    wanted = ["x" * 255, "ann@example.org", "a b", "Ünïcödé", "日本", "👩‍🚀", "'; --", "null", "%00"]
    for reference_id in wanted:
        assert (await _post(a, path, {"reference_id": reference_id})).status_code == 200
    kept = await db.autocommit.fetch("SELECT reference_id FROM flows ORDER BY id")
    assert [row["reference_id"] for row in kept] == wanted


@pytest.mark.parametrize("path", ENTRANCES)
async def test_an_empty_value_counts_as_none(a: Caller, db: Database, path: str) -> None:
    body = {"reference_id": "", "language": "", **dict.fromkeys(URL_PARAMETERS, "")}
    assert (await _post(a, path, body)).status_code == 200
    row = await db.autocommit.fetchrow("SELECT reference_id, language, success_url, failure_url FROM flows")
    assert row is not None
    assert tuple(row.values()) == (None, None, None, None)


REFUSED_URLS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "javascript://gateway.test/%0aalert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "java\rscript:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:msgbox",
    "file:///etc/passwd",
    "blob:https://app.example/1",
    "about:blank",
    "view-source:https://app.example",
    "https://user:pass@app.example/",
    "https://user@app.example/",
    "https://@app.example/",
    "https://",
    "https:///path",
    "https:app.example",
    "https:/app.example",
    "http://:80/",
    "https://app.example:99999/",
    "https://app.example:port/",
    "https://[::1/",
    "https://app.example\\@evil.example/",
    "https:\\\\evil.example",
    "//app.example/path",
    "/path",
    "app.example",
    "?x=1",
    "://app.example",
    "1app://x",
    "https://app.example/a b",
    "https://app.example/\u202e",
    "https://app.example/\u00a0",
    "https://app.example/" + "x" * 3000,
]


@pytest.mark.parametrize("path", ENTRANCES)
@pytest.mark.parametrize("name", URL_PARAMETERS)
async def test_no_end_user_is_sent_to_an_address_that_runs_or_hides_something(
    a: Caller, path: str, name: str
) -> None:
    for url in REFUSED_URLS:
        refused(await _post(a, path, {name: url}), 400, f"invalid {name}")


@pytest.mark.parametrize("path", ENTRANCES)
@pytest.mark.parametrize("name", URL_PARAMETERS)
async def test_web_addresses_and_deep_links_are_taken(a: Caller, path: str, name: str) -> None:
    for url in (
        "https://app.example",
        "https://app.example/done?next=1#top",
        "HTTPS://APP.EXAMPLE/",
        "http://localhost:3000/callback",
        "http://127.0.0.1:8080/",
        "https://[2001:db8::1]:8443/x",
        "https://bücher.example/ü",
        "myapp://connected",
        "myapp://",
        "com.example.app:/oauth",
        "exp://192.168.1.2:8081/--/done",
    ):
        answer = await _post(a, path, {name: url})
        assert answer.status_code == 200, f"{url}: {answer.text}"


ODD_BODIES: list[tuple[bytes, int]] = [
    (b"{", 400),
    (b"reference_id=ann", 400),
    (b"[]", 400),
    (b"7", 400),
    (b'"ann"', 400),
    (b'{"reference_id":7}', 400),
    (b'{"reference_id":["ann"]}', 400),
    (b'{"reference_id":{}}', 400),
    (b'{"reference_id":true}', 400),
    (b'{"reference_id":NaN}', 400),
    (b'{"auth_success_redirect_url":7}', 400),
    (b'{"language":["en"]}', 400),
    (b'{"language":"<script>"}', 400),
    (b'{"reference_id":"\xff\xfe"}', 400),
    (b"\xff", 400),
    (b'{"reference_id":' + b"9" * 5000 + b"}", 400),
    (b"[" * 100_000 + b"]" * 100_000, 400),
    (b'{"reference_id":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    (b'{"reference_id":"' + b"x" * 3_000_000 + b'"}', 413),
]


@pytest.mark.parametrize("path", ENTRANCES)
async def test_a_body_that_is_not_ours_is_refused_and_never_breaks_us(a: Caller, path: str) -> None:
    for content, status in ODD_BODIES:
        refused(await _post(a, path, content=content, headers=JSON), status)


async def test_a_large_body_that_comes_in_pieces_is_refused(a: Caller) -> None:
    async def pieces() -> Any:
        for _ in range(30):
            yield b" " * 100_000

    refused(await _post(a, AUTH_PATHS[0], content=pieces(), headers=JSON), 413)


async def test_a_refusal_does_not_repeat_a_value(a: Caller) -> None:
    body = refused(await _post(a, AUTH_PATHS[0], {"auth_success_redirect_url": "javascript:secret"}), 400)
    assert "javascript" not in json.dumps(body)


async def test_a_widget_may_be_limited_to_known_providers(a: Caller) -> None:
    for providers in ("SANDBOX", "sandbox", " sandbox ,SANDBOX", "", ","):
        assert (await _post(a, WIDGET_PATHS[0], {"providers": providers})).status_code == 200


async def test_a_widget_with_an_unknown_provider_is_refused(a: Caller) -> None:
    for providers in ("NOBODY", "SANDBOX,NOBODY", "SANDBOX;OURA", "a\x00b"):
        refused(await _post(a, WIDGET_PATHS[0], {"providers": providers}), 400, "providers")


async def test_connecting_again_needs_a_user_of_ones_own(callers: Callers, a: Caller, b: Caller) -> None:
    user_id = await callers.connected(b, "acc-ann")
    for text in (user_id, "not-an-id"):
        refused(await _post(a, AUTH_PATHS[0], {"user_id": text}), 404, "user not found")
    assert (await _post(b, AUTH_PATHS[0], {"user_id": user_id})).status_code == 200
