"""/admin/v1/provider-apps: the OAuth clients at the vendors, the operator's shared ones and each developer's own.

Written once, and included twice: by itself, and below a developer.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.connections.app_setup import AppFields, AppSetup, AppView
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.kit.complaints import PRINTABLE_ASCII
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.admin.dry_run import DryRun, tell
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.parameters import PROVIDER
from wearable_gateway.web.refusals import refusals

router = APIRouter(route_class=JsonRoute)

Resource = Annotated[str, Path(description="The provider, in any case or by an alias.", examples=[PROVIDER])]
Value = Annotated[str, Field(max_length=4096)]
Printable = Annotated[str, Field(max_length=4096, pattern=PRINTABLE_ASCII)]


@dataclass(frozen=True, slots=True)
class _Owner:
    dev_id: str | None
    admin: AdminToken


async def shared_apps(request: Request, admin: CurrentAdmin) -> None:
    request.state.app_owner = _Owner(None, admin)


async def apps_of_developer(request: Request, admin: CurrentAdmin, dev_id: NamedDeveloper) -> None:
    request.state.app_owner = _Owner(dev_id, admin)


SharedApps = Depends(shared_apps)
AppsOfDeveloper = Depends(apps_of_developer)


async def app_setup(request: Request, svc: Svc) -> AppSetup:
    owner: _Owner = request.state.app_owner
    return AppSetup(
        svc.db, svc.keyring, svc.public_url,
        dev_id=owner.dev_id, actor=owner.admin.actor, by_developer=owner.admin.dev_id is not None,
    )  # fmt: skip


Setup = Annotated[AppSetup, Depends(app_setup)]


class ProviderAppChange(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"client_id": "abc", "client_secret": "kept encrypted"}]},
    )

    client_id: Printable | None = Field(default=None, description="Needed the first time.")
    client_secret: Printable | None = Field(
        default=None, description="Needed the first time; a new one rotates it."
    )
    hosts: dict[str, Value] = Field(
        default_factory=dict,
        description="Where the vendor is, by what the URL is for, where it is elsewhere; empty: as usual.",
    )
    extra: dict[str, Value] = Field(
        default_factory=dict,
        description="What else the vendor knows the app by, and `scopes` to ask for; empty: taken away.",
    )


class ExtraField(BaseModel):
    name: str
    description: str
    required: bool
    is_set: bool


class ProviderAppAnswer(BaseModel):
    """An app without its secrets."""

    provider: str
    client_id: str
    hosts: dict[str, str] = Field(description="Where the vendor is asked, its usual places included.")
    extra: list[ExtraField]
    callback_url: str = Field(description="To be entered at the vendor as redirect URI.")
    notice_url: str | None = Field(
        description="To be entered at the vendor, where it cannot be told by itself. It may hold a secret."
    )
    problem: str | None = Field(description="Why the vendor could not be asked to send notices; null: none.")


class ProviderAppList(BaseModel):
    provider_apps: list[ProviderAppAnswer]


class ProviderAppCheck(BaseModel):
    works: bool = Field(description="Whether the vendor knows the client id and secret.")
    detail: str | None = Field(description="What it answered otherwise.")


@router.get("/provider-apps", summary="List the provider apps", responses=refusals(404))
async def list_provider_apps(setup: Setup) -> ProviderAppList:
    """By provider, without their secrets."""
    return ProviderAppList(provider_apps=[_answer(view) for view in await setup.all()])


@router.get("/provider-apps/{provider}", summary="Show a provider app", responses=refusals(404))
async def show_provider_app(provider: Resource, setup: Setup) -> ProviderAppAnswer:
    """Without its secrets."""
    return _answer(await setup.show(provider))


@router.put("/provider-apps/{provider}", summary="Enter a provider app", responses=refusals(403, 404))
async def put_provider_app(provider: Resource, setup: Setup, body: ProviderAppChange) -> ProviderAppAnswer:
    """Made, or changed in what is given. Its secrets are kept encrypted, and never shown again."""
    fields = AppFields(body.client_id, body.client_secret, body.hosts, body.extra)
    return _answer(await setup.put(provider, fields))


@router.post("/provider-apps/{provider}/test", summary="Test a provider app", responses=refusals(404))
async def test_provider_app(provider: Resource, setup: Setup) -> ProviderAppCheck:
    """Asks the vendor whether it knows the app, by redeeming a code that nobody was given."""
    found = await setup.check(provider)
    return ProviderAppCheck(works=found.works, detail=found.detail)


@router.post(
    "/provider-apps/{provider}/renew-notice-secret",
    summary="Renew the secret of a provider app's notices",
    responses=refusals(404),
)
async def renew_notice_secret(provider: Resource, setup: Setup) -> ProviderAppAnswer:
    """The old one is refused within seconds. Vendors that can be told are told; at others the new `notice_url` is entered."""
    return _answer(await setup.renew_notice_secret(provider))


@router.delete(
    "/provider-apps/{provider}",
    status_code=204,
    summary="Take a provider app away",
    responses=refusals(403, 404),
)
async def delete_provider_app(
    provider: Resource, setup: Setup, response: Response, dry_run: DryRun = False
) -> None:
    """Refused while wearable accounts are connected through it."""
    await setup.remove(provider, rehearse=dry_run)
    tell(response, dry_run=dry_run)


def _answer(view: AppView) -> ProviderAppAnswer:
    return ProviderAppAnswer(
        provider=view.app.provider,
        client_id=view.app.client_id,
        hosts=dict(view.hosts),
        extra=[
            ExtraField(
                name=field.name,
                description=field.description,
                required=field.required,
                is_set=field.name in view.app.extra,
            )
            for field in view.provider.app_fields
        ],
        callback_url=view.callback_url,
        notice_url=view.notice_url,
        problem=view.app.upkeep_error,
    )
