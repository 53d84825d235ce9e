"""Who may call: a live key of the developer that is named, and nothing else."""

import httpx
import pytest

from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys

RANGES = ("activity", "body", "daily", "menstruation", "nutrition", "plannedWorkout", "sleep")
WITH_A_KEY = [
    ("POST", "/v2/auth/authenticateUser?resource=SANDBOX"),
    ("POST", "/api/v2/auth/authenticateUser?resource=SANDBOX"),
    ("POST", "/v2/auth/generateWidgetSession"),
    ("POST", "/v2/auth/generateAuthToken"),
    ("POST", "/v2/auth/tokens"),
    ("POST", "/v2/auth/tokens?reference_id=ann"),
    ("POST", "/api/widget/session"),
    ("POST", "/widget/api/session"),
    ("DELETE", f"/v2/auth/deauthenticateUser?user_id={NOBODY}"),
    ("GET", f"/v2/userInfo?user_id={NOBODY}"),
    ("GET", "/v2/subscriptions"),
    ("POST", "/v2/bulkUserInfo"),
    ("PATCH", f"/v2/users/{NOBODY}"),
    *(("GET", f"/v2/{kind}?user_id={NOBODY}&start_date=2026-11-01") for kind in RANGES),
    ("GET", f"/v2/athlete?user_id={NOBODY}"),
    ("GET", f"/v2/dataRequests/{NOBODY}"),
    *((method, "/v2/destinations") for method in ("GET", "POST")),
    *((method, f"/api/v2/destinations/{NOBODY}") for method in ("GET", "PATCH", "DELETE")),
    *(
        ("POST", f"/v2/destinations/{NOBODY}/{action}")
        for action in ("rotate-secret", "pause", "resume", "enable", "disable", "test")
    ),
    ("GET", f"/v2/destinations/{NOBODY}/health"),
    ("GET", "/v2/deliveries"),
    ("GET", f"/v2/deliveries/{NOBODY}/{NOBODY}"),
    ("POST", f"/v2/deliveries/{NOBODY}/{NOBODY}/resend"),
    ("GET", "/v2/events"),
    ("GET", "/v2/events/log"),
    ("GET", f"/v2/events/{NOBODY}"),
    ("POST", f"/v2/events/{NOBODY}/resend"),
    ("POST", f"/v2/destinations/{NOBODY}/recover"),
    ("GET", f"/v2/destinations/{NOBODY}/recoveries"),
    ("GET", f"/v2/recoveries/{NOBODY}"),
    ("POST", f"/v2/recoveries/{NOBODY}/cancel"),
    *(
        ("POST", f"/v2/{kind}?user_id={NOBODY}")
        for kind in ("activity", "body", "nutrition", "plannedWorkout")
    ),
    *(("DELETE", f"/v2/{kind}?user_id={NOBODY}") for kind in ("body", "nutrition", "plannedWorkout")),
]


async def test_every_call_without_credentials_is_refused(client: httpx.AsyncClient) -> None:
    for method, path in WITH_A_KEY:
        answer = await client.request(method, path, json=[])
        body = refused(answer, 401, "dev-id or x-api-key headers are missing")
        assert body["title"] == "unauthorized"
        assert body["instance"] == path


async def test_the_list_of_providers_needs_no_key(client: httpx.AsyncClient) -> None:
    for path in ("/v2/integrations", "/v2/integrations/detailed", "/api/v2/integrations"):
        assert (await client.get(path)).status_code == 200


async def test_half_of_the_credentials_is_none(a: Caller, callers: Callers) -> None:
    for headers in (
        {"dev-id": a.dev_id},
        {"x-api-key": a.api_key},
        {"dev-id": a.dev_id, "x-api-key": ""},
        {"dev-id": "", "x-api-key": a.api_key},
    ):
        async with callers.http(**headers) as http:
            refused(await http.get("/v2/subscriptions"), 401, "headers are missing")


async def test_a_wrong_key_and_a_wrong_developer_get_the_same_answer(
    a: Caller, b: Caller, callers: Callers
) -> None:
    answers = []
    for dev_id, key in (
        (a.dev_id, a.api_key[:-1]),
        (a.dev_id, a.api_key + "x"),
        (a.dev_id, a.api_key.swapcase()),
        (a.dev_id, a.dev_id),
        (a.dev_id, b.api_key),
        (b.dev_id, a.api_key),
        (a.dev_id.upper(), a.api_key),
        ("nobody", a.api_key),
        ("nobody", "wgk_nothing"),
    ):
        async with callers.http(**{"dev-id": dev_id, "x-api-key": key}) as http:
            answers.append(refused(await http.get("/v2/subscriptions"), 401))
    assert all(answer == answers[0] for answer in answers)


