"""Records as a developer writes them, in the client's own types."""

from terra.types.activity import Activity
from terra.types.activity_metadata import ActivityMetadata
from terra.types.body import Body
from terra.types.body_metadata import BodyMetadata
from terra.types.drink_sample import DrinkSample
from terra.types.meal import Meal
from terra.types.measurement_data_sample import MeasurementDataSample
from terra.types.measurements_data import MeasurementsData
from terra.types.nutrition import Nutrition
from terra.types.nutrition_macros import NutritionMacros
from terra.types.nutrition_metadata import NutritionMetadata
from terra.types.nutrition_micros import NutritionMicros
from terra.types.nutrition_quantity import NutritionQuantity
from terra.types.planned_workout import PlannedWorkout
from terra.types.planned_workout_metadata import PlannedWorkoutMetadata

from tests.contract.vendor_documents import FIRST

DAY = FIRST.isoformat()
NOON, ONE = f"{DAY}T12:00:00+00:00", f"{DAY}T13:00:00+00:00"
_RUNNING = 8
_LUNCH = 3
_GRAM = 1
_MILLILITER = "8"


def activity(name: str, *, start_time: str = NOON, **extra: str) -> Activity:
    metadata = ActivityMetadata(
        name=name, start_time=start_time, end_time=ONE, summary_id=name, type=_RUNNING, upload_type=2
    )
    return Activity(metadata=metadata, **extra)


def body(weight_kg: float, *, start_time: str = f"{DAY}T00:00:00+00:00", **extra: str) -> Body:
    return Body(
        metadata=BodyMetadata(start_time=start_time, end_time=f"{DAY}T23:59:59+00:00"),
        measurements_data=MeasurementsData(
            measurements=[MeasurementDataSample(measurement_time=NOON, weight_kg=weight_kg)]
        ),
        **extra,
    )


def nutrition(name: str, *, start_time: str = f"{DAY}T00:00:00+00:00", **extra: str) -> Nutrition:
    meal = Meal(
        id=name,
        name=name,
        timestamp=NOON,
        type=_LUNCH,
        quantity=NutritionQuantity(unit=_GRAM, amount=250),
        macros=NutritionMacros(calories=400, protein_g=20.5),
        micros=NutritionMicros(iron_mg=1.5),
    )
    return Nutrition(
        metadata=NutritionMetadata(start_time=start_time, end_time=f"{DAY}T23:59:59+00:00"),
        meals=[meal],
        drink_samples=[
            DrinkSample(timestamp=NOON, drink_name="Water", drink_volume=300, drink_unit=_MILLILITER)
        ],
        **extra,
    )


def planned_workout(name: str) -> PlannedWorkout:
    return PlannedWorkout(
        metadata=PlannedWorkoutMetadata(name=name, type="RUNNING", planned_date=NOON), steps=[]
    )
