"""Data, inline or on its way, and what else can become of asking for it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.unified.activity import Activity
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.body import Body
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.health_observation import HealthObservation
from wearable_gateway.unified.hormone import HormoneSample
from wearable_gateway.unified.menstruation import Menstruation
from wearable_gateway.unified.nutrition import Nutrition
from wearable_gateway.unified.planned_workout import PlannedWorkout
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.sleep import Sleep
from wearable_gateway.web.answers.base import Answer
from wearable_gateway.web.answers.users import User

Version = Annotated[Literal["2022-03-16"], Field(description="The version of these shapes.")]
Reference = Annotated[
    UUID,
    Field(description="Names the request, in `terra-reference` of all its events and in `/dataRequests`."),
]


class _Data(Answer):
    user: User
    version: Version


class ActivityData(_Data):
    type: Literal["activity"]
    data: list[Activity]


class BodyData(_Data):
    type: Literal["body"]
    data: list[Body]


class DailyData(_Data):
    type: Literal["daily"]
    data: list[Daily]


class MenstruationsData(_Data):
    type: Literal["menstruation"]
    data: list[Menstruation]


class NutritionData(_Data):
    type: Literal["nutrition"]
    data: list[Nutrition]


class PlannedWorkoutData(_Data):
    type: Literal["planned_workout"]
    data: list[PlannedWorkout]


class SleepData(_Data):
    type: Literal["sleep"]
    data: list[Sleep]


class HormoneData(_Data):
    type: Literal["hormone"]
    data: list[HormoneSample]


class HealthObservationsData(_Data):
    type: Literal["health_observation"]
    data: list[HealthObservation]


class AthleteData(_Data):
    """An athlete is one object, everything else a list."""

    type: Literal["athlete"]
    athlete: Athlete


class AcceptedRequest(Answer):
    """The data will be sent to your destinations."""

    status: Literal["success"]
    type: Literal["webhook"] | DataType = Field(
        description="`webhook` in the classic form (`api_version`), the type of the data in the current one."
    )
    reference: Reference
    trace_id: UUID = Field(description="The same as `reference`.")
    message: str
    user: User


class LargeRequest(Answer):
    """More than a calendar month was asked for: it is sent in chunks, after a `large_request_sending` event."""

    status: Literal["processing"]
    type: Literal["large_request_processing"]
    message: str
    user: User
    reference: Reference
    trace_id: UUID = Field(description="The same as `reference`.")
    version: Version


class NoData(Answer):
    """The provider has no data of this type."""

    status: Literal["success"]
    type: Literal["no_data"]
    message: str
    user: User


class NotYet(Answer):
    """The provider is still preparing the data (`processing`), or its limit is used up (`rate_limit`)."""

    status: Literal["success"]
    type: Literal["processing", "rate_limit"]
    message: str
    user: User
    retry_after_seconds: int = Field(ge=0)


ANSWERS: dict[DataType, type[Answer]] = {
    DataType.ACTIVITY: ActivityData,
    DataType.ATHLETE: AthleteData,
    DataType.BODY: BodyData,
    DataType.DAILY: DailyData,
    DataType.HEALTH_OBSERVATION: HealthObservationsData,
    DataType.HORMONE: HormoneData,
    DataType.MENSTRUATION: MenstruationsData,
    DataType.NUTRITION: NutritionData,
    DataType.PLANNED_WORKOUT: PlannedWorkoutData,
    DataType.SLEEP: SleepData,
}
"""With data in it: the same as an answer and as an event."""
