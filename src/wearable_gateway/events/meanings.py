"""What does each type of event tell? One line for people who choose among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from wearable_gateway.events.catalog import EventType


@dataclass(frozen=True, slots=True)
class Family:
    """Types that belong together, each with what it tells."""

    title: str
    types: Mapping[EventType, str]


FAMILIES = (
    Family(
        "Connections",
        {
            EventType.AUTH: "Somebody connected a wearable",
            EventType.AUTH_CANCELLED: "Somebody tried to connect and did not come to the end",
            EventType.USER_REAUTH: "Somebody connected again and has another user_id now",
            EventType.DEAUTH: "A connection was removed by you",
            EventType.ACCESS_REVOKED: "Somebody withdrew access at their provider",
            EventType.PERMISSION_CHANGE: "Somebody changed what the provider may share",
            EventType.CONNECTION_ERROR: "The provider refuses data although the connection stands",
        },
    ),
    Family(
        "Data",
        {
            EventType.ACTIVITY: "Workouts",
            EventType.ATHLETE: "Profiles",
            EventType.BODY: "Weight, blood pressure, glucose, temperature and other measurements",
            EventType.DAILY: "Summaries of a day: steps, heart rate, energy",
            EventType.SLEEP: "Nights and naps",
            EventType.MENSTRUATION: "Cycles",
            EventType.NUTRITION: "Meals and drinks",
            EventType.PLANNED_WORKOUT: "Workouts to come",
            EventType.HEALTH_OBSERVATION: "Observations about health",
            EventType.HORMONE: "Hormone levels",
        },
    ),
    Family(
        "Requests for data",
        {
            EventType.LARGE_REQUEST_PROCESSING: "A large request is being worked on",
            EventType.LARGE_REQUEST_SENDING: "Its data follows, in so many chunks",
            EventType.LARGE_REQUEST_COMPLETED: "All its chunks were delivered or given up",
            EventType.RATE_LIMIT_HIT: "A provider's limit is used up; the request goes on later",
        },
    ),
    Family(
        "Deliveries",
        {
            EventType.HEALTHCHECK: "Every hour, a sign of life",
            EventType.DELIVERY_EXHAUSTED: "Deliveries to another destination were given up",
            EventType.DESTINATION_DISABLED: "Another destination was given up",
            EventType.DESTINATION_RECOVERED: "A destination answers again",
        },
    ),
)
