"""What a developer may choose, and what holds when they chose nothing."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class DuplicatePolicy(StrEnum):
    """The same wearable account under another reference_id: keep both, replace the old one, or refuse."""

    KEEP_BOTH = "keep_both"
    REPLACE = "replace"
    REJECT = "reject"


class FailedAuthForm(StrEnum):
    """Terra's two generations report a failed connect differently; see docs/events.md."""

    AUTH_CANCELLED = "auth_cancelled"
    CLASSIC = "classic"


class DeveloperSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    duplicate_policy: DuplicatePolicy = DuplicatePolicy.KEEP_BOTH
    failed_auth: FailedAuthForm = FailedAuthForm.AUTH_CANCELLED

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "DeveloperSettings":
        return cls.model_validate(stored)
