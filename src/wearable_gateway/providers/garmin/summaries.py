"""Which kinds of summary there are, what each is read as, and which type of data it becomes.

A document is one summary as the vendor pushed it, with the key it stood under as `document`. A nap stands in a sleep and a
single oxygen reading among those of a day, so both are documents of their own kind: `nap` and `pulseoxOnDemand`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wearable_gateway.providers.garmin.activities import (
    Details,
    Workout,
    activity,
    activity_with_track,
    updated_activity,
)
from wearable_gateway.providers.garmin.bodies import (
    BloodPressure,
    OxygenReading,
    UserMetrics,
    WeighIn,
    blood_pressure,
    fitness,
    oxygen_reading,
    weighed,
)
from wearable_gateway.providers.garmin.cycles import Cycle, menstruation
from wearable_gateway.providers.garmin.day_series import (
    DayOxygen,
    NightVariability,
    StressDetails,
    oxygen_of_day,
    stress_of_day,
    variability_of_day,
)
from wearable_gateway.providers.garmin.days import DaySummary, daily
from wearable_gateway.providers.garmin.document import Document
from wearable_gateway.providers.garmin.sleeps import Nap, Night, nap, sleep
from wearable_gateway.unified.records import DataType, Record


@dataclass(frozen=True, slots=True)
class Kind:
    data_type: DataType
    model: type[Document]
    unify: Callable[[Any], Record | None]


KINDS: Mapping[str, Kind] = {
    "activities": Kind(DataType.ACTIVITY, Workout, activity),
    "activityDetails": Kind(DataType.ACTIVITY, Details, activity_with_track),
    "manuallyUpdatedActivities": Kind(DataType.ACTIVITY, Workout, updated_activity),
    "dailies": Kind(DataType.DAILY, DaySummary, daily),
    "stressDetails": Kind(DataType.DAILY, StressDetails, stress_of_day),
    "pulseox": Kind(DataType.DAILY, DayOxygen, oxygen_of_day),
    "hrv": Kind(DataType.DAILY, NightVariability, variability_of_day),
    "sleeps": Kind(DataType.SLEEP, Night, sleep),
    "nap": Kind(DataType.SLEEP, Nap, nap),
    "bodyComps": Kind(DataType.BODY, WeighIn, weighed),
    "bloodPressures": Kind(DataType.BODY, BloodPressure, blood_pressure),
    "userMetrics": Kind(DataType.BODY, UserMetrics, fitness),
    "pulseoxOnDemand": Kind(DataType.BODY, OxygenReading, oxygen_reading),
    "mct": Kind(DataType.MENSTRUATION, Cycle, menstruation),
}
PUSHED = frozenset(KINDS) - {"nap", "pulseoxOnDemand"}
"""The keys of a push whose summaries are read."""


def documents(name: str, summary: Mapping[str, Any]) -> Iterator[tuple[DataType, dict[str, Any]]]:
    """The documents that a summary pushed under `name` holds, each with its type; none for a kind that is not read."""
    if name not in PUSHED:
        return
    if name == "pulseox" and summary.get("onDemand") is True:
        name = "pulseoxOnDemand"
    yield KINDS[name].data_type, {**summary, "document": name}
    naps = summary.get("naps") if name == "sleeps" else None
    for rest in naps if isinstance(naps, list) else ():
        if isinstance(rest, Mapping):
            yield DataType.SLEEP, {**rest, "document": "nap"}


def types_of(name: str) -> tuple[DataType, ...]:
    """The types of data that summaries called `name` can hold."""
    if name == "pulseox":
        return DataType.DAILY, DataType.BODY
    return (KINDS[name].data_type,)
