import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from .receiver import Receiver, receiving, until
from .walks import EVERYTHING, Walk


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


def vendor_telling(receiver: Receiver, **choices: Any) -> Walk:
    """With the real clock, since retries are waited for."""
    return Walk(clock=time.time, notice_url=receiver.url, **choices)


async def test_a_sync_is_told_to_every_client_that_may_read_the_account(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    tokens = await walk.connect()
    await walk.connect(client_id="other", scopes=["sleep"])
    await walk.connect(account="bob")
    async with walk.app.router.lifespan_context(walk.app):
        pushed = await walk.control("push", account="ada", date="2026-11-21")
        await until(lambda: len(receiver.received) == 2)
    assert pushed == {"account_id": tokens["account_id"], "date": "2026-11-21", "notices": 2}
    kinds = [received.notice["kinds"] for received in receiver.received]
    assert sorted(kinds) == [["daily", "activity", "sleep"], ["sleep"]]


async def test_a_notice_is_signed_and_says_what_happened(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    tokens = await walk.connect()
    async with walk.app.router.lifespan_context(walk.app):
        await walk.control("push", account="ada", date="2026-11-21", kinds=["daily"])
        await until(lambda: len(receiver.received) == 1)
    (received,) = receiver.received
    assert received.is_signed_with("notice secret")
    assert not received.is_signed_with("another")
    assert received.headers["sandbox-notice-id"] == received.notice["id"]
    assert received.headers["content-type"] == "application/json"
    notice = received.notice
    assert re.fullmatch(r"ntc_[0-9a-f]{32}", notice.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", notice.pop("occurred_at"))
    assert notice == {
        "type": "data.updated",
        "account_id": tokens["account_id"],
        "kinds": ["daily"],
        "date": "2026-11-21",
    }


async def test_what_a_client_writes_is_told_to_everybody_who_may_read_it(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    await walk.connect(client_id="other", asked=EVERYTHING, scopes=["body", "sleep"])
    await walk.connect(account="bob", asked=EVERYTHING)
    weighed = {"at": "2026-11-21T07:00:00+01:00", "weight_g": 71_200}
    item = {"started_at": "2026-11-21T07:00:00+01:00", "weigh_ins": [weighed]}
    async with walk.app.router.lifespan_context(walk.app):
        added = (await walk.post("/v1/body", token, item)).json()["id"]
        await until(lambda: len(receiver.received) == 2)
        await walk.delete(f"/v1/body/{added}", token)
        await until(lambda: len(receiver.received) == 4)
    told = [(received.notice["kinds"], received.notice["date"]) for received in receiver.received]
    assert told == [(["body"], "2026-11-21")] * 4


async def test_a_sync_can_bring_any_kind_and_is_told_to_those_who_may_read_it(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    await walk.connect(asked=EVERYTHING)
    await walk.connect(client_id="other", asked=EVERYTHING, scopes=["hormone", "write"])
    async with walk.app.router.lifespan_context(walk.app):
        pushed = await walk.control("push", account="ada", kinds=["nutrition", "athlete", "hormone"])
        await until(lambda: len(receiver.received) == 2)
    assert pushed["notices"] == 2
    kinds = [received.notice["kinds"] for received in receiver.received]
    assert sorted(kinds) == [["hormone"], ["nutrition", "athlete", "hormone"]]


async def test_a_refused_notice_is_tried_again_signed_anew(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    await walk.connect()
    receiver.answers.extend([b"503 Service Unavailable", b"302 Found"])
    async with walk.app.router.lifespan_context(walk.app):
        await walk.control("push", account="ada")
        await until(lambda: len(receiver.received) == 3)
        await until(lambda: walk.app.state.vendor.notices.counts()["delivered"] == 1)
    assert len({received.body for received in receiver.received}) == 1
    assert all(received.is_signed_with("notice secret") for received in receiver.received)
    assert all(abs(received.signed_at - time.time()) < 10 for received in receiver.received)


async def test_a_notice_nobody_takes_ends_as_failed_and_can_be_sent_again(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    await walk.connect()
    receiver.answers.extend([b"500 Internal Server Error"] * 3)
    async with walk.app.router.lifespan_context(walk.app):
        await walk.control("push", account="ada")
        await until(lambda: walk.app.state.vendor.notices.counts()["failed"] == 1)
        assert len(receiver.received) == 3
        notice_id = receiver.received[0].notice["id"]
        for number in (4, 5):
            await walk.control("resend", notice_id=notice_id)
            await until(lambda number=number: len(receiver.received) == number)  # type: ignore[misc]
            await until(lambda: walk.app.state.vendor.notices.counts()["delivered"] == 1)
    assert {received.notice["id"] for received in receiver.received} == {notice_id}


async def test_a_revocation_by_the_client_is_echoed_to_it_alone(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    tokens = await walk.connect()
    await walk.connect(client_id="other")
    async with walk.app.router.lifespan_context(walk.app):
        for _ in range(2):
            answer = await walk.http.post(
                "/oauth/revoke", data={"token": tokens["refresh_token"]}, auth=("app", "app secret")
            )
            assert answer.status_code == 200
        await walk.control("push", account="ada")
        await until(lambda: len(receiver.received) == 2)
    told = {received.notice["type"]: received.notice["account_id"] for received in receiver.received}
    assert told == {"authorization.revoked": tokens["account_id"], "data.updated": tokens["account_id"]}


async def test_a_change_of_scopes_is_told_once(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    tokens = await walk.connect()
    async with walk.app.router.lifespan_context(walk.app):
        for changed in (True, False):
            order = {"account": "ada", "client_id": "app", "scopes": ["sleep"]}
            assert await walk.control("scopes", **order) == {"scopes": ["sleep"], "changed": changed}
        await walk.control("ping", client_id="app")
        await until(lambda: len(receiver.received) == 2)
    told = {received.notice["type"]: received.notice.get("scopes") for received in receiver.received}
    assert told == {"authorization.scopes_changed": ["sleep"], "ping": None}
    assert (await walk.get("/v1/me", tokens["access_token"])).json()["scopes"] == ["sleep"]


async def test_notices_of_one_account_arrive_in_order(receiver: Receiver) -> None:
    walk = vendor_telling(receiver)
    await walk.connect()
    days = [f"2026-11-{day:02}" for day in range(1, 21)]
    async with walk.app.router.lifespan_context(walk.app):
        for day in days:
            await walk.control("push", account="ada", date=day)
        await until(lambda: len(receiver.received) == len(days))
    assert [received.notice["date"] for received in receiver.received] == days


async def test_a_pending_notice_is_sent_after_a_restart(receiver: Receiver, tmp_path: Path) -> None:
    walk = vendor_telling(receiver, state_file=tmp_path / "state.json")
    await walk.connect()
    await walk.control("push", account="ada")
    walk.start()
    async with walk.app.router.lifespan_context(walk.app):
        await until(lambda: len(receiver.received) == 1)
        await until(lambda: walk.app.state.vendor.notices.counts()["delivered"] == 1)
    walk.start()
    assert (await walk.counters())["notices"] == {"pending": 0, "delivered": 1, "failed": 0}
