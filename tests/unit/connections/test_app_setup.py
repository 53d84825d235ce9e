"""An operator's settings of a provider app: what may be entered, what stays, and what the audit log is told."""

from typing import Any

import pytest

from tests.fakes.scripted import Scripted
from wearable_gateway.connections.app_setup import AppFields, AppSetup
from wearable_gateway.connections.upkeep import CLAIM
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7

NEW = AppFields("client", "client-secret")
SUUNTO = {"subscription_key": "the-key", "notification_secret": "the-secret"}


@pytest.fixture
def setup(db: Database, keyring: Keyring) -> AppSetup:
    return AppSetup(db, keyring, "https://gateway.test", dev_id=None, actor="operator")


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        (AppFields("", "secret"), "client_id"),
        (AppFields("client", None), "client_secret"),
        (AppFields("cliént", "secret"), "client_id"),
        (AppFields("client", "sec\nret"), "client_secret"),
        (AppFields("client", "s" * 4097), "client_secret"),
        (AppFields("client", "secret", {"elsewhere": "https://x.test"}), "hosts"),
        *(
            (AppFields("client", "secret", {"api": url}), "hosts.api")
            for url in (
                "ftp://x.test", "x.test", "https://", "https://u:p@x.test", "https://x.test?q=1", "https://x.test?",
                "https://x.test#a", "https://x.test/#", "https://x.test:0", "https://x.test:99999", "https://x .test",
                "https://é.test", "https://[::1",
            )
        ),
        (AppFields("client", "secret", None, {"unheard_of": "x"}), "extra"),
        (AppFields("client", "secret", None, {"scopes": "daily\x00"}), "extra.scopes"),
        (AppFields("client", "secret", None, {"scopes": "dåily"}), "extra.scopes"),
    ],
)  # fmt: skip
async def test_what_cannot_be_sent_to_a_vendor_is_not_taken(
    setup: AppSetup, fields: AppFields, parameter: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await setup.put("oura", fields)
    assert refused.value.parameter == parameter
    with pytest.raises(NotFoundError):
        await setup.show("oura")


async def test_a_vendors_own_credentials_are_needed_once(setup: AppSetup) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await setup.put("suunto", AppFields("client", "secret", None, {"subscription_key": "the-key"}))
    assert refused.value.parameter == "extra.notification_secret"
    await setup.put("suunto", AppFields("client", "secret", None, SUUNTO))
    view = await setup.put("suunto", AppFields(client_secret="another"))
    assert (view.app.client_secret, view.app.extra) == ("another", SUUNTO)
    with pytest.raises(InvalidInputError):
        await setup.put("suunto", AppFields(extra={"subscription_key": ""}))


async def test_a_vendor_that_wants_an_app_of_each_company_has_no_shared_one(setup: AppSetup) -> None:
    with pytest.raises(DisallowedError):
        await setup.put("strava", NEW)


async def test_the_address_holds_a_secret_where_nothing_is_signed(
    setup: AppSetup, db: Database, keyring: Keyring
) -> None:
    await keys.create_developer(db.autocommit, "Company A", "company-a")
    own = AppSetup(db, keyring, "https://gateway.test", dev_id="company-a", actor="operator")
    unsigned, signed = await own.put("strava", NEW), await setup.put("polar", NEW)
    assert unsigned.notice_url != signed.notice_url
    assert unsigned.notice_url is not None
    assert unsigned.app.notice_secret not in unsigned.notice_url
    assert signed.notice_url == f"https://gateway.test/notices/polar/{signed.app.id}"
    renewed = await own.renew_notice_secret("strava")
    assert renewed.notice_url != unsigned.notice_url
    assert unsigned.notice_url.rpartition(".")[0] == (renewed.notice_url or "").rpartition(".")[0]


async def test_the_audit_log_is_told_no_secret(setup: AppSetup, db: Database) -> None:
    await setup.put("suunto", AppFields("client", "client-secret", {"api": "https://x.test"}, SUUNTO))
    await setup.put("suunto", AppFields(client_secret="second-secret"))
    await setup.renew_notice_secret("suunto")
    await setup.remove("suunto")
    told = str(await audit.history(db.autocommit, audit.GATEWAY, "provider_app:SUUNTO"))
    assert "subscription_key" in told
    for secret in ("client-secret", "second-secret", "the-key", "the-secret"):
        assert secret not in told


async def test_what_a_vendor_told_since_the_form_was_read_is_not_undone(
    setup: AppSetup, db: Database, keyring: Keyring
) -> None:
    apps = ProviderApps(db.autocommit, keyring)
    await setup.put("polar", NEW)
    claimed = await apps.claim_upkeep(now=utc_now())
    assert claimed is not None
    await apps.finish_upkeep(claimed, {"webhook_secret": "told once"}, due_at=utc_now() + CLAIM, error=None)
    view = await setup.put("polar", AppFields(extra={"scopes": "accesslink.read_all"}))
    assert view.app.extra == {"webhook_secret": "told once", "scopes": "accesslink.read_all"}


async def test_an_app_in_use_keeps_its_client_and_is_not_taken_away(setup: AppSetup, db: Database) -> None:
    view = await setup.put("polar", NEW)
    await db.autocommit.execute(
        "INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version,"
        " consented_at, created_at) VALUES ($1, 'POLAR', $2, 'ann', 'live', '{}', 0, $3, $3)",
        uuid7(), view.app.id, utc_now(),
    )  # fmt: skip
    with pytest.raises(DisallowedError):
        await setup.put("polar", AppFields(client_id="another"))
    with pytest.raises(DisallowedError):
        await setup.remove("polar")
    await setup.put("polar", AppFields(client_id="client", client_secret="rotated"))
    await db.autocommit.execute("UPDATE grants SET state = 'revoked'")
    await setup.remove("polar")


@pytest.mark.parametrize(
    ("status", "answer", "works", "answered"),
    [
        (400, {"error": "invalid_grant"}, True, True),
        (401, {"error": "invalid_client"}, False, True),
        (400, {"error": {"code": 1}}, False, False),
        (503, {}, False, False),
        (200, "nonsense", False, False),
    ],
)
async def test_whether_the_vendor_knows_an_app_is_asked_with_a_code_of_nobodys(
    setup: AppSetup, vendor: Scripted, status: int, answer: Any, *, works: bool, answered: bool
) -> None:
    vendor.says = lambda _method, _path: (status, answer)
    await setup.put(
        "polar", AppFields("client", "client-secret", vendor.hosts(("authorize", "token", "api")))
    )
    found = await setup.check("polar")
    assert (found.works, found.answered) == (works, answered)
    assert works or found.detail
    assert "client-secret" not in str(found)
