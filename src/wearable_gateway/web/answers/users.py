"""Connections, which Terra calls users."""

from typing import Literal

from pydantic import Field

from wearable_gateway.web.answers.base import Answer, Moment, ReferenceIdOrNone, UserId
from wearable_gateway.web.parameters import PROVIDER


class User(Answer):
    """One end user's connection to one wearable account."""

    user_id: UserId
    provider: str = Field(examples=[PROVIDER])
    reference_id: ReferenceIdOrNone
    scopes: str | None = Field(
        description="What the end user agreed to share, in the provider's words, separated by commas.",
        examples=["daily,activity,sleep"],
    )
    active: bool = Field(description="false: paused by you, or the authorisation has ended.")
    created_at: Moment | None = Field(description="null until the end user has finished connecting.")
    last_webhook_update: Moment | None = Field(description="When the last event of it was written.")


class DetailedUser(User):
    last_polled_at: Moment | None = Field(description="When its provider was asked last.")
    most_recent_data_at: Moment | None = Field(description="Until when its data reaches.")


class FoundUser(Answer):
    """One connection, by its `user_id`."""

    status: Literal["success"]
    user: DetailedUser
    is_authenticated: Literal[True]


class PendingUser(Answer):
    """A `user_id` whose end user has not finished connecting."""

    status: Literal["success"]
    user: User
    is_authenticated: Literal[False]


class UsersOfReference(Answer):
    """All connections of one end user, by their `reference_id`; an unknown one has none."""

    status: Literal["success"]
    users: list[User]


class AllUsers(Answer):
    """Without a `page`."""

    users: list[User]


class Page(Answer):
    next: int | None = Field(description="The number of the next page; null: this is the last one.")
    max_page: int = Field(description="The number of the last page.")
    results: list[User]


class PageOfUsers(Answer):
    """With a `page`."""

    data: Page


class ModifiedUser(Answer):
    status: Literal["success"]
    user: User
