"""/admin/v1/developers/{dev_id}/settings: what a developer chose, and what holds where it chose nothing."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers import settings_repository as repository
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.deps import Svc

router = APIRouter()


class SettingsChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    chosen: dict[str, Any] = Field(
        default_factory=dict, alias="set", description="Values by name; null is a value like another."
    )
    reset: list[str] = Field(
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


@router.get("/developers/{dev_id}/settings")
async def show_settings(dev_id: NamedDeveloper, svc: Svc) -> SettingsAnswer:
    """Every setting there is."""
    return _answer(dev_id, await repository.read_settings(svc.db.autocommit, dev_id))


@router.patch("/developers/{dev_id}/settings")
async def change_settings(
    admin: CurrentAdmin, dev_id: NamedDeveloper, svc: Svc, body: SettingsChange
) -> SettingsAnswer:
    """Change the settings that are named, and no others. It holds from the next request on."""
    async with svc.db.transaction() as session:
        settings = await repository.change_settings(
            session, dev_id, body.chosen, body.reset, actor=admin.actor
        )
    return _answer(dev_id, settings)


def _answer(dev_id: str, settings: Sequence[repository.Setting]) -> SettingsAnswer:
    return SettingsAnswer(
        dev_id=dev_id, settings=[SettingAnswer.model_validate(setting) for setting in settings]
    )
