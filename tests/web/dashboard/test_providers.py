"""The providers' pages: who can connect what and why, apps entered without a secret ever shown, what each delivers."""

import re

from tests.fakes.scripted import scripted
from tests.web.dashboard.conftest import Connections, Signer, changes_at
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.dashboard.providers.words import span, ways

PROVIDERS_PAGE, SHARED = "/dashboard/acme/providers", "/dashboard/-/providers"
NOWHERE = dict.fromkeys(("authorize", "token", "api"), "http://127.0.0.1:9")
APP = {"client_id": "abc", "client_secret": "kept-to-itself"}


async def share(db: Database, keyring: Keyring, *slugs: str, dev_id: str | None = None) -> None:
    for slug in slugs:
        await ProviderApps(db.autocommit, keyring).put(
            slug, client_id="shared-id", client_secret="shared-secret", hosts=NOWHERE, dev_id=dev_id
        )


def rows(page: str) -> dict[str, str]:
    """What the list says of each provider."""
    found = re.findall(r'<a href="[^"]+/providers/([A-Z_]+)">(.*?)</a>', page, re.DOTALL)
    return {slug: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for slug, text in found}


async def actions(db: Database, dev_id: str) -> list[str]:
    return [entry.action for entry in await changes_at(db, dev_id)]


async def test_every_provider_is_listed_with_what_end_users_can_do_now_and_why(
    sign_in: Signer, rea: Operator, db: Database, keyring: Keyring, connect: Connections
) -> None:
    await share(db, keyring, "OURA", "POLAR")
    await share(db, keyring, "GARMIN", dev_id="acme")
    await share(db, keyring, "WHOOP", dev_id="northwind")
    chosen = sorted(set(PROVIDERS) - {"POLAR"})
    await db.autocommit.execute(
        "UPDATE developers SET settings = $2 WHERE dev_id = $1", "acme", {"providers": chosen}
    )
    for number in range(2):
        await connect(f"patient-{number}", provider="OURA")
    await connect("not-ours", provider="OURA", dev_id="northwind")
    listed = rows((await (await sign_in(rea)).open(PROVIDERS_PAGE)).text)
    assert set(listed) == set(PROVIDERS)
    assert "Can be connected through the shared app of this gateway 2 connections" in listed["OURA"]
    assert "Can be connected through your own app" in listed["GARMIN"]
    assert "Switched off" in listed["POLAR"]
    assert "Needs your own app" in listed["STRAVA"]
    assert "Not set up" in listed["WHOOP"]


async def test_an_own_app_is_entered_tested_renewed_and_removed(
    sign_in: Signer, ann: Operator, db: Database, keyring: Keyring
) -> None:
    browser = await sign_in(ann)
    strava = f"{PROVIDERS_PAGE}/STRAVA"
    page = (await browser.open(strava)).text
    assert "http://gateway.test/connect/callback" in page
    assert "Test the app" not in page
    hosts = {f"host.{name}": "http://127.0.0.1:9" for name in PROVIDERS["STRAVA"].default_hosts}
    page = (
        await browser.follow(
            await browser.submit(f"{strava}/app", **APP, **hosts, **{"extra.signing_secret": "hush-hush"})
        )
    ).text
    assert "Saved." in page
    for secret in ("kept-to-itself", "hush-hush"):
        assert secret not in page
    app = await ProviderApps(db.autocommit, keyring).find_own("STRAVA", "acme")
    assert (app.client_secret, app.extra) == ("kept-to-itself", {"signing_secret": "hush-hush"})
    address = re.search(r"http://gateway.test/notices/strava/[^<]+", page)
    assert address

    tested = await browser.submit(f"{strava}/test")
    assert tested.status_code == 200
    assert "Strava could not be reached" in tested.text
    assert "try again in a few minutes" in tested.text
    assert "It does not work" not in tested.text

    page = (await browser.follow(await browser.submit(f"{strava}/renew-notice-secret"))).text
    assert "There is a new secret" in page
    assert address[0] not in page

    page = (
        await browser.follow(await browser.submit(f"{strava}/app", **{"forget.signing_secret": "1"}))
    ).text
    app = await ProviderApps(db.autocommit, keyring).find_own("STRAVA", "acme")
    assert (app.client_id, app.client_secret, app.extra, app.hosts) == (
        "abc",
        "kept-to-itself",
        {},
        app.hosts,
    )

    page = (await browser.follow(await browser.submit(f"{strava}/remove"))).text
    assert "The app was removed." in page
    assert await actions(db, "acme") == [
        "provider_app.removed", "provider_app.entered", "provider_app.notice_secret_renewed",
        "provider_app.entered",
    ]  # fmt: skip
    log = str(await changes_at(db))
    assert not [secret for secret in ("kept-to-itself", "hush-hush") if secret in log]


