"""What the athletes did: one ride for every day, with streams and zones.

https://developers.strava.com/docs/reference/#api-models-DetailedActivity
"""

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

_DAYS = 1_000_000
"""The day is the end of an activity's number, the athlete its beginning."""
_OFFSET = dt.timedelta(hours=-4)
_EVERY_SECONDS = 60
_KIND = "activity"

Item = dict[str, Any]


def number_of(person: Person, day: dt.date) -> int:
    return int(person.id) * _DAYS + day.toordinal()


def day_of(number: int) -> dt.date | None:
    """The day of an activity's number; None when it can be none."""
    ordinal = number % _DAYS
    return dt.date.fromordinal(ordinal) if 0 < ordinal <= dt.date.max.toordinal() else None


def begins(day: dt.date) -> dt.datetime:
    """At half past seven there, in UTC."""
    return dt.datetime.combine(day, dt.time(7, 30), dt.UTC) - _OFFSET


def title_of(person: Person, day: dt.date) -> str:
    return f"Morning ride {person.revision(_KIND, day)}"


def summary(vendor: "Simulator", person: Person, day: dt.date) -> Item:
    """As in a list."""
    moving = vendor.whole(person, _KIND, day, 1800, 7200)
    distance = round(moving * vendor.number(person, _KIND, day, 5, 9, "speed"), 1)
    start = begins(day)
    return {
        "resource_state": 2,
        "athlete": {"id": int(person.id), "resource_state": 1},
        "id": number_of(person, day),
        "name": title_of(person, day),
        "distance": distance,
        "moving_time": moving,
        "elapsed_time": moving + vendor.whole(person, _KIND, day, 0, 300, "rest"),
        "total_elevation_gain": float(vendor.whole(person, _KIND, day, 20, 900, "climb")),
        "type": "Ride",
        "sport_type": "GravelRide",
        "start_date": _written(start),
        # Not UTC, for all the Z: https://developers.strava.com/docs/reference/#api-models-SummaryActivity
        "start_date_local": _written(start + _OFFSET),
        "timezone": "(GMT-05:00) America/New_York",
        "utc_offset": _OFFSET.total_seconds(),
        "map": {
            "id": f"a{number_of(person, day)}",
            "summary_polyline": "_p~iF~ps|U_ulLnnqC",
            "resource_state": 2,
        },
        "trainer": False,
        "commute": False,
        "manual": False,
        "private": False,
        "start_latlng": [40.7567, -73.9979],
        "end_latlng": [40.7703, -73.9788],
        "average_speed": round(distance / moving, 3),
        "max_speed": 14.2,
        "average_cadence": 78.5,
        "average_watts": 185.5,
        "max_watts": 743,
        "kilojoules": round(185.5 * moving / 1000, 1),
        "device_watts": True,
        "has_heartrate": True,
        "average_heartrate": vendor.number(person, _KIND, day, 120, 150, "heart"),
        "max_heartrate": 178.0,
        "elev_high": 446.6,
        "elev_low": 17.2,
    }


def detailed(vendor: "Simulator", person: Person, day: dt.date) -> Item:
    """As alone, with its one lap."""
    short = summary(vendor, person, day)
    lap = {name: short[name] for name in _OF_LAP}
    return {
        **short,
        "resource_state": 3,
        "calories": round(short["kilojoules"] * 1.1, 1),
        "description": None,
        "device_name": "Garmin Edge 1030",
        "available_zones": ["heartrate", "power"],
        "laps": [
            {"id": short["id"], "resource_state": 2, "name": "Lap 1", "lap_index": 1, "split": 1, **lap}
        ],
    }


_OF_LAP = (
    "elapsed_time",
    "moving_time",
    "start_date",
    "start_date_local",
    "distance",
    "average_speed",
    "average_watts",
    "average_heartrate",
)


def streams(vendor: "Simulator", person: Person, day: dt.date) -> dict[str, Item]:
    """One value a minute of everything there is."""
    short = summary(vendor, person, day)
    times = list(range(0, short["elapsed_time"] + 1, _EVERY_SECONDS))
    speed = short["average_speed"]
    series: dict[str, list[Any]] = {
        "time": times,
        "distance": [round(second * speed, 1) for second in times],
        "latlng": [[round(40.7567 + second / 1e6, 6), -73.9979] for second in times],
        "altitude": [17.2 + number for number, _ in enumerate(times)],
        "velocity_smooth": [speed for _ in times],
        "heartrate": [
            vendor.whole(person, _KIND, day, 110, 160, f"heart {number}") for number, _ in enumerate(times)
        ],
        "cadence": [75 for _ in times],
        "watts": [None if number == 1 else 190 for number, _ in enumerate(times)],
        "moving": [number != 1 for number, _ in enumerate(times)],
        "temp": [21 for _ in times],
        "grade_smooth": [0.5 for _ in times],
    }
    return {
        name: {"data": data, "series_type": "distance", "original_size": len(data), "resolution": "high"}
        for name, data in series.items()
    }


def zones(vendor: "Simulator", person: Person, day: dt.date) -> list[Item]:
    fifth = summary(vendor, person, day)["moving_time"] // 5
    borders = (0, 115, 143, 157, 172, -1)
    buckets = [{"min": low, "max": high, "time": fifth} for low, high in itertools.pairwise(borders)]
    return [
        {
            "score": 82,
            "type": "heartrate",
            "resource_state": 3,
            "sensor_based": True,
            "custom_zones": False,
            "distribution_buckets": buckets,
        }
    ]


def _written(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
