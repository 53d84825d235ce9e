"""Time in the four heart rate zones of the vendor's, lightest first."""

from wearable_gateway.providers.google_health.document import Document, Seconds
from wearable_gateway.unified.heart_rate import HeartRateZone, HeartRateZoneData

_ZONES = {
    "LIGHT": HeartRateZone.ZONE_0,
    "MODERATE": HeartRateZone.ZONE_1,
    "VIGOROUS": HeartRateZone.ZONE_2,
    "PEAK": HeartRateZone.ZONE_3,
}


class ZoneTime(Document):
    heart_rate_zone: str | None = None
    duration: Seconds | None = None


class DayZones(Document):
    time_in_heart_rate_zones: tuple[ZoneTime, ...] = ()


class WorkoutZones(Document):
    light_time: Seconds | None = None
    moderate_time: Seconds | None = None
    vigorous_time: Seconds | None = None
    peak_time: Seconds | None = None


def day_zones(day: DayZones) -> list[HeartRateZoneData] | None:
    """The zones the vendor gave a time for; a zone of a name we do not know is an other one."""
    times = {zone.heart_rate_zone: zone.duration for zone in day.time_in_heart_rate_zones}
    named = {name: seconds for name, seconds in times.items() if name is not None}
    return _zones(named)


def workout_zones(workout: WorkoutZones) -> list[HeartRateZoneData] | None:
    return _zones(
        {
            "LIGHT": workout.light_time,
            "MODERATE": workout.moderate_time,
            "VIGOROUS": workout.vigorous_time,
            "PEAK": workout.peak_time,
        }
    )


def _zones(times: dict[str, float | None]) -> list[HeartRateZoneData] | None:
    zones = [
        HeartRateZoneData(zone=_ZONES.get(name, HeartRateZone.OTHER), name=name, duration_seconds=seconds)
        for name, seconds in times.items()
        if seconds is not None
    ]
    return sorted(zones, key=lambda zone: zone.zone or 0) or None
