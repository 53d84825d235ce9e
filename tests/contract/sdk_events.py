"""Terra's Python client as the judge of events: its own type for each, filled without a fault.

The client reads no webhooks at run time, it only has types for them; here they are validated, not just constructed.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from terra.core.pydantic_utilities import parse_obj_as
from terra.types.access_revoked_event import AccessRevokedEvent
from terra.types.activity_event import ActivityEvent
from terra.types.athlete_event import AthleteEvent
from terra.types.auth_error_event import AuthErrorEvent
from terra.types.auth_success_event import AuthSuccessEvent
from terra.types.body_event import BodyEvent
from terra.types.connection_error_event import ConnectionErrorEvent
from terra.types.daily_event import DailyEvent
from terra.types.deauth_event import DeauthEvent
from terra.types.healthcheck_event import HealthcheckEvent
from terra.types.large_request_processing_event import LargeRequestProcessingEvent
from terra.types.large_request_sending_event import LargeRequestSendingEvent
from terra.types.menstruation_event import MenstruationEvent
from terra.types.nutrition_event import NutritionEvent
from terra.types.permission_change_event import PermissionChangeEvent
from terra.types.rate_limit_hit_event import RateLimitHitEvent
from terra.types.sleep_event import SleepEvent
from terra.types.terra_user import TerraUser
from terra.types.user_reauth_event import UserReauthEvent

from wearable_gateway.events.catalog import EventType

JUDGES: Mapping[EventType, type[BaseModel]] = {
    EventType.AUTH: AuthSuccessEvent,
    EventType.DEAUTH: DeauthEvent,
    EventType.USER_REAUTH: UserReauthEvent,
    EventType.ACCESS_REVOKED: AccessRevokedEvent,
    EventType.CONNECTION_ERROR: ConnectionErrorEvent,
    EventType.PERMISSION_CHANGE: PermissionChangeEvent,
    EventType.ACTIVITY: ActivityEvent,
    EventType.ATHLETE: AthleteEvent,
    EventType.BODY: BodyEvent,
    EventType.DAILY: DailyEvent,
    EventType.MENSTRUATION: MenstruationEvent,
    EventType.NUTRITION: NutritionEvent,
    EventType.SLEEP: SleepEvent,
    EventType.LARGE_REQUEST_PROCESSING: LargeRequestProcessingEvent,
    EventType.LARGE_REQUEST_SENDING: LargeRequestSendingEvent,
    EventType.RATE_LIMIT_HIT: RateLimitHitEvent,
    EventType.HEALTHCHECK: HealthcheckEvent,
}
"""`auth` with `status: error` is judged by AuthErrorEvent."""

WITHOUT_A_TYPE: Mapping[EventType, str] = {
    EventType.AUTH_CANCELLED: "of Terra's newer generation; the client's is `auth` with status error",
    EventType.HEALTH_OBSERVATION: "of Terra's newer generation",
    EventType.HORMONE: "of Terra's newer generation",
    EventType.PLANNED_WORKOUT: "of Terra's newer generation; the client only fetches planned workouts",
    EventType.LARGE_REQUEST_COMPLETED: "ours; sent to those who ask for it",
    EventType.DELIVERY_EXHAUSTED: "ours",
    EventType.DESTINATION_DISABLED: "ours",
    EventType.DESTINATION_RECOVERED: "ours",
}

_NULL_WHERE_THERE_IS_NONE = ("reference_id", "widget_session_id")
"""In `auth`. The client's type says text; Terra's newer schemas say that they may be null."""


def judge(event: Mapping[str, Any], *, complete: bool = False) -> Any:
    """`event` as the client's type of it; None where it has none, and then only its user was judged.

    With `complete`, nothing may be null that the client's type has as text. Raises ValidationError; ValueError for an
    event of a type that nobody knows.
    """
    kind = EventType(event["type"])
    if kind in WITHOUT_A_TYPE:
        if event.get("user") is not None:
            parse_obj_as(TerraUser, event["user"])
        return None
    if kind is not EventType.AUTH:
        return parse_obj_as(JUDGES[kind], dict(event))
    blanks = {} if complete else {name: event[name] or "" for name in _NULL_WHERE_THERE_IS_NONE}
    failed = event["status"] == "error"
    return parse_obj_as(AuthErrorEvent if failed else JUDGES[kind], {**event, **blanks})
