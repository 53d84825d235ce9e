"""Links for end users to connect with, and tokens for front ends."""

from typing import Literal
from uuid import UUID

from pydantic import AnyUrl, Field

from wearable_gateway.developers.tokens import LIFETIME
from wearable_gateway.web.answers.base import Answer, UserId


class Success(Answer):
    status: Literal["success"]


class AuthUrl(Answer):
    """A link for one provider."""

    status: Literal["success"]
    user_id: UserId
    auth_url: AnyUrl = Field(description="Where to send the end user.")
    expires_in: int = Field(description="Seconds until the link can no longer be used.", examples=[900])


class WidgetSession(Answer):
    """A link to the choice of a provider."""

    status: Literal["success"]
    session_id: UUID = Field(description="Stands in the `auth` event as `widget_session_id`.")
    url: AnyUrl = Field(description="Where to send the end user.")
    expires_in: int = Field(description="Seconds until the link can no longer be used.", examples=[900])


class TokenAnswer(Answer):
    status: Literal["success"] = "success"
    token: str = Field(description="64 hexadecimal characters; works once.", pattern="^[0-9a-f]{64}$")
    expires_in: int = Field(default=int(LIFETIME.total_seconds()), description="Seconds.")