async def test_what_cannot_be_an_app_stays_typed_but_for_its_secrets(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    browser = await sign_in(ann)
    for slug, field, more in (
        ("SUUNTO", "extra.subscription_key", {}),
        ("OURA", "hosts.api", {"host.api": "ftp://nowhere"}),
        ("OURA", "client_secret", {"client_secret": "ä"}),
    ):
        await browser.open(f"{PROVIDERS_PAGE}/{slug}")
        answer = await browser.submit(
            f"{PROVIDERS_PAGE}/{slug}/app", **{**APP, "extra.scopes": "daily sleep", **more}
        )
        assert answer.status_code == 422
        assert f'id="problem-{field}" role="alert">It needs: ' in answer.text
        assert 'value="abc"' in answer.text
        assert 'value="daily sleep"' in answer.text
        assert "kept-to-itself" not in answer.text
    assert await actions(db, "acme") == []


async def test_an_app_that_the_vendor_does_not_know_does_not_work(
    sign_in: Signer, ann: Operator, db: Database, keyring: Keyring
) -> None:
    browser = await sign_in(ann)
    async with scripted(lambda _method, _path: (401, {"error": "invalid_client"})) as vendor:
        await ProviderApps(db.autocommit, keyring).put(
            "POLAR", client_id="x", client_secret="y", hosts=vendor.hosts(("token",)), dev_id="acme"
        )
        await browser.open(f"{PROVIDERS_PAGE}/POLAR")
        page = (await browser.submit(f"{PROVIDERS_PAGE}/POLAR/test")).text
    assert "It does not work: the vendor does not know the provider app" in page
    assert "could not be reached" not in page


async def test_only_who_runs_the_gateway_says_where_a_vendor_is(
    sign_in: Signer, olga: Operator, db: Database, keyring: Keyring
) -> None:
    browser = await sign_in(olga)
    oura = f"{PROVIDERS_PAGE}/oura"
    assert "host.api" not in (await browser.open(oura)).text
    await browser.submit(f"{oura}/app", **APP, **{"host.api": "http://169.254.169.254"})
    assert (await ProviderApps(db.autocommit, keyring).find_own("OURA", "acme")).hosts == {}


async def test_a_provider_is_switched_off_and_on(
    sign_in: Signer, olga: Operator, db: Database, keyring: Keyring
) -> None:
    await share(db, keyring, "OURA")
    browser = await sign_in(olga)
    oura = f"{PROVIDERS_PAGE}/OURA"
    await browser.open(oura)
    page = (await browser.follow(await browser.submit(f"{oura}/switch"))).text
    assert "Nobody new can connect Oura" in page
    assert "Switched off" in rows((await browser.open(PROVIDERS_PAGE)).text)["OURA"]
    await browser.open(oura)
    page = (await browser.follow(await browser.submit(f"{oura}/switch", on="1"))).text
    assert "End users can connect Oura again" in page
    assert (await keys.find_developer(db.autocommit, "acme")).settings == {}


async def test_who_may_only_look_sees_no_secret_address_and_no_form(
    sign_in: Signer, rea: Operator, db: Database, keyring: Keyring
) -> None:
    await share(db, keyring, "STRAVA", dev_id="acme")
    await db.autocommit.execute("UPDATE provider_apps SET upkeep_error = 'no answer (ConnectError)'")
    page = (await (await sign_in(rea)).open(f"{PROVIDERS_PAGE}/STRAVA")).text
    assert "/notices/strava/" not in page
    assert "An owner sees it." in page
    assert "shared-id" in page
    assert "no answer (ConnectError)" in page
    assert "It is tried again by itself." in page
    main = page[page.index("<main") :]
    assert "<form" not in main


async def test_shared_apps_are_entered_and_not_removed_while_they_are_used(
    sign_in: Signer, ann: Operator, db: Database, keyring: Keyring
) -> None:
    browser = await sign_in(ann)
    assert "Cannot be shared" in rows((await browser.open(SHARED)).text)["STRAVA"]
    assert "lets no two companies share an app" in (await browser.open(f"{SHARED}/STRAVA")).text
    refused = await browser.submit(f"{SHARED}/STRAVA/app", **APP)
    assert refused.status_code == 422
    assert "lets no two companies share an app" in refused.text
    await browser.open(f"{SHARED}/OURA")
    await browser.follow(await browser.submit(f"{SHARED}/OURA/app", **APP))
    app = await ProviderApps(db.autocommit, keyring).find_own("OURA", None)
    await db.autocommit.execute(
        "INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version,"
        " consented_at, created_at) VALUES ($1, 'OURA', $1, 'x', 'live', '{}', 1, $2, $2)",
        app.id, app.upkeep_due_at,
    )  # fmt: skip
    assert "1 account" in rows((await browser.open(SHARED)).text)["OURA"]
    await browser.open(f"{SHARED}/OURA")
    kept = await browser.submit(f"{SHARED}/OURA/remove")
    assert kept.status_code == 409
    assert "Not removed: 1 wearable accounts are connected" in kept.text
    assert (await browser.submit(f"{SHARED}/OURA/switch")).status_code == 404
    assert await actions(db, audit.GATEWAY) == ["provider_app.entered"]


async def test_what_providers_deliver_is_told_for_each_and_for_all(sign_in: Signer, ann: Operator) -> None:
    browser = await sign_in(ann)
    for page in (PROVIDERS_PAGE, SHARED):
        table = (await browser.open(f"{page}/coverage")).text
        assert all(f'{page}/{slug}"' in table for slug in PROVIDERS)
        assert f'href="{page}/OURA#sleep">' in table
    for slug, provider in PROVIDERS.items():
        text = (await browser.open(f"{PROVIDERS_PAGE}/{slug}")).text
        assert all(f'id="{kind.value}"' in text for kind in provider.data_scopes)
        assert all(field.description.split(",")[0][:20] in text for field in provider.app_fields)
    assert "heart_rate_data.summary.avg_hr_bpm" in (await browser.open(f"{PROVIDERS_PAGE}/oura")).text
    assert (await browser.open(f"{PROVIDERS_PAGE}/nobody")).status_code == 404


def test_facts_are_told_in_words() -> None:
    assert all(list(ways(provider)) for provider in PROVIDERS.values())
    for provider in PROVIDERS.values():
        for limit in provider.limits:
            assert not span(limit.window).startswith("0")
