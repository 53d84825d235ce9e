"""The two situations, as they happen between apps, a person, the vendor and this gateway."""

from collections.abc import Callable
from typing import Any

import httpx

from wearable_gateway.cli.demo.browser import Browser
from wearable_gateway.cli.demo.instance import Company, Instance
from wearable_gateway.cli.demo.script import Script


def _short(event: dict[str, Any]) -> dict[str, Any]:
    """The part of an event that the story is about."""
    user = event.get("user") or {}
    return {
        "type": event["type"],
        "user_id": user.get("user_id"),
        "reference_id": user.get("reference_id"),
        **({"records": len(event["data"])} if "data" in event else {}),
    }


async def _connect(script: Script, company: Company, account: str, reference_id: str | None) -> str:
    """The app makes an auth URL, the person signs in at the vendor; returns the user_id."""
    body = {"reference_id": reference_id} if reference_id else {}
    script.sent(f"{company.name}: POST /v2/auth/authenticateUser?resource=SANDBOX", body)
    answer = (
        await company.http.post("/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json=body)
    ).json()
    script.received("auth_url, and the user_id to come", {"user_id": answer["user_id"]})
    browser = Browser()
    await _sign_in_and_allow(script, browser, await browser.open(answer["auth_url"]), account)
    user_id = str(answer["user_id"])
    await _connected(script, company, lambda event: event["user"]["user_id"] == user_id)
    return user_id


async def _connect_by_widget(script: Script, company: Company, account: str, reference_id: str) -> str:
    """The app makes a widget session, the person chooses the vendor there; returns the user_id."""
    body = {"reference_id": reference_id}
    script.sent(f"{company.name}: POST /v2/auth/generateWidgetSession", body)
    answer = (await company.http.post("/v2/auth/generateWidgetSession", json=body)).json()
    script.received("the widget's url, and its session_id", {"session_id": answer["session_id"]})
    browser = Browser()
    script.say("     the person chooses Sandbox Wearables on the widget page")
    consent = await browser.submit(
        await browser.open(f"{answer['url']}/SANDBOX"), "/start", provider="SANDBOX"
    )
    await _sign_in_and_allow(script, browser, consent, account)
    session_id = answer["session_id"]
    return await _connected(script, company, lambda event: event["widget_session_id"] == session_id)


async def _sign_in_and_allow(script: Script, browser: Browser, consent: httpx.Response, account: str) -> None:
    page = await browser.allow(consent, account)
    await browser.close()
    script.say(f"     the person signs in at the vendor as {account!r} and allows access")
    script.expect(
        "the person sees a page saying so", holds=page.is_success and "connected" in page.text.lower()
    )


async def _connected(script: Script, company: Company, is_it: Callable[[dict[str, Any]], bool]) -> str:
    """The user_id of the one auth event that `is_it` recognises; empty when none came."""
    mine = await company.wait_for("auth", is_it=is_it)
    script.expect(f"{company.name} receives one signed auth event for it", holds=len(mine) == 1)
    return str(mine[0]["user"]["user_id"]) if mine else ""


async def _users(script: Script, company: Company, reference_id: str) -> list[dict[str, Any]]:
    script.sent(f"{company.name}: GET /v2/userInfo?reference_id={reference_id}")
    answer = await company.http.get("/v2/userInfo", params={"reference_id": reference_id})
    users: list[dict[str, Any]] = answer.json()["users"]
    script.received(
        f"{len(users)} connections", [{"user_id": u["user_id"], "active": u["active"]} for u in users]
    )
    return users


async def one_person_several_wearables(script: Script, instance: Instance) -> None:
    script.title("One person, several wearables")
    app = await instance.company("Fit App", "fit-app")
    script.step(
        "The app connects Ann's watch by an auth URL and her ring by a widget session, with its reference_id."
    )
    watch = await _connect(script, app, "ann.watch", "customer-7")
    ring = await _connect_by_widget(script, app, "ann.ring", "customer-7")
    script.step("It finds both by that reference_id.")
    found = await _users(script, app, "customer-7")
    script.expect("both connections are found", holds={user["user_id"] for user in found} == {watch, ring})

    script.step("Ann's scale was connected earlier, without a reference_id.")
    scale = await _connect(script, app, "ann.scale", None)
    script.step("An operator assigns it in the dashboard: Tools > Debug > Users, details pane.")
    saved = await _assign_in_dashboard(script, instance, app.dev_id, scale, "customer-7")
    script.expect("the dashboard confirms it", holds=saved)
    found = await _users(script, app, "customer-7")
    script.expect(
        "all three are found, and the scale kept its user_id: nobody had to reconnect",
        holds={user["user_id"] for user in found} == {watch, ring, scale},
    )


async def _assign_in_dashboard(
    script: Script, instance: Instance, dev_id: str, user_id: str, reference_id: str
) -> bool:
    browser = Browser()
    page = await browser.open(await instance.operator_link())
    await browser.submit(page, "/dashboard/link/")
    pane = f"{instance.url}/dashboard/{dev_id}/users?selected={user_id}"
    script.sent(f"operator: open /dashboard/{dev_id}/users?selected=…, type {reference_id!r}, Save")
    page = await browser.submit(await browser.open(pane), f"/users/{user_id}", reference_id=reference_id)
    await browser.close()
    return page.is_success and reference_id in page.text


async def two_companies_one_account(script: Script, instance: Instance) -> None:
    script.title("Two companies, one wearable account")
    a, b = await instance.company("Company A", "company-a"), await instance.company("Company B", "company-b")
    script.step("Bob connects the same account under both companies.")
    at_a = await _connect(script, a, "bob", "a-17")
    at_b = await _connect(script, b, "bob", "b-42")
    script.expect("each company has its own user_id", holds=at_a != at_b)

    script.step("Bob's wearable syncs; the vendor sends one notice, the gateway fetches once.")
    script.sent("vendor: sync of bob's day", await instance.at_vendor("push", account="bob"))
    for company in (a, b):
        events = await company.wait_for("daily")
        script.received(f"{company.name}'s server", [_short(event) for event in events])
        script.expect(f"{company.name} receives the day once", holds=len(events) == 1)

    script.step("Company A disconnects Bob.")
    script.sent(f"Company A: DELETE /v2/auth/deauthenticateUser?user_id={at_a}")
    answer = await a.http.delete("/v2/auth/deauthenticateUser", params={"user_id": at_a})
    script.received(str(answer.status_code), answer.json())
    script.expect("Company A receives deauth", holds=len(await a.wait_for("deauth")) == 1)
    script.expect("A no longer has a connection of Bob's", holds=await _users(script, a, "a-17") == [])
    left = await _users(script, b, "b-42")
    script.expect("Company B's is untouched and active", holds=[user["active"] for user in left] == [True])
    script.expect(
        "Company B heard nothing of it", holds=not b.of_type("deauth") and not b.of_type("access_revoked")
    )

    script.step("Bob connects Company A once more, then takes everything back at the vendor.")
    again = await _connect(script, a, "bob", "a-17")
    script.sent("vendor: bob presses revoke", await instance.at_vendor("revoke", account="bob"))
    for company, user_id in ((a, again), (b, at_b)):
        events = await company.wait_for("access_revoked")
        script.received(f"{company.name}'s server", [_short(event) for event in events])
        told = [event["user"]["user_id"] for event in events]
        script.expect(f"{company.name} receives access_revoked exactly once", holds=told == [user_id])
    for company, reference_id in ((a, "a-17"), (b, "b-42")):
        users = await _users(script, company, reference_id)
        script.expect(f"{company.name} sees it inactive", holds=[user["active"] for user in users] == [False])

    script.step("Neither company can see the other's connection.")
    foreign = await a.http.get("/v2/userInfo", params={"user_id": at_b})
    script.sent(f"Company A: GET /v2/userInfo?user_id={at_b}  (B's)")
    script.received(str(foreign.status_code), {"message": foreign.json()["message"]})
    script.expect("the answer is that of an id nobody has: 404", holds=foreign.status_code == 404)  # noqa: PLR2004
    for company in (a, b):
        number = len(company.of_type("access_revoked"))
        script.expect(f"{company.name} still has that one access_revoked and no other", holds=number == 1)
