import json
from pathlib import Path

from .walks import EVERYTHING, Walk


async def test_everything_acknowledged_survives_a_crash(tmp_path: Path) -> None:
    walk = Walk(state_file=tmp_path / "deep" / "state.json", notice_url="http://127.0.0.1:9/")
    tokens = await walk.connect(scopes=["daily", "sleep"])
    refreshed = (await walk.refresh(tokens["refresh_token"])).json()
    code = (await walk.consent(account="bob"))["code"]
    pushed = await walk.control("push", account="ada", date="2026-11-21")
    before = await walk.get("/v1/days", tokens["access_token"], **{"from": "2026-11-21", "to": "2026-11-21"})
    walk.start()
    after = await walk.get("/v1/days", tokens["access_token"], **{"from": "2026-11-21", "to": "2026-11-21"})
    assert after.json() == before.json()
    assert (pushed["notices"], (await walk.counters())["notices"]["pending"]) == (1, 1)
    assert (await walk.refresh(tokens["refresh_token"])).json() == refreshed
    assert (await walk.redeem(code)).status_code == 200
    assert (await walk.redeem(code)).status_code == 400


async def test_what_a_client_wrote_survives_a_crash(tmp_path: Path) -> None:
    walk = Walk(state_file=tmp_path / "state.json")
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    added = await walk.post("/v1/plans", token, {"starts_at": "2026-11-21T18:00:00+01:00", "sport": "swim"})
    before = await walk.items("/v1/plans", token, "2026-11-21", "2026-11-21")
    walk.start()
    assert await walk.items("/v1/plans", token, "2026-11-21", "2026-11-21") == before
    assert added.json()["id"] in {plan["id"] for plan in before}
    assert (await walk.delete(f"/v1/plans/{added.json()['id']}", token)).status_code == 204
    walk.start()
    left = await walk.items("/v1/plans", token, "2026-11-21", "2026-11-21")
    assert added.json()["id"] not in {plan["id"] for plan in left}


async def test_a_state_file_from_before_clients_could_write_still_loads(tmp_path: Path) -> None:
    walk = Walk(state_file=tmp_path / "state.json")
    tokens = await walk.connect()
    state = json.loads((tmp_path / "state.json").read_text())
    assert state.pop("written") == {}
    (tmp_path / "state.json").write_text(json.dumps(state))
    walk.start()
    assert await walk.alive(tokens["access_token"])


async def test_a_revocation_survives_a_crash(tmp_path: Path) -> None:
    walk = Walk(state_file=tmp_path / "state.json")
    tokens = await walk.connect()
    assert await walk.control("revoke", account="ada") == {"revoked": 1}
    walk.start()
    assert not await walk.alive(tokens["access_token"])
    assert (await walk.refresh(tokens["refresh_token"])).status_code == 400


async def test_no_token_and_no_code_is_written_down(tmp_path: Path) -> None:
    walk = Walk(state_file=tmp_path / "state.json")
    code = (await walk.consent())["code"]
    tokens = (await walk.redeem(code)).json()
    refreshed = (await walk.refresh(tokens["refresh_token"])).json()
    written = (tmp_path / "state.json").read_text()
    for answer in (tokens, refreshed):
        assert answer["access_token"] not in written
        assert answer["refresh_token"] not in written
    assert code not in written
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0
