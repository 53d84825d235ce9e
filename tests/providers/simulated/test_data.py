"""Data of every vendor, whatever stands in its way, against its simulation, over real HTTP and with a worker."""

import base64
from datetime import timedelta

import httpx

from tests.fakes.waiting import eventually
from tests.providers.simulated.story import Story, vendors
from wearable_gateway.kit.clock import utc_now


@vendors(lambda provider, _simulator: provider.takes_notices)
async def test_a_forged_notice_is_refused_and_a_repeated_one_says_nothing_new(story: Story) -> None:
    await story.connect_all()
    before = len(story.news())
    await story.push()
    await story.wait_for_news(before + len(story.companies))
    told = await _events_when_quiet(story)
    sent = (await story.vendor.notices())[-1]
    body = base64.b64decode(sent["body"])
    forged = sent["url"] if story.vendor.provider.notices_are_signed else sent["url"][:-6] + "forged"
    db = story.stage.db.autocommit
    stored = await db.fetchval("SELECT count(*) FROM notices")
    async with httpx.AsyncClient(trust_env=False) as http:
        refused = await http.post(forged, content=body + b" ", headers=sent["headers"])
        assert refused.status_code in {401, 404}, refused.text
        assert await db.fetchval("SELECT count(*) FROM notices") == stored
        again = await http.post(sent["url"], content=body, headers=sent["headers"])
        assert again.status_code == story.vendor.provider.notice_status
    if story.vendor.provider.notices_are_told_apart:
        assert await db.fetchval("SELECT count(*) FROM notices") == stored
    assert await _events_when_quiet(story) == told


async def _events_when_quiet(story: Story) -> int:
    """How many events of `kind` the companies have, once nothing is left to be looked into."""
    db = story.stage.db.autocommit

    async def quiet() -> bool:
        sent = {notice["status"] for notice in await story.vendor.notices()}
        due = await db.fetchval("SELECT count(*) FROM notices WHERE state = 'due'")
        return sent == {story.vendor.provider.notice_status} and not due

    await eventually(quiet)
    await eventually(story.looked_after)
    owners = [company.dev_id for company in story.companies]
    found: int = await db.fetchval(
        "SELECT count(*) FROM events WHERE type = $1 AND dev_id = ANY ($2)", story.kind, owners
    )
    return found


@vendors()
async def test_a_vendor_that_fails_for_a_while_loses_nothing(story: Story) -> None:
    await story.connect_all()
    before = len(story.news())
    await story.fail(500, times=3)
    await story.push()
    await eventually(lambda: story.hurried(before + len(story.companies)), within=30)


@vendors()
async def test_a_limited_vendor_slows_down_and_nothing_is_dropped(story: Story) -> None:
    await story.connect_all()
    before = len(story.news())
    await story.vendor.control("limit", calls=0, seconds=1)
    await story.push()
    await eventually(lambda: story.hurried(before + len(story.companies)), within=30)
    assert not story.receiver.events("connection_error")


@vendors()
async def test_history_is_fetched_in_the_vendors_windows(story: Story) -> None:
    await story.connect_all()
    # Too much to be answered at once and for one of its windows, and less than its limit lets through in one go.
    days = max(31, 2.5 * story.vendor.provider.window_days)
    start = (utc_now() - timedelta(days=days)).date().isoformat()
    asked = await story.company.http.get(
        f"/v2/{story.kind}", params={"user_id": story.users[0], "start_date": start}
    )
    assert asked.status_code == 200, asked.text
    db, dev_id = story.stage.db.autocommit, story.company.dev_id

    async def completed() -> bool:
        # Whoever waits for what a notice is to bring looks at once; nobody has claimed it for so long.
        soon = utc_now() + timedelta(seconds=90)
        await db.execute("UPDATE data_requests SET due_at = $1 WHERE due_at > $2", utc_now(), soon)
        found = await db.fetchval("SELECT state FROM data_requests WHERE dev_id = $1", dev_id)
        assert found != "failed"
        return bool(found == "completed")

    await eventually(completed, within=40)
    windows = await db.fetch("SELECT state, reason FROM data_request_windows WHERE dev_id = $1", dev_id)
    assert len(windows) > 1
    assert {(row["state"], row["reason"]) for row in windows} == {("done", None)}
