"""Distance, steps, floors and height: the same in a workout and in a day."""

from wearable_gateway.unified.fields import Group, Whole


class DistanceSample(Group):
    timestamp: str | None = None
    distance_meters: float | None = None
    timer_duration_seconds: float | None = None


class ElevationSample(Group):
    timestamp: str | None = None
    elev_meters: float | None = None
    timer_duration_seconds: float | None = None


class FloorsClimbedSample(Group):
    timestamp: str | None = None
    floors_climbed: Whole | None = None
    timer_duration_seconds: float | None = None


class StepSample(Group):
    timestamp: str | None = None
    steps: Whole | None = None
    timer_duration_seconds: float | None = None


class DistanceDetailed(Group):
    distance_samples: list[DistanceSample] | None = None
    elevation_samples: list[ElevationSample] | None = None
    floors_climbed_samples: list[FloorsClimbedSample] | None = None
    step_samples: list[StepSample] | None = None


class ElevationData(Group):
    avg_meters: float | None = None
    max_meters: float | None = None
    min_meters: float | None = None
    gain_actual_meters: float | None = None
    gain_planned_meters: float | None = None
    loss_actual_meters: float | None = None


class SwimmingData(Group):
    num_laps: Whole | None = None
    num_strokes: Whole | None = None
    pool_length_meters: Whole | None = None


class DistanceSummary(Group):
    distance_meters: Whole | None = None
    steps: Whole | None = None
    floors_climbed: Whole | None = None
    elevation: ElevationData | None = None
    swimming: SwimmingData | None = None


class DistanceData(Group):
    """A workout's."""

    summary: DistanceSummary | None = None
    detailed: DistanceDetailed | None = None


class DailyDistanceData(DistanceSummary):
    """A day's: what a workout has one level deeper."""

    detailed: DistanceDetailed | None = None
