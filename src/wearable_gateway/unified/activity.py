"""One workout; its key is the summary id."""

from enum import StrEnum

from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    DataContributor,
    DeviceData,
    METData,
    OxygenData,
    SpanMetadata,
    StrainData,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData
from wearable_gateway.unified.fields import Group, Position, Whole
from wearable_gateway.unified.heart_rate import HeartRateData


class StrokeType(StrEnum):
    OTHER = "other"
    FREESTYLE = "freestyle"
    BACKSTROKE = "backstroke"
    BREASTSTROKE = "breaststroke"
    BUTTERFLY = "butterfly"


class ActivityMetadata(SpanMetadata):
    summary_id: str
    type: ActivityType
    upload_type: UploadType
    name: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None


class ActivityDataEnrichment(Group):
    """Terra's own scores; `stress_score` only its SDK knows."""

    efficiency_score: float | None = None
    efficiency_contributors: list[DataContributor] | None = None
    strain_score: float | None = None
    strain_contributors: list[DataContributor] | None = None
    rcrs_score: float | None = None
    rcrs_contributors: list[DataContributor] | None = None
    trimp_score: float | None = None
    trimp_contributors: list[DataContributor] | None = None
    stress_score: Whole | None = None


class EnergyData(Group):
    energy_kilojoules: float | None = None
    energy_planned_kilojoules: float | None = None


class LapSample(Group):
    """`trigger_method` is a word of the device's, such as MANUAL, TIME or DISTANCE."""

    start_time: str | None = None
    end_time: str | None = None
    active_duration_seconds: Whole | None = None
    distance_meters: float | None = None
    calories: float | None = None
    avg_hr_bpm: float | None = None
    avg_speed_meters_per_second: float | None = None
    avg_watts: float | None = None
    stroke_type: StrokeType | None = None
    total_strokes: Whole | None = None
    trigger_method: str | None = None


class LapData(Group):
    laps: list[LapSample] | None = None


class CadenceSample(Group):
    timestamp: str | None = None
    cadence_rpm: float | None = None
    timer_duration_seconds: float | None = None


class SpeedSample(Group):
    timestamp: str | None = None
    speed_meters_per_second: float | None = None
    timer_duration_seconds: float | None = None


class TorqueSample(Group):
    timestamp: str | None = None
    torque_newton_meters: float | None = None
    timer_duration_seconds: float | None = None


class MovementData(Group):
    avg_speed_meters_per_second: float | None = None
    max_speed_meters_per_second: float | None = None
    adjusted_max_speed_meters_per_second: float | None = None
    normalized_speed_meters_per_second: float | None = None
    avg_velocity_meters_per_second: float | None = None
    max_velocity_meters_per_second: float | None = None
    avg_pace_minutes_per_kilometer: float | None = None
    max_pace_minutes_per_kilometer: float | None = None
    avg_cadence_rpm: float | None = None
    max_cadence_rpm: float | None = None
    avg_torque_newton_meters: float | None = None
    max_torque_newton_meters: float | None = None
    cadence_samples: list[CadenceSample] | None = None
    speed_samples: list[SpeedSample] | None = None
    torque_samples: list[TorqueSample] | None = None


class PolylineMapData(Group):
    summary_polyline: str | None = None


class PositionSample(Group):
    timestamp: str | None = None
    coords_lat_lng_deg: Position | None = None
    timer_duration_seconds: float | None = None


class PositionData(Group):
    start_pos_lat_lng_deg: Position | None = None
    center_pos_lat_lng_deg: Position | None = None
    end_pos_lat_lng_deg: Position | None = None
    position_samples: list[PositionSample] | None = None


class PowerSample(Group):
    timestamp: str | None = None
    watts: float | None = None
    timer_duration_seconds: float | None = None


class PowerData(Group):
    avg_watts: float | None = None
    max_watts: float | None = None
    power_samples: list[PowerSample] | None = None


class TSSSample(Group):
    """Training stress, planned and as it came about."""

    planned: float | None = None
    actual: float | None = None
    method: str | None = None
    intensity_factor_planned: float | None = None
    intensity_factor_actual: float | None = None
    normalized_power_watts: float | None = None


class TSSData(Group):
    TSS_samples: list[TSSSample] | None = None


class WorkData(Group):
    work_kilojoules: float | None = None


class Activity(Group):
    metadata: ActivityMetadata
    active_durations_data: ActiveDurationsData | None = None
    calories_data: CaloriesData | None = None
    cheat_detection: float | None = None
    data_enrichment: ActivityDataEnrichment | None = None
    device_data: DeviceData | None = None
    distance_data: DistanceData | None = None
    energy_data: EnergyData | None = None
    heart_rate_data: HeartRateData | None = None
    lap_data: LapData | None = None
    MET_data: METData | None = None
    movement_data: MovementData | None = None
    oxygen_data: OxygenData | None = None
    polyline_map_data: PolylineMapData | None = None
    position_data: PositionData | None = None
    power_data: PowerData | None = None
    strain_data: StrainData | None = None
    TSS_data: TSSData | None = None
    work_data: WorkData | None = None
