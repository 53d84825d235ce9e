"""What may a client add? The vendor's own fields and units; only the start is asked for."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator


def _local(moment: datetime, info: ValidationInfo) -> datetime:
    """A time without an offset is one on the clock of the account."""
    return moment if moment.tzinfo else moment.replace(tzinfo=(info.context or {}).get("offset"))


Moment = Annotated[datetime, AfterValidator(_local)]
Text = Annotated[str, Field(max_length=1000)]
Amount = Annotated[float, Field(ge=0, le=1e7)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Row(_Part):
    second: Amount
    heart_rate: Amount | None = None
    kmh: Amount | None = None
    lat: float | None = Field(None, ge=-90, le=90)
    lng: float | None = Field(None, ge=-180, le=180)


class NewWorkout(_Part):
    started_at: Moment
    ended_at: Moment | None = None
    sport: Text = "other"
    title: Text | None = None
    distance_km: Amount | None = None
    energy_kj: Amount | None = None
    average_heart_rate: Amount | None = None
    max_heart_rate: Amount | None = None
    steps: int | None = Field(None, ge=0)
    series: tuple[Row, ...] = ()

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        self.ended_at = self.ended_at or self.started_at
        if self.ended_at < self.started_at:
            raise ValueError("ended_at is before started_at")
        return self


class WeighIn(_Part):
    at: Moment
    weight_g: Amount | None = None
    height_m: Amount | None = None
    fat_share: Share | None = None
    water_share: Share | None = None
    muscle_g: Amount | None = None
    bone_g: Amount | None = None
    lean_g: Amount | None = None
    resting_energy_kj: Amount | None = None
    note: Text | None = None


class BloodPressure(_Part):
    at: Moment
    systolic_mmhg: Amount
    diastolic_mmhg: Amount


class Glucose(_Part):
    at: Moment
    mmol_per_l: Amount
    trend: Literal["up", "down", "steady"] | None = None


class Temperature(_Part):
    at: Moment
    place: Literal["mouth", "skin"]
    fahrenheit: float


class NewMeasurement(_Part):
    started_at: Moment
    weigh_ins: tuple[WeighIn, ...] = ()
    blood_pressures: tuple[BloodPressure, ...] = ()
    glucose_series: tuple[Glucose, ...] = ()
    temperature_series: tuple[Temperature, ...] = ()
    water_l: Amount = 0


class Meal(_Part):
    at: Moment
    name: Text
    occasion: Text | None = None
    amount: Amount | None = None
    unit: Text | None = None
    nutrients: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")], Amount] = {}


class Drink(_Part):
    at: Moment
    name: Text
    ml: Amount


class NewMeals(_Part):
    started_at: Moment
    meals: tuple[Meal, ...] = ()
    drinks: tuple[Drink, ...] = ()


class Aim(_Part):
    of: Literal["heart_rate", "power", "cadence", "speed", "pace"]
    lowest: Amount | None = Field(None, alias="from")
    highest: Amount | None = Field(None, alias="to")
    kmh: Amount | None = None
    seconds_per_km: Amount | None = None


class Lasts(_Part):
    seconds: Amount | None = None
    metres: Amount | None = None
    kcal: Amount | None = None
    repetitions: Amount | None = None
    open: bool | None = None


class Step(_Part):
    title: Text | None = None
    notes: Text | None = None
    effort: Text | None = None
    lasts: Lasts | None = None
    aims: tuple[Aim, ...] = ()
    times: int | None = Field(None, ge=1, le=1000)
    steps: tuple["Step", ...] = ()


class NewPlan(_Part):
    starts_at: Moment
    created_at: Moment | None = None
    sport: Text = "other"
    title: Text | None = None
    notes: Text | None = None
    minutes: Amount | None = None
    distance_km: Amount | None = None
    energy_kj: Amount | None = None
    steps: tuple[Step, ...] = ()
