"""/admin/v1/developers/{dev_id}/providers: what a developer's end users can connect, switched on and off one by one."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.provider_standing import ProviderStanding, Standing, standings
from wearable_gateway.developers.settings_repository import enable_provider
from wearable_gateway.providers import find_provider
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.parameters import PROVIDER
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1/developers/{dev_id}", tag="admin", route_class=JsonRoute)

Resource = Annotated[str, Path(description="The provider, in any case or by an alias.", examples=[PROVIDER])]


class ProviderSwitch(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"enabled": False}]})

    enabled: StrictBool = Field(description="false: nobody new connects it; who is connected stays so.")


class ProviderAnswer(BaseModel):
    provider: str
    name: str
    enabled: bool = Field(description="Whether the setting `providers` lets end users connect it.")
    connectable: bool = Field(description="Whether end users can connect it now.")
    standing: Standing = Field(
        description=(
            "Why, or why not: through the developer's `own_app` or a `shared_app`; `switched_off`; `needs_own_app`:"
            " this vendor's apps cannot be shared, and there is none of the developer's; `not_set_up`: no app at all."
        )
    )


class ProviderList(BaseModel):
    providers: list[ProviderAnswer]


@router.get("/providers", summary="List a developer's providers", responses=refusals(404))
async def list_providers(dev_id: NamedDeveloper, svc: Svc) -> ProviderList:
    """All that the gateway knows, by their names, connectable or not."""
    found = await _standings(svc, dev_id)
    in_order = sorted(found.values(), key=lambda one: one.provider.name.lower())
    return ProviderList(providers=[_answer(one) for one in in_order])


@router.patch(
    "/providers/{provider}", summary="Switch a provider of a developer on or off", responses=refusals(404)
)
async def switch_provider(
    admin: CurrentAdmin, dev_id: NamedDeveloper, svc: Svc, provider: Resource, body: ProviderSwitch
) -> ProviderAnswer:
    """The other providers stay as they are, also while somebody else switches one of them."""
    slug = find_provider(provider).slug
    async with svc.db.transaction() as session:
        await enable_provider(session, dev_id, slug, enabled=body.enabled, actor=admin.actor)
    return _answer((await _standings(svc, dev_id))[slug])


async def _standings(svc: Services, dev_id: str) -> dict[str, ProviderStanding]:
    """Raises NotFoundError."""
    session = svc.db.autocommit
    return await standings(session, svc.keyring, await find_developer(session, dev_id))


def _answer(one: ProviderStanding) -> ProviderAnswer:
    return ProviderAnswer(
        provider=one.provider.slug,
        name=one.provider.name,
        enabled=one.enabled,
        connectable=one.standing.connectable,
        standing=one.standing,
    )
