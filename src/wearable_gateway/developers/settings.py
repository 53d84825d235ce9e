"""What a developer may choose, and what holds when they chose nothing."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers.models import Environment
from wearable_gateway.kit.complaints import COLOR

_USER_LIMITS = {Environment.TESTING: 50, Environment.STAGING: 50, Environment.PRODUCTION: None}
"""Terra's caps (https://docs.tryterra.co/docs/account-setup/understanding-terra-environments)."""


class DuplicatePolicy(StrEnum):
    """The same wearable account under another reference_id: keep both, replace the old one, or refuse."""

    KEEP_BOTH = "keep_both"
    REPLACE = "replace"
    REJECT = "reject"


class FailedAuthForm(StrEnum):
    """Terra's two generations report a failed connect differently; see docs/events.md."""

    AUTH_CANCELLED = "auth_cancelled"
    CLASSIC = "classic"


class ApiVersion(StrEnum):
    """Where Terra's generations differ: `classic` is what its SDKs read, `current` what its newer schemas say."""

    CLASSIC = "classic"
    CURRENT = "current"


FOR_THE_GATEWAY_ALONE = frozenset({"requests_per_minute", "user_limit"})
"""Limits that a developer is under: whoever works for the developer sees them, and who runs the gateway changes them."""


class DeveloperSettings(BaseModel):
    """Stored are only the values that were chosen; the descriptions are what operators read."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    duplicate_policy: DuplicatePolicy = Field(
        default=DuplicatePolicy.KEEP_BOTH,
        description="The same wearable account under another reference_id: keep_both, replace or reject.",
    )
    failed_auth: FailedAuthForm = Field(
        default=FailedAuthForm.AUTH_CANCELLED,
        description="How a failed connect is reported: auth_cancelled, or classic (auth with status error).",
    )
    api_version: ApiVersion = Field(
        default=ApiVersion.CLASSIC,
        description="Shapes where Terra's generations differ: classic (its SDKs) or current (its newer schemas).",
    )
    redirect_urls: tuple[str, ...] | None = Field(
        default=None,
        description="Beginnings of the addresses end users may be sent to; null: any.",
    )
    providers: tuple[str, ...] | None = Field(
        default=None, description="The providers end users may connect; null: all that are set up."
    )
    history_days: Annotated[int, Field(ge=0, le=36_500)] | None = Field(
        default=90,
        description="How many days back health records are kept; 0: not at all, null: for ever.",
    )
    large_request_completed: bool = Field(
        default=False, description="Send large_request_completed once every payload was delivered."
    )
    healthcheck: bool = Field(default=True, description="Send a healthcheck event every hour.")
    disable_failing_destinations_after_days: Annotated[int, Field(ge=1, le=365)] | None = Field(
        default=5,
        description="Days without a success after which a destination is disabled; null: never.",
    )
    requests_per_minute: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        default=6000, description="API requests a minute over all processes; null: no limit."
    )
    user_limit: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = Field(
        default=None,
        description="How many users may be connected; null: 50 in testing and staging, any number in production.",
    )

    brand_color: Annotated[str, Field(pattern=COLOR)] | None = Field(
        default=None, description="The colour of the connect pages, as #rrggbb; null: the gateway's own."
    )

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "DeveloperSettings":
        return cls.model_validate(stored)

    def users_allowed(self, environment: Environment) -> int | None:
        """None: any number."""
        return _USER_LIMITS[environment] if self.user_limit is None else self.user_limit

    def enables(self, provider: str) -> bool:
        """Whether end users may connect the provider with this slug."""
        return self.providers is None or provider in self.providers


_REQUESTS_PER_MINUTE = DeveloperSettings().requests_per_minute


def request_limit(stored: dict[str, Any]) -> int | None:
    """`requests_per_minute`, which every request asks for, without reading the other settings."""
    limit: int | None = stored.get("requests_per_minute", _REQUESTS_PER_MINUTE)
    return limit
