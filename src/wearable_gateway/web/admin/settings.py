"""/admin/v1/developers/{dev_id}/settings: what a developer chose, and what holds where it chose nothing."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers import settings_repository as repository
from wearable_gateway.developers.redirect_urls import LONGEST
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.parameters import text
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1", tag="admin", route_class=JsonRoute)


def _choices() -> dict[str, Any]:
    """Settings by name, as the domain checks them."""
    schema = DeveloperSettings.model_json_schema(mode="validation")
    kinds = schema.pop("$defs", {})
    fields = {name: _inline(field, kinds) for name, field in schema["properties"].items()}
    addresses = {"type": "string", "maxLength": LONGEST, "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$"}
    fields["redirect_urls"]["anyOf"][0]["items"] = addresses
    fields["providers"]["anyOf"][0]["items"] = {"type": "string", "enum": sorted(PROVIDERS)}
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _inline(field: dict[str, Any], kinds: dict[str, Any]) -> dict[str, Any]:
    name = field.get("$ref", "").rpartition("/")[2]
    rest = {key: value for key, value in field.items() if key not in {"$ref", "default", "title"}}
    return {**kinds[name], **rest} if name else rest


class SettingsChange(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"set": {"history_days": 30}, "reset": ["user_limit"]}]},
    )

    chosen: Annotated[dict[str, Any], text(_choices())] = Field(
        default_factory=dict, alias="set", description="Values by name; null is a value like another."
    )
    reset: list[Annotated[str, text({"type": "string", "enum": list(repository.NAMES)})]] = Field(
        default_factory=list, description="Names of settings that go back to the default."
    )


class SettingAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    value: Any
    default: Any
    description: str
    is_chosen: bool = Field(description="false: nothing was chosen, and the default holds.")


class SettingsAnswer(BaseModel):
    dev_id: str
    settings: list[SettingAnswer]


@router.get("/developers/{dev_id}/settings", summary="Show the settings", responses=refusals(404))
async def show_settings(dev_id: NamedDeveloper, svc: Svc) -> SettingsAnswer:
    """Every setting there is, chosen or not."""
    return _answer(dev_id, await repository.read_settings(svc.db.autocommit, dev_id))


@router.patch("/developers/{dev_id}/settings", summary="Change settings", responses=refusals(403, 404))
async def change_settings(
    admin: CurrentAdmin, dev_id: NamedDeveloper, svc: Svc, body: SettingsChange
) -> SettingsAnswer:
    """Change the settings that are named, and no others. It holds from the next request on."""
    chosen = {name: _number(value) for name, value in body.chosen.items()}
    async with svc.db.transaction() as session:
        settings = await repository.change_settings(
            session, dev_id, chosen, body.reset, actor=admin.actor, by_developer=admin.dev_id is not None
        )
    return _answer(dev_id, settings)


def _number(value: Any) -> Any:
    """To JSON 5.0 is 5; some clients know no other numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _answer(dev_id: str, settings: Sequence[repository.Setting]) -> SettingsAnswer:
    return SettingsAnswer(
        dev_id=dev_id, settings=[SettingAnswer.model_validate(setting) for setting in settings]
    )
