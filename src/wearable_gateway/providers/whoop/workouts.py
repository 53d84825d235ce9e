"""`/v2/activity/workout`: what was done (https://developer.whoop.com/docs/developing/user-data/workout)."""

from wearable_gateway.providers.whoop.document import (
    Amount,
    Document,
    HeartRate,
    Moment,
    Strain,
    Timed,
    kcal,
    scored,
    seconds,
)
from wearable_gateway.providers.whoop.sports import sport_of
from wearable_gateway.unified.activity import Activity, ActivityMetadata, EnergyData
from wearable_gateway.unified.common import CaloriesData, StrainData, UploadType
from wearable_gateway.unified.distance import DistanceData, DistanceSummary, ElevationData
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateSummary,
    HeartRateZone,
    HeartRateZoneData,
)
from wearable_gateway.unified.records import DataType, Record


class ZoneDurations(Document):
    zone_zero_milli: Amount | None = None
    zone_one_milli: Amount | None = None
    zone_two_milli: Amount | None = None
    zone_three_milli: Amount | None = None
    zone_four_milli: Amount | None = None
    zone_five_milli: Amount | None = None


class WorkoutScore(Document):
    strain: Strain | None = None
    average_heart_rate: HeartRate | None = None
    max_heart_rate: HeartRate | None = None
    kilojoule: Amount | None = None
    distance_meter: Amount | None = None
    altitude_gain_meter: Amount | None = None
    zone_durations: ZoneDurations | None = None


class Workout(Timed):
    id: str
    start: Moment
    end: Moment
    sport_name: str | None = None
    score_state: str | None = None
    score: WorkoutScore | None = None


def activity(workout: Workout) -> Record:
    score = scored(workout.score_state, workout.score) or WorkoutScore()
    body = Activity(
        metadata=ActivityMetadata(
            start_time=workout.local(workout.start),
            end_time=workout.local(workout.end),
            summary_id=workout.id,
            type=sport_of(workout.sport_name),
            # Workouts are detected, started or logged afterwards, and the vendor does not say which.
            upload_type=UploadType.UNKNOWN,
            name=workout.sport_name,
            timestamp_localization=workout.localization,
        ),
        calories_data=CaloriesData(total_burned_calories=kcal(score.kilojoule)),
        distance_data=DistanceData(
            summary=DistanceSummary(
                distance_meters=score.distance_meter,
                elevation=ElevationData(gain_actual_meters=score.altitude_gain_meter),
            )
        ),
        energy_data=EnergyData(energy_kilojoules=score.kilojoule),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                avg_hr_bpm=score.average_heart_rate,
                max_hr_bpm=score.max_heart_rate,
                hr_zone_data=_zones(score.zone_durations),
            )
        ),
        strain_data=StrainData(strain_level=score.strain),
    )
    return Record(
        DataType.ACTIVITY, workout.id, workout.local_day(workout.start), body.model_dump(mode="json")
    )


def _zones(spent: ZoneDurations | None) -> list[HeartRateZoneData] | None:
    if spent is None:
        return None
    durations = {
        HeartRateZone.ZONE_0: spent.zone_zero_milli,
        HeartRateZone.ZONE_1: spent.zone_one_milli,
        HeartRateZone.ZONE_2: spent.zone_two_milli,
        HeartRateZone.ZONE_3: spent.zone_three_milli,
        HeartRateZone.ZONE_4: spent.zone_four_milli,
        HeartRateZone.ZONE_5: spent.zone_five_milli,
    }
    return [
        HeartRateZoneData(zone=zone, duration_seconds=seconds(milliseconds))
        for zone, milliseconds in durations.items()
        if milliseconds is not None
    ] or None
