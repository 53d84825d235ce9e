import asyncio
from datetime import UTC, datetime

import pytest

from tests.fakes.past import Past
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery, LogState
from wearable_gateway.deliveries.afterwards.resending import resend
from wearable_gateway.developers import audit
from wearable_gateway.errors import DisallowedError, NotFoundError
from wearable_gateway.kit.ids import uuid7


async def resent(past: Past, *of: object) -> LoggedDelivery:
    event_id, destination_id = of
    async with past.db.transaction() as session:
        return await resend(
            session, past.dev_id, event_id, destination_id,  # type: ignore[arg-type]
            actor="developer:acme", now=datetime.now(UTC),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("queued", "outcomes"),
    [
        (None, []),
        (None, ["delivered"]),
        (None, ["refused", "unreachable", "delivered"]),
        ("due", []),
        ("due", ["refused"]),
        ("waiting", ["refused"]),
        ("exhausted", ["refused"] * 10),
        ("exhausted", []),
    ],
)
async def test_a_delivery_in_any_state_is_due_now_and_goes_on_counting(
    db: Database, queued: str | None, outcomes: list[str]
) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    (event_id,) = await past.events()
    for number, outcome in enumerate(outcomes, 1):
        await past.tried(destination_id, [event_id], outcome, number=number)
    if queued:
        await past.queued(destination_id, [event_id], queued, attempts=len(outcomes))
    delivery = await resent(past, event_id, destination_id)
    assert (delivery.state, delivery.attempts) == (LogState.PENDING, len(outcomes))
    assert await past.queue(destination_id) == {event_id: ("due", len(outcomes))}
    next_at = await db.autocommit.fetchval("SELECT next_at FROM deliveries WHERE dev_id = 'acme'")
    assert next_at <= datetime.now(UTC)
    (entry,) = await audit.history(db.autocommit, "acme", f"destination:{destination_id}")
    assert (entry.action, entry.actor, entry.after) == (
        "delivery.resent",
        "developer:acme",
        {"event_id": str(event_id)},
    )


async def test_what_cannot_be_sent_again_is_refused_with_what_to_do(db: Database) -> None:
    past, other = await Past.of(db), await Past.of(db, "other")
    enabled, disabled = await past.destination(), await past.destination(state="disabled")
    pulled, theirs = await past.destination(None), await other.destination()
    (event_id,) = await past.events()
    (their_event,) = await other.events()
    for event, destination, error, text in (
        (event_id, disabled, DisallowedError, "enable it first"),
        (event_id, pulled, DisallowedError, "GET /v2/events"),
        (uuid7(), enabled, NotFoundError, "event not found"),
        (their_event, enabled, NotFoundError, "event not found"),
        (event_id, theirs, NotFoundError, "destination not found"),
        (event_id, uuid7(), NotFoundError, "destination not found"),
    ):
        with pytest.raises(error, match=text):
            await resent(past, event, destination)
    assert await db.autocommit.fetchval("SELECT count(*) FROM deliveries") == 0


async def test_to_a_paused_destination_it_is_sent_when_that_goes_on(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination(state="paused")
    (event_id,) = await past.events()
    await resent(past, event_id, destination_id)
    assert await past.queue(destination_id) == {event_id: ("due", 0)}


async def test_whoever_asks_twice_with_what_they_saw_sends_once(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    (event_id,) = await past.events()
    await past.tried(destination_id, [event_id])

    async def ask() -> LoggedDelivery:
        async with db.transaction() as session:
            return await resend(
                session, "acme", event_id, destination_id, actor="a", now=datetime.now(UTC), seen=1
            )

    both = await asyncio.gather(ask(), ask())
    assert {one.state for one in both} == {LogState.PENDING}
    assert len(await audit.history(db.autocommit, "acme", f"destination:{destination_id}")) == 1
    # It was sent; a form of before that is sent once more does nothing.
    await db.autocommit.execute("DELETE FROM deliveries WHERE dev_id = 'acme'")
    await past.tried(destination_id, [event_id], number=2)
    assert (await ask()).state is LogState.DELIVERED
    assert await past.queue(destination_id) == {}