async def test_a_revoked_key_is_refused_at_once_and_the_others_live_on(
    a: Caller, callers: Callers, db: Database
) -> None:
    second = await callers.key(a.dev_id, "second")
    third = await callers.key(a.dev_id, "third")
    for text in (a.api_key, second, third):
        async with callers.http(**{"dev-id": a.dev_id, "x-api-key": text}) as http:
            assert (await http.get("/v2/subscriptions")).status_code == 200
    listed = {key.name: key.id for key in await keys.list_keys(db.autocommit, a.dev_id)}
    await keys.revoke_key(db.autocommit, a.dev_id, listed["second"])
    for text, status in ((a.api_key, 200), (second, 401), (third, 200)):
        async with callers.http(**{"dev-id": a.dev_id, "x-api-key": text}) as http:
            assert (await http.get("/v2/subscriptions")).status_code == status


async def test_a_key_revoked_twice_stays_revoked(a: Caller, db: Database) -> None:
    (key,) = await keys.list_keys(db.autocommit, a.dev_id)
    await keys.revoke_key(db.autocommit, a.dev_id, key.id)
    await keys.revoke_key(db.autocommit, a.dev_id, key.id)
    refused(await a.http.get("/v2/subscriptions"), 401)


async def test_nobody_revokes_the_key_of_another_developer(a: Caller, b: Caller, db: Database) -> None:
    (key,) = await keys.list_keys(db.autocommit, a.dev_id)
    with pytest.raises(Exception, match="API key not found"):
        await keys.revoke_key(db.autocommit, b.dev_id, key.id)
    assert (await a.http.get("/v2/subscriptions")).status_code == 200


ABSURD = [
    b"\x00",
    b"\xff\xfe",
    "schlüssel".encode(),
    b"' OR 1=1 --",
    b"x" * 10_000,
    b"wgk_" + b"A" * 43,
    b"wgk_",
    b"*",
    b"%00",
    b"null",
    b"{}",
    b"\t",
]


async def test_absurd_headers_are_refused_as_wrong_ones_are(a: Caller, client: httpx.AsyncClient) -> None:
    mine = a.dev_id.encode(), a.api_key.encode()
    for value in ABSURD:
        for dev_id, key in ((mine[0], value), (value, mine[1]), (value, value)):
            headers = [(b"dev-id", dev_id), (b"x-api-key", key)]
            refused(await client.get("/v2/subscriptions", headers=headers), 401)


async def test_a_header_that_comes_twice_does_not_mix_two_developers(
    a: Caller, b: Caller, callers: Callers, client: httpx.AsyncClient
) -> None:
    await callers.connected(b, "acc-ben")
    for headers in (
        [("dev-id", a.dev_id), ("dev-id", b.dev_id), ("x-api-key", a.api_key)],
        [("dev-id", b.dev_id), ("dev-id", a.dev_id), ("x-api-key", a.api_key)],
    ):
        answer = await client.get("/v2/subscriptions", headers=headers)
        assert answer.status_code == 401 or answer.json() == {"users": []}


async def test_the_key_is_kept_as_a_hash_alone(a: Caller, db: Database) -> None:
    row = await db.autocommit.fetchrow("SELECT * FROM api_keys WHERE dev_id = $1", a.dev_id)
    assert row is not None
    assert a.api_key not in str(dict(row))
    assert a.api_key.removeprefix("wgk_")[:8] not in str(dict(row))


async def test_a_path_that_leads_nowhere_answers_in_both_forms(a: Caller) -> None:
    for path in ("/v2/nothing", "/v2", "/api/v2/", "/nothing", "/v2/users/", "/v2/%2e%2e/x"):
        assert refused(await a.http.get(path), 404)["title"] == "not found"


async def test_a_wrong_method_answers_in_both_forms(a: Caller) -> None:
    answer = await a.http.put("/v2/userInfo")
    refused(answer, 405)
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("prefix", ["/v2", "/api/v2"])
async def test_a_wrong_method_names_all_methods_of_its_path(a: Caller, prefix: str) -> None:
    for path, allowed in (
        ("/body", "DELETE, GET, POST"),
        ("/activity", "GET, POST"),
        (f"/users/{NOBODY}", "PATCH"),
        ("/auth/deauthenticateUser", "DELETE"),
    ):
        for method in ("PUT", "TRACE", "OPTIONS", "HEAD"):
            answer = await a.http.request(method, prefix + path)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed), (method, path)
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_broken_database_is_told_without_details(a: Caller, db: Database) -> None:
    await db.autocommit.execute("ALTER TABLE connections RENAME TO elsewhere")
    body = refused(await a.http.get("/v2/subscriptions"), 500)
    assert body["detail"] == "internal error"
