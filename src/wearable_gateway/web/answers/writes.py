"""What became of data written to, or removed from, the end user's account at the provider."""

from typing import Literal

from pydantic import Field

from wearable_gateway.web.answers.base import Answer
from wearable_gateway.web.answers.users import User


class ItemOutcome(Answer):
    id: str | None = Field(description="The provider's id; null where the item was not taken.")
    response_code: int = Field(ge=200, le=599, description="An HTTP status for this item alone.")
    message: str = Field(default="", description="Why it was not taken; absent where it was.")


class _Outcome(Answer):
    user: User
    processed_data: list[ItemOutcome] = Field(description="One for each item, in their order.")


class Removed(_Outcome):
    status: Literal["success"]


class PartlyRemoved(_Outcome):
    """At least one item was not removed."""

    status: Literal["warning"]


class Added(_Outcome):
    status: Literal["success"]
    message: str
    log_ids: list[str] = Field(description="The provider's ids, in the order of the items.")


class PartlyAdded(_Outcome):
    """At least one item was not taken."""

    status: Literal["warning"]
    message: str
    log_ids: list[str | None] = Field(description="In the order of the items; null where one was not taken.")
