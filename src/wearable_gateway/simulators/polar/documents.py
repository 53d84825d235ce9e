"""What the vendor's documents of a person look like: snake case here, hyphens there, local times without an offset."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators.polar import Polar

Item = dict[str, Any]

_OFFSET_MINUTES = 120
_ZONE = dt.timezone(dt.timedelta(minutes=_OFFSET_MINUTES))
_DEVICE = "0A1B2C3D"


class Documents:
    def __init__(self, vendor: "Polar") -> None:
        self._vendor = vendor

    def exercise_id(self, person: Person, day: dt.date) -> str:
        return self._vendor.identifier(person, "activity", day)[:8].upper()

    def exercise(self, person: Person, day: dt.date, *, samples: bool, zones: bool, route: bool) -> Item:
        whole = self._vendor.whole
        found = {
            "id": self.exercise_id(person, day),
            "upload_time": f"{day.isoformat()}T08:00:00.000Z",
            "polar_user": self._link(person),
            "device": "Polar Vantage V3",
            "device_id": _DEVICE,
            "start_time": f"{day.isoformat()}T07:12:00",
            "start_time_utc_offset": _OFFSET_MINUTES,
            "duration": f"PT{whole(person, 'activity', day, 20, 59, 'minutes')}M30.500S",
            "calories": whole(person, "activity", day, 150, 700),
            "distance": whole(person, "activity", day, 3000, 12_000, "distance"),
            "heart_rate": {"average": 141, "maximum": 172},
            "training_load": 88.1,
            "sport": "RUNNING",
            "has_route": True,
            "detailed_sport_info": "TRAIL_RUNNING",
            "running-index": 51,
        }
        if zones:
            found["heart_rate_zones"] = [
                {
                    "index": number,
                    "lower-limit": 75 + 18 * number,
                    "upper-limit": 93 + 18 * number,
                    "in-zone": f"PT{number}M",
                }
                for number in range(1, 6)
            ]
        if samples:
            found["samples"] = [
                {"recording-rate": 5, "sample-type": "0", "data": "null,98,110,121"},
                {"recording-rate": 5, "sample-type": "1", "data": "0.0,9.0,10.8,12.6"},
                {"recording-rate": None, "sample-type": "11", "data": "652,649,640"},
            ]
        if route:
            found["route"] = [
                {"latitude": 60.2, "longitude": 25.1, "time": "PT0S", "satellites": 8, "fix": 1},
                {"latitude": 60.21, "longitude": 25.11, "time": "PT10.026S", "satellites": 8, "fix": 1},
            ]
        return found

    def activity(self, person: Person, day: dt.date, *, steps: bool, zones: bool) -> Item:
        count = self._vendor.whole(person, "daily", day, 4000, 15_000)
        found: Item = {
            "start_time": f"{day.isoformat()}T00:00",
            "end_time": f"{day.isoformat()}T23:56",
            "active_duration": "PT3H11M",
            "inactive_duration": "PT10H23M30S",
            "daily_activity": 104.2,
            "calories": 2500,
            "active_calories": 900,
            "steps": count,
            "inactivity_alert_count": 1,
            "distance_from_steps": round(count * 0.61, 2),
        }
        if steps or zones:
            found["samples"] = self.activity_samples(day, count, steps=steps, zones=zones)
        return found

    def activity_samples(self, day: dt.date, count: int, *, steps: bool, zones: bool) -> Item:
        """A minute that counts as many steps as the one before it is left out."""
        at = day.isoformat()
        found: Item = {"date": at}
        if steps:
            half, rest = divmod(count, 2)
            found["steps"] = {
                "interval_ms": 60_000,
                "total_steps": count,
                "samples": [
                    {"steps": 0, "timestamp": f"{at}T00:00"},
                    {"steps": half, "timestamp": f"{at}T07:00"},
                    {"steps": rest, "timestamp": f"{at}T07:02"},
                    {"steps": 0, "timestamp": f"{at}T07:03"},
                ],
            }
        if zones:
            found["activity_zones"] = {
                "samples": [
                    {"zone": "SLEEP", "timestamp": f"{at}T00:00:00"},
                    {"zone": "SEDENTARY", "timestamp": f"{at}T06:42:00"},
                    {"zone": "VIGOROUS", "timestamp": f"{at}T07:00:30"},
                ]
            }
        return found

    def heart_rates(self, person: Person, day: dt.date) -> Item:
        return {
            "polar_user": self._link(person),
            "date": day.isoformat(),
            "heart_rate_samples": [
                {
                    "heart_rate": self._vendor.whole(person, "daily", day, 48, 90, f"hr{hour}"),
                    "sample_time": f"{hour:02}:02:08",
                }
                for hour in range(0, 24, 6)
            ],
        }

    def night(self, person: Person, day: dt.date) -> Item:
        whole = self._vendor.whole
        deep, rem = whole(person, "sleep", day, 3000, 6000), whole(person, "sleep", day, 4000, 7000, "rem")
        ends = dt.datetime(day.year, day.month, day.day, 7, 9, 37, tzinfo=_ZONE)
        begins = ends - dt.timedelta(seconds=deep + rem + 15_000 + 1830 + 300)
        return {
            "polar_user": self._link(person),
            "date": day.isoformat(),
            "sleep_start_time": begins.isoformat(),
            "sleep_end_time": ends.isoformat(),
            "device_id": _DEVICE,
            "continuity": 3.1,
            "light_sleep": 15_000,
            "deep_sleep": deep,
            "rem_sleep": rem,
            "unrecognized_sleep_stage": 300,
            "sleep_score": whole(person, "sleep", day, 55, 98, "score"),
            "total_interruption_duration": 1830,
            "short_interruption_duration": 630,
            "long_interruption_duration": 1200,
            "hypnogram": {f"{begins:%H:%M}": 2, "03:00": 4, "05:10": 1, "07:00": 0},
            "heart_rate_samples": {"03:01": 54, "05:01": 57},
        }

    def recharge(self, person: Person, day: dt.date) -> Item:
        return {
            "polar_user": self._link(person),
            "date": day.isoformat(),
            "heart_rate_avg": 54,
            "beat_to_beat_avg": 1111,
            "heart_rate_variability_avg": self._vendor.whole(person, "sleep", day, 25, 90, "hrv"),
            "breathing_rate_avg": 14.1,
            "nightly_recharge_status": 5,
            "ans_charge": 2.4,
            "hrv_samples": {"02:11": 55, "02:16": 66},
            "breathing_samples": {"02:11": 13.4},
        }

    def skin_temperature(self, _person: Person, day: dt.date) -> Item:
        return {
            "sleep_time_skin_temperature_celsius": 34.6,
            "deviation_from_baseline_celsius": -0.3,
            "sleep_date": day.isoformat(),
        }

    def spo2(self, person: Person, day: dt.date) -> Item:
        at = dt.datetime(day.year, day.month, day.day, 7, 30, tzinfo=_ZONE)
        return {
            "source_device_id": _DEVICE,
            "test_time": int(at.timestamp()),
            "time_zone_offset": _OFFSET_MINUTES,
            "test_status": "SPO2_TEST_PASSED",
            "blood_oxygen_percent": self._vendor.whole(person, "body", day, 94, 99),
            "spo2_class": "SPO2_CLASS_NORMAL",
        }

    def physical_info(self, person: Person) -> Item:
        uploads: dict[str, float] = person.more.get("uploads", {})
        changed = [at for name, at in uploads.items() if name.startswith("body/")]
        at = max(changed, default=self._vendor.users.registered_at(person))
        return {
            "weight": 66.0 + len(changed) / 10,
            "height": 170.0,
            "created": "2024-06-01T12:00:00Z",
            "modified": dt.datetime.fromtimestamp(at, dt.UTC).isoformat().replace("+00:00", "Z"),
            "birthday": "1984-02-29",
            "gender": "FEMALE",
            "maximum_heart_rate": 186,
            "resting_heart_rate": 54,
            "vo2_max": 44,
            "weight_source": "SOURCE_USER",
        }

    def _link(self, person: Person) -> str:
        return f"{self._vendor.config.url}/v3/users/{person.id}"
