"""`wearable-gateway provider …`: an app entered, tried at the vendor, given another secret, and taken away."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.command_line import Answer, command
from tests.fakes.simulated import Stage, Vendor, simulated_stage
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring, new_key

URL = "https://gateway.example"


@pytest.fixture
async def stage(
    database_url: str, hasher: KeyHasher, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """On the database and with the keys that the commands are given."""
    keys = new_key("test")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GATEWAY_ENCRYPTION_KEYS", keys)
    monkeypatch.setenv("GATEWAY_SECRET_KEY", "a secret of more than thirty-two characters")
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", URL)
    async with simulated_stage(database_url, Keyring.parse(keys), hasher, worker=False) as made:
        await made.company("Acme")
        yield made


async def provider(*arguments: str) -> Answer:
    return await command("provider", *arguments, "--json")


async def enter(vendor: Vendor, secret: str, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """As an app of acme's; the secret comes by the environment, which no list of processes shows."""
    monkeypatch.setenv("CLIENT_SECRET", secret)
    names = vendor.provider.default_hosts
    hosts = [word for name in names for word in ("--host", f"{name}={vendor.simulator.config.url}")]
    client = ("--client-id", vendor.simulator.config.client_id)
    return await provider("set", vendor.provider.slug, "--dev-id", "acme", *client, *hosts)


@pytest.mark.parametrize("name", ["garmin", "oura", "withings"])
async def test_an_app_works_with_the_right_secret_and_is_refused_with_a_wrong_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    vendor = await stage.add_vendor(name)
    slug = vendor.provider.slug
    own = ("--dev-id", "acme")
    assert "not found" in (await provider("show", slug, *own)).refusal

    entered = await enter(vendor, "a wrong secret", monkeypatch)
    shown = (await provider("show", slug, *own)).object
    assert shown == entered.object
    assert (shown["provider"], shown["dev_id"], shown["client_id"]) == (slug, "acme", f"{name}-client")
    assert shown["callback_url"] == f"{URL}/connect/callback"
    assert shown["notice_url"].startswith(f"{URL}/notices/{name}/")
    assert shown["host api"] == vendor.simulator.config.url
    assert "wrong secret" not in entered.output
    refused = (await provider("test", slug, *own)).refusal
    assert f"{vendor.provider.name} does not take the app" in refused
    assert "wrong secret" not in refused

    await enter(vendor, vendor.simulator.config.client_secret, monkeypatch)
    assert (await provider("test", slug, *own)).object == {"provider": slug, "works": True}
    assert (await provider("test", slug)).object["works"] is True

    renewed = (await provider("renew-notice-secret", slug, *own)).object
    assert (renewed["notice_url"] == shown["notice_url"]) is vendor.provider.notices_are_signed

    assert (await provider("remove", slug, *own)).object == {"provider": slug, "removed": True}
    assert "not found" in (await provider("test", slug, *own)).refusal
    assert (await provider("show", slug)).object["dev_id"] is None


async def test_the_list_names_every_provider_and_who_has_an_app(stage: Stage) -> None:
    await stage.add_vendor("oura")
    listed = {row["provider"]: row for row in (await provider("list")).object["items"]}
    assert {"GARMIN", "OURA", "WITHINGS", "SANDBOX"} <= set(listed)
    assert listed["OURA"] == {"provider": "OURA", "name": "Oura", "app": "oura-client", "problem": None}
    assert {row["app"] for slug, row in listed.items() if slug != "OURA"} == {None}
    of_acme = (await provider("list", "--dev-id", "acme")).object["items"]
    assert {row["app"] for row in of_acme} == {None}
    assert "oura-client" in (await command("provider", "list")).output


async def test_an_app_that_accounts_are_connected_through_is_not_removed(stage: Stage) -> None:
    vendor = await stage.add_vendor("garmin")
    beta = await stage.company("Beta")
    await stage.connected(beta, vendor, "ann")
    assert "1 wearable accounts are connected" in (await provider("remove", "GARMIN")).refusal
    assert (await provider("show", "GARMIN")).object["client_id"] == "garmin-client"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "MOON", "--client-id", "x"), "resource not found"),
        (("set", "OURA", "--client-id", "x", "--host", "api"), "--host"),
        (("set", "OURA", "--client-id", "x", "--host", "moon=https://a.example"), "names among"),
        (("set", "OURA", "--client-id", "x", "--dev-id", "nobody"), "developer not found"),
        (("test", "OURA"), "not found"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_one_sentence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.setenv("CLIENT_SECRET", "secret")
    assert says in (await provider(*arguments)).refusal
    assert not await stage.db.autocommit.fetchval("SELECT count(*) FROM provider_apps")
