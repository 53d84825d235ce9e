"""What our events carry, by type; `events.catalog` and `events.data_events` write them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.events.catalog import EventType
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.answers.base import Answer, ReferenceIdOrNone
from wearable_gateway.web.answers.data import ANSWERS, Reference, Version
from wearable_gateway.web.answers.users import User


class _Event(Answer):
    version: Version


class _Warning(_Event):
    status: Literal["warning"]
    user: User
    message: str


class AuthEvent(_Event):
    """An end user has connected a wearable."""

    type: Literal["auth"]
    status: Literal["success"]
    user: User
    message: str
    reference_id: ReferenceIdOrNone
    flow_id: UUID
    widget_session_id: UUID | None


class ClassicAuthFailedEvent(_Event):
    """Connecting failed; sent where the setting `failed_auth` is `classic`."""

    type: Literal["auth"]
    status: Literal["error"]
    user: User
    provider: str | None
    message: str
    reason: str
    reference_id: ReferenceIdOrNone
    widget_session_id: UUID | None


class AuthCancelledEvent(_Event):
    """Connecting failed; sent where the setting `failed_auth` is `auth_cancelled`."""

    type: Literal["auth_cancelled"]
    status: Literal["error"]
    flow_id: UUID
    reason: str
    reference_id: ReferenceIdOrNone
    provider: str | None


class DeauthEvent(_Event):
    """A connection was removed by you."""

    type: Literal["deauth"]
    status: Literal["success"]
    user: User
    message: str


class UserReauthEvent(_Event):
    """The same wearable account was connected again: the new connection replaces the old one."""

    type: Literal["user_reauth"]
    status: Literal["warning"]
    new_user: User
    old_user: User
    message: str


class AccessRevokedEvent(_Warning):
    """The end user withdrew the authorisation at the provider."""

    type: Literal["access_revoked"]


class ConnectionErrorEvent(_Warning):
    """The provider refuses us although the authorisation lives."""

    type: Literal["connection_error"]


class PermissionChangeEvent(_Warning):
    """The end user shares more, or less, than before."""

    type: Literal["permission_change"]
    scopes_added: str = Field(description="Separated by commas.")
    scopes_removed: str = Field(description="Separated by commas.")


class LargeRequestProcessingEvent(_Event):
    """A request for more than a calendar month has been taken on."""

    type: Literal["large_request_processing"]
    status: Literal["processing"]
    message: str
    user: User
    reference: Reference


class LargeRequestSendingEvent(_Event):
    """Everything was fetched and is sent now."""

    type: Literal["large_request_sending"]
    message: str
    user: User
    reference: Reference
    expected_payloads: int


class LargeRequestCompletedEvent(_Event):
    """Every payload came to its end; sent where the setting `large_request_completed` is on."""

    type: Literal["large_request_completed"]
    status: Literal["success", "error"]
    message: str
    user: User
    reference: Reference
    expected_payloads: int
    undelivered_payloads: int = Field(description="Payloads that some destination never took.")
    failed_windows: int


class RateLimitHitEvent(_Event):
    """The provider's limit is used up; the request goes on by itself."""

    type: Literal["rate_limit_hit"]
    status: Literal["warning"]
    message: str
    user: User
    start_date: date
    end_date: date
    retrying_at: datetime
    reference: Reference


class HealthcheckEvent(_Event):
    """A sign of life every hour."""

    type: Literal["healthcheck"]
    status: Literal["success"]
    creation_timestamp: datetime
    trend_percentage: int
    sent_webhooks_last_hour: int


class AboutDestination(Answer):
    """The destination that an event is about."""

    destination_id: UUID
    url: str | None = Field(description="null: its events are fetched.")
    description: str | None


class DestinationDisabledEvent(_Event):
    """A destination was given up: it failed for days, or answered 410. Sent to your other destinations."""

    type: Literal["destination.disabled"]
    status: Literal["error"]
    message: str
    destination: AboutDestination
    reason: str


class DestinationRecoveredEvent(_Event):
    """A destination that failed for an hour or longer answers again."""

    type: Literal["destination.recovered"]
    status: Literal["success"]
    message: str
    destination: AboutDestination
    failing_since: datetime


class LostDelivery(Answer):
    event_id: UUID
    type: str
    attempts: int
    last_error: str


class DeliveryExhaustedEvent(_Event):
    """Deliveries were given up after their last attempt. Sent to your other destinations."""

    type: Literal["delivery.exhausted"]
    status: Literal["warning"]
    message: str
    destination: AboutDestination
    count: int
    deliveries: list[LostDelivery] = Field(description="The first hundred of them.")


PAYLOADS: dict[EventType, tuple[type[Answer], ...]] = {
    EventType.AUTH: (AuthEvent, ClassicAuthFailedEvent),
    EventType.AUTH_CANCELLED: (AuthCancelledEvent,),
    EventType.DEAUTH: (DeauthEvent,),
    EventType.USER_REAUTH: (UserReauthEvent,),
    EventType.ACCESS_REVOKED: (AccessRevokedEvent,),
    EventType.CONNECTION_ERROR: (ConnectionErrorEvent,),
    EventType.PERMISSION_CHANGE: (PermissionChangeEvent,),
    EventType.LARGE_REQUEST_PROCESSING: (LargeRequestProcessingEvent,),
    EventType.LARGE_REQUEST_SENDING: (LargeRequestSendingEvent,),
    EventType.LARGE_REQUEST_COMPLETED: (LargeRequestCompletedEvent,),
    EventType.RATE_LIMIT_HIT: (RateLimitHitEvent,),
    EventType.HEALTHCHECK: (HealthcheckEvent,),
    EventType.DELIVERY_EXHAUSTED: (DeliveryExhaustedEvent,),
    EventType.DESTINATION_DISABLED: (DestinationDisabledEvent,),
    EventType.DESTINATION_RECOVERED: (DestinationRecoveredEvent,),
    **{EventType(kind.value): (ANSWERS[kind],) for kind in DataType},
}
