"""Providers at a developer, and the shared apps of the gateway: looked at, entered, tested, switched, removed."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Form, Request, Response

from wearable_gateway.connections import usage
from wearable_gateway.connections.app_setup import AppCheck, AppSetup, AppView
from wearable_gateway.developers.provider_standing import ProviderStanding, standings
from wearable_gateway.developers.roles import Right
from wearable_gateway.developers.settings_repository import enable_provider
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.providers import find_provider
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Anywhere, Managing, ManagingAnywhere, Place
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.providers import forms, words
from wearable_gateway.web.dashboard.providers.forms import AppForm
from wearable_gateway.web.deps import Services, Svc

router = section("/{dev_id}/providers")


@router.get("")
async def show_providers(svc: Svc, here: Anywhere) -> Response:
    views = {view.app.provider: view for view in await _setup(svc, here).all()}
    return framed(
        "providers.html",
        here,
        "providers",
        providers=words.by_name(),
        views=views,
        standings=await _standings(svc, here),
        used=await _used(svc, here, views),
        most=usage.MOST,
        words=words,
    )


@router.get("/coverage")
async def show_coverage(here: Anywhere) -> Response:
    columns, rows = words.coverage()
    return framed("coverage.html", here, "providers", columns=columns, rows=rows, title_of=words.title)


@router.get("/{provider}")
async def show_provider(svc: Svc, here: Anywhere, provider: str, done: str = "") -> Response:
    return await _page(svc, here, find_provider(provider), done=done)


@router.post("/{provider}/app")
async def save_app(request: Request, svc: Svc, here: ManagingAnywhere, provider: str) -> Response:
    wanted = find_provider(provider)
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    fields = forms.read(wanted, form, hosts_too=here.manages_gateway)
    try:
        await _setup(svc, here).put(wanted.slug, fields)
    except (InvalidInputError, DisallowedError) as error:
        problem = (
            (error.parameter, error.expected) if isinstance(error, InvalidInputError) else ("", str(error))
        )
        return await _page(
            svc, here, wanted, form=forms.typed(form, problem), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return _to(here, wanted, "saved")


@router.post("/{provider}/test")
async def test_app(svc: Svc, here: ManagingAnywhere, provider: str) -> Response:
    """Changes nothing, so the page itself is the answer, and asking again asks the vendor again."""
    wanted = find_provider(provider)
    return await _page(svc, here, wanted, tested=await _setup(svc, here).check(wanted.slug))


@router.post("/{provider}/renew-notice-secret")
async def renew_notice_secret(svc: Svc, here: ManagingAnywhere, provider: str) -> Response:
    wanted = find_provider(provider)
    await _setup(svc, here).renew_notice_secret(wanted.slug)
    return _to(here, wanted, "renewed")


@router.post("/{provider}/remove")
async def remove_app(svc: Svc, here: ManagingAnywhere, provider: str) -> Response:
    wanted = find_provider(provider)
    try:
        await _setup(svc, here).remove(wanted.slug)
    except DisallowedError as error:
        return await _page(svc, here, wanted, refused=str(error), status=HTTPStatus.CONFLICT)
    return _to(here, wanted, "removed")


@router.post("/{provider}/switch")
async def switch_provider(
    svc: Svc, here: Managing, provider: str, on: Annotated[str, Form()] = ""
) -> Response:
    wanted = find_provider(provider)
    async with svc.db.transaction() as tx:
        await enable_provider(tx, here.dev_id, wanted.slug, enabled=bool(on), actor=here.actor)
    return _to(here, wanted, "on" if on else "off")


def _to(here: Place, provider: Provider, done: str) -> Response:
    return go_to(f"{here.home}/providers/{provider.slug}?done={done}")


def _setup(svc: Services, here: Place) -> AppSetup:
    return AppSetup(
        svc.db, svc.keyring, svc.public_url,
        dev_id=here.dev_id, actor=here.actor, by_developer=not here.manages_gateway,
    )  # fmt: skip


async def _standings(svc: Services, here: Place) -> dict[str, ProviderStanding]:
    """Of a developer's page; the gateway's own has none."""
    if here.developer is None:
        return {}
    return await standings(svc.db.autocommit, svc.keyring, here.developer)


async def _used(svc: Services, here: Place, views: dict[str, AppView]) -> dict[str, int]:
    """By provider: the developer's connections, or the accounts connected through the shared apps."""
    if here.dev_id is not None:
        slugs = [provider.slug for provider in words.by_name()]
        return await usage.connections_by_provider(svc.db.autocommit, here.dev_id, slugs)
    ids = {view.app.id: slug for slug, view in views.items()}
    counted = await usage.accounts_by_app(svc.db.autocommit, list(ids))
    return {ids[app_id]: number for app_id, number in counted.items()}


async def _page(
    svc: Services,
    here: Place,
    provider: Provider,
    *,
    status: int = HTTPStatus.OK,
    form: AppForm | None = None,
    tested: AppCheck | None = None,
    **values: Any,
) -> Response:
    view = await _own(_setup(svc, here), provider)
    slug = provider.slug
    used = await _used(svc, here, {slug: view} if view else {})
    return framed(
        "provider.html",
        here,
        "providers",
        status=status,
        provider=provider,
        view=view,
        standing=(await _standings(svc, here)).get(slug),
        used=used.get(slug, 0),
        most=usage.MOST,
        form=form or forms.stored(view),
        tested=tested,
        delivered=words.delivered(provider),
        words=words,
        callback_url=AppSetup.callback_url(svc.public_url),
        # It may hold a secret.
        notice_url=view.notice_url if view and here.may(Right.MANAGE) else None,
        **{"done": "", "refused": None, **values},
    )


async def _own(setup: AppSetup, provider: Provider) -> AppView | None:
    try:
        return await setup.show(provider.slug)
    except NotFoundError:
        return None
