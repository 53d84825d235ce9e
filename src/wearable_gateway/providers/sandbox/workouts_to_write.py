"""An activity in the vendor's form: `POST /v1/workouts`."""

from collections.abc import Iterator
from typing import Any

from wearable_gateway.providers.sandbox.units import kilojoules, scaled
from wearable_gateway.providers.sandbox.workouts import word_of
from wearable_gateway.providers.sandbox.writing import read_time, required_time, stated
from wearable_gateway.unified.activity import Activity


def workout_to_write(record: Activity) -> dict[str, Any]:
    metadata = record.metadata
    distance = record.distance_data.summary if record.distance_data else None
    rates = record.heart_rate_data.summary if record.heart_rate_data else None
    calories = record.calories_data.total_burned_calories if record.calories_data else None
    return stated(
        {
            "started_at": required_time("metadata.start_time", metadata.start_time),
            "ended_at": required_time("metadata.end_time", metadata.end_time),
            "sport": word_of(metadata.type),
            "title": metadata.name,
            "distance_km": scaled(distance.distance_meters, 0.001) if distance else None,
            "steps": distance.steps if distance else None,
            "energy_kj": kilojoules(calories),
            "average_heart_rate": rates.avg_hr_bpm if rates else None,
            "max_heart_rate": rates.max_hr_bpm if rates else None,
            "series": _rows(record),
        }
    )


def _rows(record: Activity) -> list[dict[str, Any]]:
    """The series of heart rate, speed and place as one; what cannot be placed in time is left out."""
    rows: dict[float, dict[str, Any]] = {}
    start = read_time(record.metadata.start_time)
    for timestamp, values in _samples(record):
        at = read_time(timestamp)
        if at is None or start is None or (at.tzinfo is None) != (start.tzinfo is None) or at < start:
            continue
        second = (at - start).total_seconds()
        rows.setdefault(second, {"second": second}).update(values)
    return [rows[second] for second in sorted(rows)]


def _samples(record: Activity) -> Iterator[tuple[str | None, dict[str, Any]]]:
    rates = record.heart_rate_data.detailed if record.heart_rate_data else None
    for rate in (rates and rates.hr_samples) or []:
        yield rate.timestamp, stated({"heart_rate": rate.bpm})
    movement = record.movement_data
    for speed in (movement and movement.speed_samples) or []:
        yield speed.timestamp, stated({"kmh": scaled(speed.speed_meters_per_second, 3.6)})
    position = record.position_data
    for place in (position and position.position_samples) or []:
        if place.coords_lat_lng_deg is not None:
            latitude, longitude = place.coords_lat_lng_deg
            yield place.timestamp, {"lat": latitude, "lng": longitude}
