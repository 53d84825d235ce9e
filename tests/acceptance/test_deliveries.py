"""What a developer does after their server was away: see what happened, send again, recover, fetch."""

from datetime import timedelta
from typing import Any

import httpx

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.waiting import eventually
from wearable_gateway.kit.clock import utc_now


async def made(company: Company, **chosen: Any) -> str:
    answer = await company.http.post("/v2/destinations", json=chosen)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["destination"]["destination_id"])


async def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def syncs(gateway: Gateway, receiver: Receiver, *kinds: str) -> None:
    """The wearable syncs, and what comes of it has arrived somewhere."""
    before = len(receiver.got)
    await gateway.control("push", account="ann", kinds=list(kinds))

    async def arrived() -> bool:
        return len(receiver.got) >= before + len(kinds)

    await eventually(arrived)


async def test_a_destination_that_was_gone_gets_all_that_it_missed(gateway: Gateway) -> None:
    company = await gateway.company("Acme")
    async with receiving() as other, receiving() as away:
        await made(company, url=other.url)
        destination_id = await made(company, url=away.url)
        await gateway.connected(company, "ann", "ann")
        await away.wait_for("auth")

        away.status = 410
        since = utc_now() - timedelta(seconds=1)
        await syncs(gateway, other, "daily", "sleep")
        (told,) = await other.wait_for("destination.disabled")
        assert told["destination"]["destination_id"] == destination_id
        await syncs(gateway, other, "activity")
        away.status, away.got = 204, []

        path = f"/v2/destinations/{destination_id}"
        refused = await company.http.post(f"{path}/recover", json={"since": since.isoformat()})
        assert refused.status_code == 403
        assert "enable it first" in refused.json()["detail"]
        await ok(await company.http.post(f"{path}/enable"))
        begun = await ok(await company.http.post(f"{path}/recover", json={"since": since.isoformat()}))
        for kind in ("daily", "sleep", "activity"):
            await away.wait_for(kind)

        async def is_over() -> dict[str, Any] | None:
            recovery_id = begun["recovery"]["recovery_id"]
            found = await ok(await company.http.get(f"/v2/recoveries/{recovery_id}"))
            return found["recovery"] if found["recovery"]["state"] == "completed" else None

        recovery = await eventually(is_over)
        assert recovery is not None
        assert recovery["queued"] == 3
        assert not {one["type"] for one in away.events()} & {"destination.disabled", "delivery.exhausted"}
        assert len(away.got) == len({one.headers["webhook-id"] for one in away.got})


async def test_any_delivery_can_be_looked_at_and_sent_again(gateway: Gateway) -> None:
    company = await gateway.company("Acme")
    async with receiving() as receiver:
        destination_id = await made(company, url=receiver.url)
        await gateway.connected(company, "ann", "ann")
        await receiver.wait_for("auth")
        (first,) = receiver.got

        async def is_logged() -> list[dict[str, Any]]:
            found = await ok(await company.http.get("/v2/deliveries", params={"state": "delivered"}))
            return list(found["deliveries"])

        (logged,) = await eventually(is_logged)
        path = f"/v2/deliveries/{logged['event_id']}/{destination_id}"
        await ok(await company.http.post(f"{path}/resend"))
        await receiver.wait_for("auth", 2)
        _, second = receiver.got
        same = ("webhook-id", "x-terra-trace-id", "terra-reference", "x-terra-ordering-timestamp")
        assert [first.headers[name] for name in same] == [second.headers[name] for name in same]
        assert first.body == second.body

        async def is_recorded() -> dict[str, Any] | None:
            # An answer is read in parts: what is recorded amid them shows in the later ones alone.
            found = await ok(await company.http.get(path))
            recorded = len(found["attempts"]) == 2 and found["delivery"]["state"] == "delivered"
            return found if recorded else None

        shown = await eventually(is_recorded)
    assert shown is not None
    assert [(one["number"], one["outcome"], one["status"]) for one in shown["attempts"]] == [
        (1, "delivered", 204),
        (2, "delivered", 204),
    ]
    assert shown["payload"] == first.event


async def test_events_are_fetched_in_order_and_from_anywhere(gateway: Gateway) -> None:
    company = await gateway.company("Acme")
    async with receiving() as receiver:
        await made(company, url=receiver.url)
        await made(company, kind="pull")
        await gateway.connected(company, "ann", "ann")
        await receiver.wait_for("auth")
        await syncs(gateway, receiver, "daily", "sleep")

        async def fetch(**query: Any) -> dict[str, Any]:
            return await ok(await company.http.get("/v2/events", params=query))

        async def all_three() -> list[dict[str, Any]]:
            found = await fetch(wait=5)
            return list(found["events"]) if len(found["events"]) == 3 else []

        events = await eventually(all_three)
        assert [one["position"] for one in events] == [1, 2, 3]
        assert [one["payload"] for one in events if one["payload"]["type"] == "auth"] == receiver.events(
            "auth"
        )
        first = await fetch(limit=1)
        assert (first["next"], first["has_more"]) == ("1", True)
        rest = await fetch(after=first["next"])
        assert [one["event_id"] for one in rest["events"]] == [one["event_id"] for one in events[1:]]
        assert rest["has_more"] is False
        assert (await fetch(after=rest["next"]))["events"] == []


async def test_a_paused_destination_gets_what_it_missed_in_its_order(gateway: Gateway) -> None:
    company = await gateway.company("Acme")
    async with receiving() as other, receiving() as paused:
        await made(company, url=other.url)
        destination_id = await made(company, url=paused.url)
        await ok(await company.http.post(f"/v2/destinations/{destination_id}/pause"))
        await gateway.connected(company, "ann", "ann")
        await other.wait_for("auth")
        await syncs(gateway, other, "daily", "sleep")
        assert paused.got == []
        await ok(await company.http.post(f"/v2/destinations/{destination_id}/resume"))
        await paused.wait_for("sleep")
        await paused.wait_for("daily")
    assert paused.got[0].event["type"] == "auth"
