"""What every provider has to hold to, whichever there are."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from wearable_gateway.errors import NotFoundError, NoticeRefusedError
from wearable_gateway.providers import PROVIDERS, find_provider
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, AppAccess
from wearable_gateway.unified.documentation import BY_TYPE
from wearable_gateway.unified.records import DataType

SOURCE = Path(__file__).parents[2] / "src" / "wearable_gateway"
APP = AppAccess("client", "secret", "notice-secret", {})
EVERY = [pytest.param(provider, id=slug) for slug, provider in PROVIDERS.items()]


@pytest.mark.parametrize("provider", EVERY)
def test_its_facts_are_complete(provider: Provider) -> None:
    assert provider.slug == provider.slug.upper()
    assert provider.name
    assert provider.oauth.scopes
    assert provider.data_scopes
    asked = set(provider.oauth.scopes)
    for scopes in provider.data_scopes.values():
        assert not scopes or set(scopes) & asked
    for kind, parts in provider.part_scopes.items():
        assert kind in provider.data_scopes
        assert set(parts) <= set(BY_TYPE[kind].model_fields)
        assert all(set(scopes) & asked for scopes in parts.values())
    hosts = {"authorize", "token", "api"} | ({"revoke"} if provider.oauth.revoke_path else set())
    assert hosts <= set(provider.default_hosts) or provider.slug == "SANDBOX"
    assert set(provider.write_scopes.values()) <= set(provider.oauth.scopes)
    assert provider.window_days > 0


@pytest.mark.parametrize("provider", EVERY)
async def test_what_it_does_not_take_is_not_sent(provider: Provider) -> None:
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(_never), base_url="http://vendor.test"
    ) as client:
        access = Access(client, APP, "account", frozenset())
        for kind in set(DataType) - set(provider.write_scopes):
            with pytest.raises(NotImplementedError):
                await provider.write(access, kind, {})
            with pytest.raises(NotImplementedError):
                await provider.delete(access, kind, "log_1")


def _never(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.method} was sent")


@pytest.mark.parametrize("provider", EVERY)
def test_it_is_found_by_name_in_any_case_and_by_alias(provider: Provider) -> None:
    for name in (provider.slug, provider.slug.lower(), f" {provider.slug} ", *provider.aliases):
        assert find_provider(name) is provider


@pytest.mark.parametrize("name", ["", "NOBODY", "SANDBOX,SANDBOX", "../sandbox", "_base", "sandbox\x00"])
def test_other_names_are_found_by_nobody(name: str) -> None:
    with pytest.raises(NotFoundError):
        find_provider(name)


@pytest.mark.parametrize("provider", EVERY)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"id":1}', b"[" * 5000])
def test_a_body_that_is_no_notice_is_refused_and_does_not_crash(provider: Provider, body: bytes) -> None:
    try:
        assert list(provider.notices(body)) == []
    except NoticeRefusedError:
        return


@pytest.mark.parametrize("provider", EVERY)
def test_a_call_without_the_vendors_proof_is_refused(provider: Provider) -> None:
    if not provider.notices_are_signed:
        return
    with pytest.raises(NoticeRefusedError):
        provider.verify(NoticeRequest({}, b"{}", datetime.now(UTC)), APP)


@pytest.mark.parametrize("provider", EVERY)
def test_its_name_stands_in_its_own_file_or_folder_and_nowhere_else_in_the_domain(provider: Provider) -> None:
    own = SOURCE / "providers" / provider.slug.lower()
    elsewhere = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if f'"{provider.slug}"' in path.read_text()
        and path != own.with_suffix(".py")
        and own not in path.parents
    ]
    # The command line sets the simulated vendor up and plays with it by name; that is what it is for.
    played = (
        {place for place in elsewhere if place.startswith("cli/")} if provider.slug == "SANDBOX" else set()
    )
    assert set(elsewhere) == played
