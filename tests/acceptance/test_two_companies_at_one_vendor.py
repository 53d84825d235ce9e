"""Two companies link one person's account at one vendor: what each is told, and what the vendor is asked.

Garmin sends the data with its notices and signs none of them; Oura tells of data and never of a revocation; Withings
signs nothing and is subscribed to for each person.
"""

import pytest

from tests.fakes.linked import Linked, Scene
from tests.fakes.simulated import Stage

EVERY = pytest.mark.parametrize("name", ["garmin", "oura", "withings"])

GIVING_BACK = {
    "garmin": "DELETE /wellness-api/rest/user/registration",
    "oura": "POST /oauth/revoke",
    "withings": "POST /v2/signature",
}
"""The call that only ever gives a grant back."""


async def linked(scene: Scene) -> tuple[Linked, Linked]:
    a, b = await scene.company("Company A"), await scene.company("Company B")
    await scene.link(a)
    await scene.link(b)
    return a, b


def users(events: list[dict[str, object]]) -> set[str]:
    return {event["user"]["user_id"] for event in events}  # type: ignore[index]


@EVERY
async def test_a_sync_costs_the_vendor_no_more_for_two_and_each_hears_of_its_own_user(
    stage: Stage, name: str
) -> None:
    scene = await Scene.begin(stage, name)
    a, b = await scene.company("Company A"), await scene.company("Company B")
    await scene.link(a)
    before, told = await scene.calls(), len(await scene.vendor.notices())
    await scene.sync("sleep", [a])
    alone = await scene.calls() - before
    assert len(await scene.vendor.notices()) - told == 1

    await scene.link(b)
    before, told = await scene.calls(), len(await scene.vendor.notices())
    await scene.sync("sleep", [a, b])
    assert await scene.calls() - before == alone
    assert len(await scene.vendor.notices()) - told == 1
    if name != "withings":  # which pages by threes, and is asked for the stages of each night
        assert sum(alone.values()) == (0 if name == "garmin" else 1)
    # What is new is new to both from here on.
    [at_a], [at_b] = await scene.sync("sleep", [a, b])
    assert at_a["data"] == at_b["data"]
    assert at_a["data"]
    for one, event in ((a, at_a), (b, at_b)):
        assert event["user"]["user_id"] == one.user_id
        assert users(one.server.events()) == {one.user_id}
    assert a.user_id != b.user_id


@EVERY
async def test_who_leaves_hears_nothing_more_and_the_vendor_is_asked_to_revoke_by_the_last(
    stage: Stage, name: str
) -> None:
    scene = await Scene.begin(stage, name)
    a, b = await linked(scene)
    await a.leave()
    await a.server.wait_for("deauth")
    heard = len(a.server.got)
    await scene.sync("sleep", [b])
    assert len(a.server.got) == heard
    assert (await scene.calls())[GIVING_BACK[name]] == 0
    assert await scene.grants() == [("live", True)]
    assert (await a.active(), await b.active()) == ([], [b.user_id])

    await b.leave()
    await scene.given_back()
    assert (await scene.calls())[GIVING_BACK[name]] == 1
    assert scene.vendor.simulator.person("ann").scopes is None
    for one in (a, b):
        assert one.told() == {"auth": 1, "deauth": 1}


async def assert_each_heard_of_it_once(scene: Scene, *companies: Linked) -> None:
    for one in companies:
        (event,) = await one.server.wait_for("access_revoked")
        assert event["user"]["user_id"] == one.user_id
        assert await one.active() == []
    await scene.settled()
    rows = await scene.stage.db.autocommit.fetch(
        "SELECT dev_id, user_id::text FROM events WHERE type = 'access_revoked' ORDER BY dev_id"
    )
    assert [tuple(row) for row in rows] == sorted((one.company.dev_id, one.user_id) for one in companies)
    for one in companies:
        assert one.told() == {"auth": 1, "access_revoked": 1}


@EVERY
async def test_a_revocation_reaches_each_once_and_who_connects_again_hears_of_that_alone(
    stage: Stage, name: str
) -> None:
    scene = await Scene.begin(stage, name)
    a, b = await scene.company("Company A"), await scene.company("Company B")
    await scene.link(a, reference_id="a-ann")
    await scene.link(b, reference_id="b-ann")
    await scene.revoke()
    await assert_each_heard_of_it_once(scene, a, b)
    assert await scene.grants() == [("revoked", False)]
    assert (await a.get("sleep")).status_code == 403

    old = a.user_id
    await scene.link(a, reference_id="a-ann")
    assert a.user_id != old
    assert await scene.grants() == [("live", True)]
    [event] = (await scene.sync("sleep", [a]))[0]
    assert event["user"]["user_id"] == a.user_id
    assert a.told() == {"auth": 2, "access_revoked": 1}
    assert b.told() == {"auth": 1, "access_revoked": 1}
    assert (await a.active(), await b.active()) == ([a.user_id], [])


@EVERY
async def test_a_worker_killed_while_it_acts_on_a_revocation_loses_and_repeats_nothing(
    stage: Stage, name: str
) -> None:
    scene = await Scene.begin(stage, name)
    a, b = await linked(scene)
    async with stage.db.transaction() as session:
        await session.fetch("SELECT 1 FROM grants FOR UPDATE")
        await scene.revoke()
        # The vendor has said it, and the worker wants to act on it.
        await scene.somebody_waits_for_a_lock()
        await scene.kill_worker()
    assert not await stage.db.autocommit.fetchval("SELECT 1 FROM events WHERE type = 'access_revoked'")
    await scene.restart_worker()
    await assert_each_heard_of_it_once(scene, a, b)
    assert await scene.grants() == [("revoked", False)]


@EVERY
async def test_a_company_with_an_app_of_its_own_is_not_touched_by_what_becomes_of_the_shared_one(
    stage: Stage, name: str
) -> None:
    scene = await Scene.begin(stage, name)
    a, b = await linked(scene)
    c = await scene.company("Company C")
    own = await scene.own_app(c)
    await scene.link(c, at=own)
    assert await scene.grants() == [("live", True), ("live", True)]
    heard = len(a.server.got), len(b.server.got)
    [event] = (await scene.sync("sleep", [c], at=own))[0]
    assert event["user"]["user_id"] == c.user_id
    assert (len(a.server.got), len(b.server.got)) == heard

    await scene.revoke()
    await assert_each_heard_of_it_once(scene, a, b)
    assert sorted(await scene.grants()) == [("live", True), ("revoked", False)]
    assert c.told() == {"auth": 1}
    assert await c.active() == [c.user_id]
    await scene.sync("sleep", [c], at=own)
    assert c.told() == {"auth": 1}
