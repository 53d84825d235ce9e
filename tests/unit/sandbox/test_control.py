import httpx

from wearable_gateway.sandbox import VendorConfig, create_vendor

from .walks import CONTROL, Walk


async def test_calls_are_counted_by_endpoint(walk: Walk) -> None:
    tokens = await walk.connect()
    await walk.refresh(tokens["refresh_token"])
    for path in ("/v1/me", "/v1/days", "/v1/days", "/v1/sleeps"):
        await walk.get(path, tokens["access_token"])
    assert (await walk.counters())["calls"] == {
        "token.authorization_code": 1,
        "token.refresh_token": 1,
        "revoke": 0,
        "me": 1,
        "days": 2,
        "workouts": 0,
        "sleeps": 1,
    }


async def test_a_planned_failure_happens_as_often_as_planned(walk: Walk) -> None:
    tokens = await walk.connect()
    await walk.control("fail", endpoint="data", status=500, times=2)
    days = {"from": "2026-11-01", "to": "2026-11-01"}
    paths = ("/v1/days", "/v1/workouts", "/v1/sleeps")
    answers = [await walk.get(path, tokens["access_token"], **days) for path in paths]
    assert [answer.status_code for answer in answers] == [500, 500, 200]
    assert await walk.alive(tokens["access_token"])


async def test_a_failed_token_call_spends_nothing(walk: Walk) -> None:
    tokens = await walk.connect()
    await walk.control("fail", endpoint="token", status=400, times=1, error="invalid_grant")
    failed = await walk.refresh(tokens["refresh_token"])
    assert (failed.status_code, failed.json()) == (400, {"error": "invalid_grant"})
    walk.clock.now += 3600
    assert (await walk.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_failed_revocation_revokes_nothing(walk: Walk) -> None:
    tokens = await walk.connect()
    await walk.control("fail", endpoint="revoke")
    answer = await walk.http.post(
        "/oauth/revoke", data={"token": tokens["access_token"]}, auth=("app", "app secret")
    )
    assert answer.status_code == 503
    assert await walk.alive(tokens["access_token"])


async def test_revoke_disconnects_the_named_client_or_all(walk: Walk) -> None:
    for client_id in ("app", "other"):
        await walk.connect(client_id=client_id)
    assert await walk.control("revoke", account="ada", client_id="app") == {"revoked": 1}
    assert await walk.control("revoke", account="ada", client_id="app") == {"revoked": 0}
    assert await walk.control("revoke", account="ADA") == {"revoked": 1}
    assert await walk.control("revoke", account="nobody") == {"revoked": 0}


async def test_a_push_without_a_day_is_about_today_where_the_account_lives(walk: Walk) -> None:
    pushed = await walk.control("push", account="ada")
    assert pushed["date"] in {"2026-09-20", "2026-09-21", "2026-09-22"}
    assert pushed["notices"] == 0


async def test_a_vendor_without_a_control_token_has_no_control() -> None:
    app = create_vendor(VendorConfig())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vendor.test") as http:
        assert (await http.post("/control/push", json={}, headers=CONTROL)).status_code == 404
        assert (await http.get("/control/counters", headers=CONTROL)).status_code == 404
