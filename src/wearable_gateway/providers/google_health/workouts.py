"""`exercise`: what was done, with its laps and, beside it, the heart rate meanwhile."""

from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.google_health.document import (
    Amount,
    Count,
    Document,
    Gain,
    Interval,
    Point,
    Seconds,
    known,
    scaled,
)
from wearable_gateway.providers.google_health.series import Beats, HeartRatePoint, heart_rate_samples
from wearable_gateway.providers.google_health.sports import sport_of
from wearable_gateway.providers.google_health.zones import WorkoutZones, workout_zones
from wearable_gateway.unified.activity import (
    Activity,
    ActivityMetadata,
    LapData,
    LapSample,
    MovementData,
)
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    OxygenData,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData, DistanceSummary, ElevationData, SwimmingData
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateDetailed, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record

_UPLOADS = {
    "MANUAL": UploadType.MANUAL,
    "ACTIVELY_MEASURED": UploadType.AUTOMATIC,
    "PASSIVELY_MEASURED": UploadType.AUTOMATIC,
    "DERIVED": UploadType.AUTOMATIC,
}


class LapMetrics(Document):
    calories_kcal: Amount | None = None
    distance_millimeters: Amount | None = None
    average_heart_rate_beats_per_minute: Beats | None = None
    average_speed_millimeters_per_second: Amount | None = None


class Metrics(LapMetrics):
    steps: Count | None = None
    average_pace_seconds_per_meter: Amount | None = None
    elevation_gain_millimeters: Gain | None = None
    heart_rate_zone_durations: WorkoutZones = WorkoutZones()
    run_vo2_max: Annotated[float, Field(gt=0, le=100)] | None = None


class Lap(Interval):
    split_type: str | None = None
    active_duration: Seconds | None = None
    metrics_summary: LapMetrics = LapMetrics()


class ExerciseMetadata(Document):
    pool_length_millimeters: Annotated[int, Field(gt=0, le=1_000_000)] | None = None


class Exercise(Document):
    interval: Interval
    exercise_type: str | None = None
    display_name: str | None = None
    active_duration: Seconds | None = None
    metrics_summary: Metrics = Metrics()
    exercise_metadata: ExerciseMetadata = ExerciseMetadata()
    split_summaries: tuple[Lap, ...] = ()
    splits: tuple[Lap, ...] = ()


class Workout(Point):
    """The data point as listed; `data_points` are those of the heart rate during it."""

    exercise: Exercise
    data_points: tuple[HeartRatePoint, ...] = ()


def activity(workout: Workout) -> Record:
    exercise = workout.exercise
    metrics = exercise.metrics_summary
    body = Activity(
        metadata=ActivityMetadata(
            start_time=wire_time(exercise.interval.starts),
            end_time=wire_time(exercise.interval.ends),
            summary_id=workout.id,
            type=sport_of(exercise.exercise_type),
            upload_type=_UPLOADS.get(workout.data_source.recording_method or "", UploadType.UNKNOWN),
            name=exercise.display_name,
            timestamp_localization=exercise.interval.localization,
        ),
        active_durations_data=known(ActiveDurationsData(activity_seconds=exercise.active_duration)),
        calories_data=known(CaloriesData(total_burned_calories=metrics.calories_kcal)),
        device_data=workout.device,
        distance_data=known(_distance(exercise)),
        heart_rate_data=known(_heart_rate(workout)),
        lap_data=_laps(exercise),
        movement_data=known(_movement(metrics)),
        oxygen_data=known(OxygenData(vo2max_ml_per_min_per_kg=metrics.run_vo2_max)),
    )
    return Record(
        DataType.ACTIVITY, workout.id, exercise.interval.starts.date(), body.model_dump(mode="json")
    )


def _distance(exercise: Exercise) -> DistanceData:
    metrics = exercise.metrics_summary
    gain, pool = metrics.elevation_gain_millimeters, exercise.exercise_metadata.pool_length_millimeters
    return DistanceData(
        summary=known(
            DistanceSummary(
                distance_meters=scaled(metrics.distance_millimeters, 0.001),
                steps=metrics.steps,
                elevation=None if gain is None else ElevationData(gain_actual_meters=scaled(gain, 0.001)),
                swimming=None if pool is None else SwimmingData(pool_length_meters=scaled(pool, 0.001)),
            )
        )
    )


def _heart_rate(workout: Workout) -> HeartRateData:
    metrics, samples = workout.exercise.metrics_summary, heart_rate_samples(workout.data_points)
    return HeartRateData(
        summary=known(
            HeartRateSummary(
                avg_hr_bpm=metrics.average_heart_rate_beats_per_minute,
                hr_zone_data=workout_zones(metrics.heart_rate_zone_durations),
            )
        ),
        detailed=None if samples is None else HeartRateDetailed(hr_samples=samples),
    )


def _movement(metrics: Metrics) -> MovementData:
    return MovementData(
        avg_speed_meters_per_second=scaled(metrics.average_speed_millimeters_per_second, 0.001),
        avg_pace_minutes_per_kilometer=scaled(metrics.average_pace_seconds_per_meter, 1000 / 60),
    )


def _laps(exercise: Exercise) -> LapData | None:
    """The laps that were recorded; the vendor's own, a kilometre or a mile long, where there are none."""
    laps = sorted(exercise.split_summaries or exercise.splits, key=lambda lap: lap.start_time)
    if not laps:
        return None
    return LapData(
        laps=[
            LapSample(
                start_time=wire_time(lap.starts),
                end_time=wire_time(lap.ends),
                active_duration_seconds=lap.active_duration,
                distance_meters=scaled(lap.metrics_summary.distance_millimeters, 0.001),
                calories=lap.metrics_summary.calories_kcal,
                avg_hr_bpm=lap.metrics_summary.average_heart_rate_beats_per_minute,
                avg_speed_meters_per_second=scaled(
                    lap.metrics_summary.average_speed_millimeters_per_second, 0.001
                ),
                trigger_method=lap.split_type,
            )
            for lap in laps
        ]
    )
