"""End users end a connection in a session that lets them, and only their own."""

from uuid import UUID

import httpx
import pytest

from tests.fakes.gateway import hidden_fields
from tests.web.callers import NOBODY, Caller, Callers, refused
from tests.web.connect_pages import Stage, links, token_of
from tests.web.pages import page, plain, redirected
from wearable_gateway.developers import audit


@pytest.fixture
async def stage(callers: Callers, a: Caller) -> Stage:
    made = Stage(callers, a)
    await made.provider("POLAR")
    return made


async def _linked(stage: Stage) -> list[str]:
    return [user["user_id"] for user in (await stage.caller.http.get("/v2/subscriptions")).json()["users"]]


async def test_an_end_user_disconnects_what_is_theirs(stage: Stage, client: httpx.AsyncClient) -> None:
    mine = await stage.callers.connected(stage.caller, "acc-1", "ann <b>")
    other = await stage.callers.connected(stage.caller, "acc-2", "ben")
    session = await stage.session(reference_id="ann <b>", show_disconnect=True)
    shown = await client.get(session)
    path = f"/connect/{token_of(session)}/disconnect/{mine}"
    assert links(shown, '/connect/[^/]+/disconnect/[^"]+') == [path]
    assert "Connected since" in page(shown)
    asked = await client.get(path)
    page(asked, 200, "Disconnect Sandbox Wearables?")
    assert await _linked(stage) == [mine, other]  # asking changes nothing
    done = await client.post(path, data=hidden_fields(asked.text))
    assert redirected(done, f"http://gateway.test{session}") == {"disconnected": "SANDBOX"}
    page(await client.get(done.headers["location"]), 200, "is disconnected from Company A")
    assert await _linked(stage) == [other]
    assert await stage.events("deauth") == 1
    (entry,) = await audit.history(stage.callers.db.autocommit, stage.caller.dev_id, f"connection:{mine}")
    assert (entry.actor, entry.action) == ("end-user:ann <b>", "connection.deauthenticated")
    # Sent twice, it is gone, and the way leads back.
    again = await client.post(path, data=hidden_fields(asked.text))
    page(again, 404, "This account is not connected")
    page(await client.get(path), 404, "This account is not connected")
    assert links(again, "/connect/[^/]+") == [f"/connect/{token_of(session)}"]
    assert "Back to the list" in page(again, 404)
    assert await stage.events("deauth") == 1
    ((state, *_),) = await stage.begun()
    assert state == "open"


async def test_only_a_form_of_this_session_and_this_browser_disconnects(
    stage: Stage, client: httpx.AsyncClient, callers: Callers
) -> None:
    mine = await callers.connected(stage.caller, "acc-1", "ann")
    sessions = [await stage.session(reference_id="ann", show_disconnect=True) for _ in range(2)]
    one, two = (f"/connect/{token_of(session)}/disconnect/{mine}" for session in sessions)
    csrf = hidden_fields((await client.get(one)).text)["csrf"]
    for path, data in ((one, {}), (one, {"csrf": ""}), (one, {"csrf": "ü\x00"}), (two, {"csrf": csrf})):
        page(await client.post(path, data=data), 403, "That did not work")
    async with callers.http() as stranger:
        page(await stranger.post(one, data={"csrf": csrf}), 403)
        await stranger.get(one)
        page(await stranger.post(one, data={"csrf": csrf}), 403)
    assert await _linked(stage) == [mine]
    assert (await client.post(one, data={"csrf": csrf})).status_code == 303


async def test_nobody_elses_connection_is_shown_or_ended(
    stage: Stage, client: httpx.AsyncClient, callers: Callers, b: Caller
) -> None:
    ben = await callers.connected(stage.caller, "acc-2", "ben")
    nameless = await callers.connected(stage.caller, "acc-3")
    at_b = await callers.connected(b, "acc-1", "ann")
    ann = await callers.connected(stage.caller, "acc-1", "ann")
    revoked = await callers.connected(stage.caller, "acc-4", "ann")
    await callers.db.autocommit.execute(
        "UPDATE connections SET state = 'revoked' WHERE id = $1", UUID(revoked)
    )
    everyone = [ann, ben, nameless, at_b, revoked, NOBODY, "x", "a%00b"]
    for body, allowed in (
        ({"reference_id": "ann", "show_disconnect": True}, {ann}),
        ({"reference_id": "ann", "show_disconnect": True, "providers": "POLAR"}, set()),
        ({"reference_id": "ann", "show_disconnect": False}, set()),
        ({"reference_id": "ann"}, set()),
        ({"show_disconnect": True}, set()),
        ({"reference_id": "", "show_disconnect": True}, set()),
        ({"reference_id": "nobody", "show_disconnect": True}, set()),
    ):
        session = await stage.session(**body)
        shown = links(await client.get(session), '/connect/[^/]+/disconnect/[^"]+')
        assert {link.rpartition("/")[2] for link in shown} == allowed
        for user_id in everyone:
            path = f"/connect/{token_of(session)}/disconnect/{user_id}"
            asked = await client.get(path)
            assert asked.status_code == (200 if user_id in allowed else 404), (body, user_id)
            if user_id not in allowed:
                assert (await client.post(path, data={"csrf": "x"})).status_code in {403, 404}
    assert await stage.events("deauth") == 0


async def test_a_session_that_is_over_disconnects_nothing(stage: Stage, client: httpx.AsyncClient) -> None:
    mine = await stage.callers.connected(stage.caller, "acc-1", "ann")
    session = await stage.session(reference_id="ann", show_disconnect=True)
    path = f"/connect/{token_of(session)}/disconnect/{mine}"
    csrf = hidden_fields((await client.get(path)).text)["csrf"]
    for change in (
        "expires_at = created_at",
        "state = 'completed', expires_at = created_at + interval '1 day'",
    ):
        await stage.callers.db.autocommit.execute(f"UPDATE flows SET {change}")
        assert "disconnect/" not in plain(await client.get(session))
        assert (await client.post(path, data={"csrf": csrf})).status_code in {200, 400}
        await stage.callers.db.autocommit.execute("UPDATE flows SET state = 'open', reason = NULL")
    assert await _linked(stage) == [mine]


async def test_a_front_end_may_show_only_its_own_end_users_connections(
    stage: Stage, callers: Callers
) -> None:
    http = stage.caller.http
    for params, body, status in (
        ({}, {"reference_id": "ann", "show_disconnect": True}, 403),
        ({}, {"reference_id": "ann"}, 200),
        ({"reference_id": "ann"}, {"show_disconnect": True}, 200),
        ({"reference_id": "ann"}, {"reference_id": "ben", "show_disconnect": True}, 403),
    ):
        token = (await http.post("/v2/auth/tokens", params=params)).json()["token"]
        headers = {"dev-id": stage.caller.dev_id, "authorization": f"Bearer {token}"}
        async with callers.http(**headers) as front_end:
            answer = await front_end.post("/v2/auth/generateWidgetSession", json=body)
            assert answer.status_code == status, answer.text
    for path in ("/v2/auth/generateWidgetSession", "/api/widget/session"):
        assert (await http.post(path, json={"show_disconnect": None})).status_code == 200
        refused(await http.post(path, json={"show_disconnect": []}), 400, "invalid show_disconnect")
