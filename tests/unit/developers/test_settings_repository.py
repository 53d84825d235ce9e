"""Settings: what may be chosen, what is refused and how, and what the audit hears."""

from typing import Any

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.developers.settings_repository import (
    LISTS,
    NAMES,
    Setting,
    change_settings,
    check_changes,
    read_settings,
)
from wearable_gateway.errors import InvalidInputError, NotFoundError

KEPT: list[tuple[str, Any, Any]] = [
    ("duplicate_policy", "reject", "reject"),
    ("api_version", "current", "current"),
    ("history_days", None, None),
    ("history_days", 0, 0),
    ("user_limit", 0, 0),
    ("requests_per_minute", None, None),
    ("healthcheck", False, False),
    ("providers", ["sandbox", " SANDBOX ", "SANDBOX"], ["SANDBOX"]),
    ("providers", [], []),
    ("providers", None, None),
    ("redirect_urls", ["https://a.example", "myapp://"], ["https://a.example", "myapp://"]),
    ("redirect_urls", [], []),
    ("brand_color", "#C2185b", "#C2185b"),
    ("brand_color", None, None),
]
REFUSED: list[tuple[str, Any, str]] = [
    ("duplicate_policy", "both", "'keep_both', 'replace' or 'reject'"),
    ("duplicate_policy", None, "'keep_both', 'replace' or 'reject'"),
    *(
        ("brand_color", bad, "a colour such as")
        for bad in ("red", "c2185b", "#c2185b;", "#c2185b\n", "#12345", "")
    ),
    ("history_days", -1, "greater than or equal to 0"),
    ("history_days", 36_501, "less than or equal to 36500"),
    ("history_days", "90", "valid integer"),
    ("history_days", 1.5, "valid integer"),
    ("history_days", True, "valid integer"),
    ("history_days", float("nan"), "JSON"),
    ("history_days", float("inf"), "JSON"),
    ("history_days", 10**30, "JSON"),
    ("requests_per_minute", 0, "greater than or equal to 1"),
    ("user_limit", 10**12, "less than or equal"),
    ("healthcheck", "yes", "valid boolean"),
    ("healthcheck", 1, "valid boolean"),
    ("healthcheck", None, "valid boolean"),
    ("providers", "SANDBOX", "valid array"),
    ("providers", ["COFFEE"], "GET /v2/integrations"),
    ("providers", [None], "valid string"),
    ("providers", {"SANDBOX": True}, "valid array"),
    ("redirect_urls", ["javascript:alert(1)"], "https:// or http://"),
    ("redirect_urls", ["https://a.example/?x"], "without"),
    ("redirect_urls", ["https://a.example/\ud800"], "JSON"),
    ("redirect_urls", [["https://a.example"]], "valid string"),
]


@pytest.fixture
async def acme(db: Database) -> str:
    for dev_id in ("acme", "other"):
        await keys.create_developer(db.autocommit, dev_id, dev_id)
    return "acme"


async def _change(db: Database, chosen: dict[str, Any], *reset: str) -> dict[str, Setting]:
    async with db.transaction() as session:
        found = await change_settings(session, "acme", chosen, reset, actor="operator:ann@example.org")
    return {setting.name: setting for setting in found}


@pytest.mark.parametrize(("name", "value", "kept"), KEPT)
def test_a_value_that_means_something_is_kept(name: str, value: Any, kept: Any) -> None:
    assert check_changes({name: value}, ()) == {name: kept}
    assert DeveloperSettings.of({name: kept}).model_dump(mode="json")[name] == kept


@pytest.mark.parametrize(("name", "value", "expected"), REFUSED)
def test_any_other_is_refused_with_its_name_and_what_is_expected(
    name: str, value: Any, expected: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"invalid {name}: ") as refused:
        check_changes({name: value}, ())
    assert expected in refused.value.expected


@pytest.mark.parametrize("name", ["colour", "", "Providers", "model_config", "x" * 1000])
def test_a_setting_that_does_not_exist_is_refused_with_those_that_do(name: str) -> None:
    for chosen, reset in (({name: 1}, ()), ({}, (name,))):
        with pytest.raises(InvalidInputError, match="one of duplicate_policy, failed_auth") as refused:
            check_changes(chosen, reset)
        assert len(str(refused.value)) < 500


def test_a_setting_is_chosen_or_reset_and_not_both() -> None:
    with pytest.raises(InvalidInputError, match="invalid history_days: either"):
        check_changes({"history_days": 1}, ("history_days",))


def test_every_setting_tells_operators_what_it_is() -> None:
    assert all(field.description for field in DeveloperSettings.model_fields.values())
    lists = {
        name for name, field in DeveloperSettings.model_fields.items() if "tuple" in str(field.annotation)
    }
    assert lists == LISTS


async def test_what_is_not_named_stays_and_a_null_is_no_reset(db: Database, acme: str) -> None:
    await _change(db, {"history_days": 30, "healthcheck": False})
    found = await _change(db, {"history_days": None})
    assert (found["history_days"].value, found["history_days"].is_chosen) == (None, True)
    assert (found["healthcheck"].value, found["healthcheck"].is_chosen) == (False, True)
    found = await _change(db, {}, "history_days", "providers")
    assert (found["history_days"].value, found["history_days"].is_chosen) == (90, False)
    assert [setting.name for setting in await read_settings(db.autocommit, acme)] == list(NAMES)
    developer = await keys.find_developer(db.autocommit, acme)
    assert developer.settings == {"healthcheck": False}
    assert (await keys.find_developer(db.autocommit, "other")).settings == {}


async def test_the_audit_hears_who_changed_what_from_what(db: Database, acme: str) -> None:
    await _change(db, {"history_days": 30, "healthcheck": False})
    await _change(db, {"history_days": 60}, "healthcheck")
    await _change(db, {"history_days": 60}, "healthcheck")
    latest, first = await audit.history(db.autocommit, acme, "developer:acme")
    assert (latest.actor, latest.action) == ("operator:ann@example.org", "settings.changed")
    assert (first.before, first.after) == ({}, {"history_days": 30, "healthcheck": False})
    assert (latest.before, latest.after) == (first.after, {"history_days": 60})
    assert await audit.history(db.autocommit, "other", "developer:acme") == []


async def test_nobodys_settings_are_not_found(db: Database) -> None:
    with pytest.raises(NotFoundError):
        await read_settings(db.autocommit, "acme")
    with pytest.raises(NotFoundError):
        await _change(db, {"history_days": 1})
