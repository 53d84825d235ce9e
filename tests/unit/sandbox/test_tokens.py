import httpx
import pytest

from .walks import VERIFIER, Walk


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"])


async def test_a_code_becomes_tokens_that_read_the_account(walk: Walk) -> None:
    tokens = await walk.connect(account="Ada")
    assert {name: tokens[name] for name in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "daily activity sleep",
    }
    me = await walk.get("/v1/me", tokens["access_token"])
    assert me.json() == {
        "account_id": tokens["account_id"],
        "name": "Ada",
        "scopes": ["daily", "activity", "sleep"],
    }


async def test_an_account_has_the_same_id_however_its_name_is_written(walk: Walk) -> None:
    first, second = await walk.connect(account="Ada"), await walk.connect(account="aDA")
    assert first["account_id"] == second["account_id"]


async def test_the_secret_may_also_come_in_the_body(walk: Walk) -> None:
    code = (await walk.consent())["code"]
    answer = await walk.http.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": "https://client.test/callback",
            "code_verifier": VERIFIER,
            "client_id": "app",
            "client_secret": "app secret",
        },
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("secret", ["wrong", "", "é"])
async def test_a_client_with_a_wrong_secret_gets_nothing(walk: Walk, secret: str) -> None:
    answer = await walk.http.post("/oauth/token", data={"grant_type": "refresh_token"}, auth=("app", secret))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 50}, {"redirect_uri": "https://client.test/"}, {"client_id": "other"}]
)
async def test_a_code_is_bound_to_verifier_address_and_client(walk: Walk, changes: dict[str, str]) -> None:
    code = (await walk.consent())["code"]
    assert refused(await walk.redeem(code, **changes)) == "invalid_grant"
    assert (await walk.redeem(code)).status_code == 200


async def test_a_code_lives_for_a_minute(walk: Walk) -> None:
    code = (await walk.consent())["code"]
    walk.clock.now += 61
    assert refused(await walk.redeem(code)) == "invalid_grant"


async def test_a_code_used_twice_takes_back_what_the_first_use_got(walk: Walk) -> None:
    earlier = await walk.connect()
    code = (await walk.consent())["code"]
    first = (await walk.redeem(code)).json()
    refreshed = (await walk.refresh(first["refresh_token"])).json()
    assert refused(await walk.redeem(code)) == "invalid_grant"
    assert not await walk.alive(first["access_token"])
    assert not await walk.alive(refreshed["access_token"])
    assert refused(await walk.refresh(refreshed["refresh_token"])) == "invalid_grant"
    assert await walk.alive(earlier["access_token"])


async def test_an_access_token_expires(walk: Walk) -> None:
    tokens = await walk.connect()
    walk.clock.now += 3600
    answer = await walk.get("/v1/me", tokens["access_token"])
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})
    assert (await walk.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_refresh_gives_new_tokens_each_time(walk: Walk) -> None:
    tokens = await walk.connect()
    seen = {tokens["refresh_token"], tokens["access_token"]}
    for _ in range(3):
        tokens = (await walk.refresh(tokens["refresh_token"])).json()
        assert seen.isdisjoint({tokens["refresh_token"], tokens["access_token"]})
        seen |= {tokens["refresh_token"], tokens["access_token"]}
        assert await walk.alive(tokens["access_token"])


async def test_a_client_that_lost_the_answer_gets_the_same_one_again(walk: Walk) -> None:
    spent = (await walk.connect())["refresh_token"]
    lost = (await walk.refresh(spent)).json()
    walk.clock.now += 30
    again = (await walk.refresh(spent)).json()
    assert again == lost | {"expires_in": 3570}


async def test_a_spent_refresh_token_is_refused_after_the_grace_time(walk: Walk) -> None:
    spent = (await walk.connect())["refresh_token"]
    fresh = (await walk.refresh(spent)).json()
    walk.clock.now += 31
    assert refused(await walk.refresh(spent)) == "invalid_grant"
    assert await walk.alive(fresh["access_token"])


async def test_a_spent_refresh_token_is_refused_once_its_successor_was_used(walk: Walk) -> None:
    spent = (await walk.connect())["refresh_token"]
    await walk.refresh((await walk.refresh(spent)).json()["refresh_token"])
    assert refused(await walk.refresh(spent)) == "invalid_grant"


async def test_another_clients_refresh_token_is_refused(walk: Walk) -> None:
    tokens = await walk.connect()
    answer = await walk.token("refresh_token", client_id="other", refresh_token=tokens["refresh_token"])
    assert refused(answer) == "invalid_grant"


async def test_a_second_consent_leaves_earlier_tokens_alive_and_decides_the_scopes(walk: Walk) -> None:
    first, second = await walk.connect(), await walk.connect(scopes=["sleep"])
    assert second["scope"] == "sleep"
    assert (await walk.get("/v1/me", first["access_token"])).json()["scopes"] == ["sleep"]


async def test_a_vendor_of_the_other_kind_kills_earlier_tokens_when_the_new_code_is_redeemed(
    walk: Walk,
) -> None:
    await walk.control("switch", second_consent_kills_earlier=True)
    first = await walk.connect()
    others = await walk.connect(client_id="other")
    code = (await walk.consent())["code"]
    assert await walk.alive(first["access_token"])
    second = (await walk.redeem(code)).json()
    assert not await walk.alive(first["access_token"])
    assert refused(await walk.refresh(first["refresh_token"])) == "invalid_grant"
    assert await walk.alive(second["access_token"])
    assert await walk.alive(others["access_token"])


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_revoking_one_token_revokes_the_whole_authorisation(walk: Walk, which: str) -> None:
    first, second = await walk.connect(), await walk.connect()
    unredeemed = (await walk.consent())["code"]
    others = await walk.connect(client_id="other")
    answer = await walk.http.post("/oauth/revoke", data={"token": first[which]}, auth=("app", "app secret"))
    assert answer.status_code == 200
    for tokens in (first, second):
        assert not await walk.alive(tokens["access_token"])
        assert refused(await walk.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert refused(await walk.redeem(unredeemed)) == "invalid_grant"
    assert await walk.alive(others["access_token"])


async def test_revoking_what_is_unknown_or_not_ones_own_changes_nothing(walk: Walk) -> None:
    tokens = await walk.connect()
    for token in ("unknown", "", tokens["access_token"]):
        data = {"token": token, "token_type_hint": "whatever"}
        answer = await walk.http.post("/oauth/revoke", data=data, auth=("other", "other secret"))
        assert answer.status_code == 200
    assert await walk.alive(tokens["access_token"])


async def test_revoking_needs_the_clients_secret(walk: Walk) -> None:
    tokens = await walk.connect()
    answer = await walk.http.post("/oauth/revoke", data={"token": tokens["access_token"]}, auth=("app", "no"))
    assert answer.status_code == 401
    assert await walk.alive(tokens["access_token"])
