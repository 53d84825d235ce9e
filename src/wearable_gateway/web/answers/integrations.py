"""The providers there are."""

from typing import Literal

from pydantic import AnyUrl, Field

from wearable_gateway.web.answers.base import Answer
from wearable_gateway.web.parameters import PROVIDER


class Integrations(Answer):
    status: Literal["success"]
    providers: list[str] = Field(examples=[[PROVIDER]])
    sdk_resource: list[str] = Field(description="Providers that only a phone's SDK reads: none.")
    sdk_providers: list[str] = Field(description="The same under its newer name.")


class DataTypes(Answer):
    activity: bool
    body: bool
    daily: bool
    menstruation: bool
    nutrition: bool
    sleep: bool


class Integration(Answer):
    provider: str = Field(description="What to give as `resource`.", examples=[PROVIDER])
    name: str = Field(description="What to show to people.")
    icon: AnyUrl
    setup: Literal["API_KEYS_MANAGED", "API_KEYS_OWN"] = Field(
        description="Whose app it is connected through: the gateway's shared one, or the developer's own."
    )
    enabled: bool
    types: DataTypes = Field(description="Which data the provider delivers.")


class DetailedIntegrations(Answer):
    status: Literal["success"]
    providers: list[Integration]
