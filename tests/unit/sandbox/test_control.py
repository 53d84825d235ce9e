import httpx
import pytest

from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import VendorConfig
from wearable_gateway.sandbox.instruments import CALLS
from wearable_gateway.sandbox.kinds import READ_BY_DAY

from .walks import CONTROL, EVERYTHING, Walk


async def test_calls_are_counted_by_endpoint(walk: Walk) -> None:
    tokens = await walk.connect()
    await walk.refresh(tokens["refresh_token"])
    for path in ("/v1/me", "/v1/days", "/v1/days", "/v1/sleeps"):
        await walk.get(path, tokens["access_token"])
    calls = (await walk.counters())["calls"]
    assert set(calls) == set(CALLS)
    assert {name: count for name, count in calls.items() if count} == {
        "token.authorization_code": 1,
        "token.refresh_token": 1,
        "me": 1,
        "days": 2,
        "sleeps": 1,
    }


async def test_calls_for_every_kind_are_counted_under_its_address(walk: Walk) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    for kind in READ_BY_DAY:
        await walk.get(f"/v1/{kind.name}", token)
    await walk.get("/v1/profile", token)
    for name in ("workouts", "body", "meals", "plans"):
        await walk.post(f"/v1/{name}", token, {})
    for name in ("body", "meals", "plans"):
        await walk.delete(f"/v1/{name}/nothing", token)
    calls = (await walk.counters())["calls"]
    of_tokens = {"token.authorization_code", "token.refresh_token", "revoke", "me"}
    assert {name: count for name, count in calls.items() if name not in of_tokens} == dict.fromkeys(
        set(CALLS) - of_tokens, 1
    )


async def test_a_planned_failure_happens_as_often_as_planned(walk: Walk) -> None:
    tokens = await walk.connect()
    await walk.control("fail", endpoint="data", status=500, times=2)
    days = {"from": "2026-11-01", "to": "2026-11-01"}
    paths = ("/v1/days", "/v1/workouts", "/v1/sleeps")
    answers = [await walk.get(path, tokens["access_token"], **days) for path in paths]
    assert [answer.status_code for answer in answers] == [500, 500, 200]
    assert await walk.alive(tokens["access_token"])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"status": 429, "retry_after": 7}, (429, "7")),
        ({"status": 202, "retry_after": 3}, (202, "3")),
        ({"status": 202}, (202, None)),
        ({"status": 503, "retry_after": 0}, (503, "0")),
    ],
)
async def test_a_planned_failure_can_say_when_to_come_back(
    walk: Walk, order: dict[str, int], expected: tuple[int, str | None]
) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    days = {"from": "2026-11-01", "to": "2026-11-01"}
    for endpoint, calls in (
        ("data", [("GET", "/v1/days"), ("GET", "/v1/profile")]),
        ("write", [("POST", "/v1/body"), ("DELETE", "/v1/meals/mea_1")]),
        ("token", [("POST", "/oauth/token")]),
    ):
        await walk.control("fail", endpoint=endpoint, times=len(calls), **order)
        for method, path in calls:
            answer = await walk.http.request(
                method, path, params=days, headers={"authorization": f"Bearer {token}"}
            )
            assert (answer.status_code, answer.headers.get("retry-after")) == expected
    assert (await walk.get("/v1/days", token, **days)).status_code == 200


async def test_failures_of_reads_and_of_writes_are_planned_apart(walk: Walk) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    item = {"started_at": "2026-11-21T08:00:00+01:00"}
    await walk.control("fail", endpoint="write", status=500, times=1)
    assert (await walk.get("/v1/profile", token)).status_code == 200
    assert [(await walk.post("/v1/body", token, item)).status_code for _ in range(2)] == [500, 201]


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
