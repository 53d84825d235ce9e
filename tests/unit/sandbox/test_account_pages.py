import json

import httpx

from .walks import EVERYTHING, Walk, hidden_fields


async def signed_in(walk: Walk, name: str = "ada") -> httpx.Response:
    answer = await walk.http.post("/account/sign-in", data={"account": name})
    assert answer.status_code == 303
    return await walk.http.get("/account")


async def press(walk: Walk, page: httpx.Response, button: str, **fields: str | list[str]) -> httpx.Response:
    seal = hidden_fields(page.text)["seal"]
    answer = await walk.http.post(f"/account/{button}", data={"seal": seal, "client_id": "app", **fields})
    assert answer.status_code == 303, answer.text
    return await walk.http.get(answer.headers["location"])


async def test_the_account_page_asks_for_a_name_first(walk: Walk) -> None:
    assert "Sign in" in (await walk.http.get("/account")).text
    assert (await walk.http.post("/account/sign-in", data={"account": "<b>"})).status_code == 400
    assert "No app is connected" in (await signed_in(walk)).text


async def test_revoke_on_the_page_disconnects_the_app(walk: Walk) -> None:
    tokens = await walk.connect()
    page = await signed_in(walk)
    assert "First App" in page.text
    page = await press(walk, page, "revoke")
    assert "disconnected" in page.text
    assert "First App" not in page.text
    assert not await walk.alive(tokens["access_token"])


async def test_change_on_the_page_narrows_what_the_app_may_read(walk: Walk) -> None:
    tokens = await walk.connect()
    page = await signed_in(walk)
    await press(walk, page, "scopes", scope=["daily"])
    assert (await walk.get("/v1/me", tokens["access_token"])).json()["scopes"] == ["daily"]


async def test_sync_on_the_page_raises_todays_revision(walk: Walk) -> None:
    page = await signed_in(walk)
    assert "revision 0" in page.text
    assert "revision 1" in (await press(walk, page, "sync")).text


async def test_sync_on_the_page_brings_everything_that_an_app_may_read(walk: Walk) -> None:
    walk.notice_url = "http://127.0.0.1:9/"
    walk.start()
    await walk.connect(asked=EVERYTHING, scopes=["hormone", "body", "write"])
    await press(walk, await signed_in(walk), "sync")
    (notice,) = walk.app.state.vendor.state.pending.values()
    assert json.loads(notice.body)["kinds"] == ["body", "hormone"]


async def test_signing_out_ends_it(walk: Walk) -> None:
    page = await signed_in(walk)
    assert "Sign in" in (await press(walk, page, "sign-out")).text
    answer = await walk.http.post("/account/sync", data={"seal": hidden_fields(page.text)["seal"]})
    assert answer.status_code == 403


async def test_a_form_made_for_one_person_does_nothing_for_another(walk: Walk) -> None:
    seal = hidden_fields((await signed_in(walk, "mallory")).text)["seal"]
    tokens = await walk.connect()
    await signed_in(walk, "ada")
    answer = await walk.http.post("/account/revoke", data={"seal": seal, "client_id": "app"})
    assert answer.status_code == 403
    assert await walk.alive(tokens["access_token"])


async def test_a_made_up_cookie_signs_nobody_in(walk: Walk) -> None:
    for cookie in ("ada.0", "ada", ".", "ada.%C3%A9"):
        page = await walk.http.get("/account", headers={"cookie": f"sandbox_account={cookie}"})
        assert "Sign in" in page.text
