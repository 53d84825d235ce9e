"""Several developers, and somebody who says in a vendor's name that their person took everything back."""

import base64
from typing import Any

import httpx
import pytest

from tests.fakes.linked import Scene
from tests.fakes.simulated import Stage
from tests.fakes.waiting import eventually


async def farewell(scene: Scene, account: str) -> tuple[dict[str, Any], bytes]:
    """The vendor's own notice that `account` left, as it was sent: who can read it can send it."""
    person = scene.vendor.simulator.person(account)
    found = [
        (notice, body)
        for notice in await scene.vendor.notices()
        if person.id.encode() in (body := base64.b64decode(notice["body"]))
        and (b"deregistrations" in body or b"unlink" in body)
    ]
    return found[-1]


async def outcomes(stage: Stage, account_id: str) -> list[str]:
    rows = await stage.db.autocommit.fetch(
        "SELECT outcome FROM notices WHERE kind = 'revoked' AND account_id = $1 AND state = 'done'",
        account_id,
    )
    return [row["outcome"] for row in rows]


@pytest.mark.parametrize("name", ["garmin", "withings"])
async def test_a_revocation_that_nobody_made_or_that_is_over_ends_nothing(stage: Stage, name: str) -> None:
    """Where nothing is signed, the address is all that a forger must know."""
    scene = await Scene.begin(stage, name)
    a, b, c = [await scene.company(f"Company {letter}") for letter in "ABC"]
    for one in (a, b):
        await scene.link(one)
    own = await scene.own_app(c)
    await scene.link(c, at=own)
    bob = await scene.link(b, "bob")
    await scene.vendor.control("revoke", account="bob")
    (event,) = await b.server.wait_for("access_revoked")
    assert event["user"]["user_id"] == bob
    await scene.settled()

    notice, body = await farewell(scene, "bob")
    ann, its = scene.vendor.simulator.person("ann"), scene.vendor.simulator.person("bob")
    forged = body.replace(its.id.encode(), ann.id.encode())
    key = notice["url"].rpartition(".")[2]
    places = {
        notice["url"]: 200,
        notice["url"].removesuffix(f".{key}"): 404,
        f"{notice['url'][:-4]}abcd": 404,
        # The address of one app says nothing of another's.
        f"{stage.url}/notices/{name}/{own.app.id}.{key}": 404,
    }
    async with httpx.AsyncClient(trust_env=False) as http:
        for url, status in places.items():
            answer = await http.post(url, content=forged, headers=notice["headers"])
            assert answer.status_code == status, url

        async def looked_into() -> bool:
            return await outcomes(stage, ann.id) == ["not_confirmed"]

        await eventually(looked_into)

        again = await scene.link(b, "bob")
        replayed = await http.post(notice["url"], content=body, headers=notice["headers"])
        assert replayed.status_code == 200
    await scene.settled()
    assert set(await outcomes(stage, its.id)) <= {"revoked", "not_confirmed"}

    for one, at in ((a, None), (b, None), (c, own)):
        await scene.sync("sleep", [one], at=at)
    await scene.sync("sleep", [b], "bob")
    assert [one.told()["access_revoked"] for one in (a, b, c)] == [0, 1, 0]
    assert await a.active() == a.users
    assert await b.active() == [b.users[0], again]
    assert await c.active() == c.users
