"""What is asked for by name: the vendor sends these values to nobody who does not name them."""

from pydantic import BaseModel

from wearable_gateway.providers.withings.days import DaySummary
from wearable_gateway.providers.withings.intraday import Entry
from wearable_gateway.providers.withings.sleeps import SleepData, Stage
from wearable_gateway.providers.withings.workouts import WorkoutData


def _names(*models: type[BaseModel], without: frozenset[str] = frozenset()) -> str:
    names = dict.fromkeys(
        field.alias or name for model in models for name, field in model.model_fields.items()
    )
    return ",".join(name for name in names if name not in without)


DAY = _names(DaySummary, without=frozenset({"timezone", "intraday", "date", "brand", "model"}))
INTRADAY = _names(Entry)
WORKOUT = _names(WorkoutData)
NIGHT = _names(SleepData)
STAGE = _names(Stage, without=frozenset({"startdate", "state", "hash_deviceid"}))
