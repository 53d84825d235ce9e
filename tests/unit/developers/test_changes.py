"""Keys, developers and settings as somebody changes them, and what the audit log keeps of it."""

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, audit_log, developer_changes, key_changes, keys
from wearable_gateway.developers.audit_log import Wanted
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.developers.settings_repository import change_settings, enable_provider
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers import PROVIDERS

ANN = "operator:ann@example.org"


async def actions(db: Database, dev_id: str = "acme") -> list[str]:
    return [entry.action for entry in await audit_log.page(db.autocommit, dev_id, Wanted(), limit=100)]


async def test_a_developer_and_its_keys_are_made_renamed_and_ended_with_a_word_to_the_audit(
    db: Database, hasher: KeyHasher
) -> None:
    async with db.transaction() as tx:
        made, first, text = await developer_changes.create(tx, hasher, " Acme ", "acme", actor=ANN)
    assert made.name == "Acme"
    async with db.transaction() as tx:
        for _ in range(2):
            await developer_changes.rename(tx, "acme", "Acme Health", actor=ANN)
        second, _ = await key_changes.issue(tx, hasher, "acme", "backend", actor=ANN)
        for _ in range(2):
            await key_changes.revoke(tx, "acme", first.id, actor=ANN)
    assert await actions(db) == [
        "key.revoked", "key.created", "developer.renamed", "key.created", "developer.created",
    ]  # fmt: skip
    entries = await audit_log.page(db.autocommit, "acme", Wanted(subject=f"key:{first.id}"), limit=10)
    assert [entry.before or entry.after for entry in entries] == [{"name": "default", "hint": text[-4:]}] * 2
    assert {entry.actor for entry in entries} == {ANN}
    assert [key.revoked_at is None for key in await keys.list_keys(db.autocommit, "acme")] == [False, True]
    assert second.name == "backend"


async def test_what_cannot_be_changed_leaves_no_trace(db: Database, hasher: KeyHasher) -> None:
    await keys.create_developer(db.autocommit, "Acme", "acme")
    await keys.create_developer(db.autocommit, "Northwind", "northwind")
    key, _ = await keys.issue_key(db.autocommit, hasher, "northwind")
    for call in (
        key_changes.issue(db.autocommit, hasher, "acme", "x" * 101, actor=ANN),
        key_changes.issue(db.autocommit, hasher, "acme", "a\nb", actor=ANN),
        key_changes.issue(db.autocommit, hasher, "nobody", actor=ANN),
        key_changes.revoke(db.autocommit, "acme", key.id, actor=ANN),
        key_changes.revoke(db.autocommit, "acme", uuid7(), actor=ANN),
        developer_changes.rename(db.autocommit, "acme", " ", actor=ANN),
        developer_changes.rename(db.autocommit, "nobody", "Nobody", actor=ANN),
    ):
        with pytest.raises((InvalidInputError, NotFoundError)):
            await call
    assert await actions(db) == []
    assert (await keys.find_key(db.autocommit, "northwind", key.id)).revoked_at is None


async def test_using_a_key_is_noted_once_an_hour(db: Database, hasher: KeyHasher) -> None:
    await keys.create_developer(db.autocommit, "Acme", "acme")
    key, text = await keys.issue_key(db.autocommit, hasher, "acme")
    assert key.last_used_at is None
    seen = []
    for hours in (0, 0, 2):
        await db.autocommit.execute(
            "UPDATE api_keys SET last_used_at = last_used_at - make_interval(hours => $2) WHERE dev_id = $1",
            "acme", hours,
        )  # fmt: skip
        await keys.authenticate(db.autocommit, hasher, "acme", text)
        seen.append((await keys.find_key(db.autocommit, "acme", key.id)).last_used_at)
    assert None not in seen
    assert seen[0] == seen[1] != seen[2]


async def test_a_developer_does_not_raise_its_own_limits(db: Database) -> None:
    await keys.create_developer(db.autocommit, "Acme", "acme")
    for chosen, reset in (({"user_limit": 10}, []), ({}, ["requests_per_minute"])):
        with pytest.raises(DisallowedError, match="those who run the gateway"):
            await change_settings(db.autocommit, "acme", chosen, reset, actor=ANN, by_developer=True)
    await change_settings(db.autocommit, "acme", {"history_days": 7}, actor=ANN, by_developer=True)
    await change_settings(db.autocommit, "acme", {"user_limit": 10}, actor=ANN)
    assert await actions(db) == ["settings.changed"] * 2


async def test_a_provider_is_switched_off_and_on_and_the_others_stay(db: Database) -> None:
    await keys.create_developer(db.autocommit, "Acme", "acme")

    async def switch(resource: str, *, on: bool) -> DeveloperSettings:
        async with db.transaction() as tx:
            await enable_provider(tx, "acme", resource, enabled=on, actor=ANN)
        return DeveloperSettings.of((await keys.find_developer(db.autocommit, "acme")).settings)

    assert (await switch("oura", on=True)).providers is None
    assert (await switch("oura", on=False)).providers == tuple(sorted(set(PROVIDERS) - {"OURA"}))
    assert not (await switch("GARMIN", on=False)).enables("GARMIN")
    assert not (await switch("GARMIN", on=False)).enables("OURA")
    assert not (await switch("oura", on=True)).enables("GARMIN")
    assert (await switch("garmin", on=True)).providers is None
    with pytest.raises(NotFoundError):
        await switch("nobody", on=True)
    assert await actions(db) == ["settings.changed"] * 4


async def test_the_audit_log_is_narrowed_and_read_to_its_end(db: Database) -> None:
    async with db.transaction() as tx:
        for number in range(1100):
            await audit.record(
                tx, "acme", actor=f"operator:{number % 2}", action="a.b" if number % 3 else "c.d",
                subject="x:1", after=number,
            )  # fmt: skip
        await audit.record(tx, "northwind", actor="operator:0", action="a.b", subject="x:1")
    found = [entry async for entry in audit_log.everything(db.autocommit, "acme", Wanted())]
    assert [entry.after for entry in found] == list(range(1099, -1, -1))
    middle = found[500]
    narrow = Wanted(actor="operator:1", action="a.b", subject="x:1", until=middle.at)
    older = await audit_log.page(db.autocommit, "acme", narrow, before=middle.id, limit=10)
    assert all(entry.id < middle.id and entry.after % 2 and entry.after % 3 for entry in older)
    assert len(older) == 10
    since = await audit_log.page(db.autocommit, "acme", Wanted(since=middle.at), limit=2000)
    assert [entry.id for entry in since][:501] == [entry.id for entry in found[:501]]
