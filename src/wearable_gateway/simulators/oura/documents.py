"""The vendor's documents of one person and day, made up but always the same until a sync revises them."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

_ZONE = dt.timezone(dt.timedelta(hours=1))
_PULSE_EVERY = dt.timedelta(hours=1)

Item = dict[str, Any]


class Documents:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor
        self.made: Mapping[str, Callable[[Person, dt.date], Item]] = {
            "daily_activity": self._daily_activity,
            "daily_sleep": lambda person, day: self._scored("daily_sleep", person, day),
            "daily_readiness": lambda person, day: self._scored("daily_readiness", person, day),
            "daily_stress": self._daily_stress,
            "daily_spo2": self._daily_spo2,
            "vO2_max": self._vo2_max,
            "enhanced_tag": self._tag,
            "sleep": self._sleep,
            "workout": self._workout,
            "session": self._session,
        }
        """By collection, of which there is one document a day."""

    def profile(self, person: Person, scopes: Collection[str]) -> Item:
        personal = {"age": 34, "weight": 72.5, "height": 1.8, "biological_sex": "male"}
        return {
            "id": person.id,
            **(personal if "personal" in scopes else dict.fromkeys(personal)),
            "email": f"{person.name}@oura.example" if "email" in scopes else None,
        }

    def ring(self, person: Person) -> Item:
        return {
            "id": self._vendor.identifier(person, "ring", dt.date(2025, 2, 14)),
            "color": "silver",
            "design": "horizon",
            "firmware_version": "3.1.4",
            "hardware_type": "gen4",
            "set_up_at": "2025-02-14T18:20:00+00:00",
            "size": 10,
        }

    def pulse(self, person: Person, day: dt.date, first: dt.datetime, last: dt.datetime) -> Iterator[Item]:
        """What there is of a day, in UTC, between two moments."""
        at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
        for hour in range(24):
            moment = at + hour * _PULSE_EVERY
            if first <= moment <= last:
                yield {
                    "bpm": self._vendor.whole(person, "daily", day, 48, 90, f"pulse {hour}"),
                    "source": "awake",
                    "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "timestamp_unix": int(moment.timestamp() * 1000),
                }

    def _id(self, person: Person, name: str, day: dt.date) -> str:
        return self._vendor.identifier(person, name, day)

    def _daily_activity(self, person: Person, day: dt.date) -> Item:
        vendor = self._vendor
        active = vendor.whole(person, "daily", day, 200, 900)
        return {
            "id": self._id(person, "daily_activity", day),
            "class_5_min": "1" * 84 + "2" * 120 + "34543" * 12 + "1" * 24,
            "score": vendor.whole(person, "daily", day, 60, 99, "score"),
            "active_calories": active,
            "total_calories": active + 1700,
            "steps": vendor.whole(person, "daily", day, 3000, 15_000, "steps"),
            "equivalent_walking_distance": vendor.whole(person, "daily", day, 2500, 12_000, "distance"),
            "high_activity_time": 1800,
            "medium_activity_time": 3600,
            "low_activity_time": 14_400,
            "sedentary_time": 30_000,
            "resting_time": 28_800,
            "non_wear_time": 600,
            "average_met_minutes": 1.6,
            "met": {
                "interval": 60.0,
                "items": [0.9, 1.2, 1.3, 0.9],
                "timestamp": _at(day, 4).isoformat(timespec="milliseconds"),
            },
            "day": day.isoformat(),
            "timestamp": _at(day, 4).isoformat(),
        }

    def _scored(self, name: str, person: Person, day: dt.date) -> Item:
        """Its time is of no zone: midnight of the day, said to be in UTC."""
        return {
            "id": self._id(person, name, day),
            "contributors": {},
            "score": self._vendor.whole(person, "daily", day, 55, 98, name),
            "day": day.isoformat(),
            "timestamp": f"{day.isoformat()}T00:00:00+00:00",
        }

    def _daily_stress(self, person: Person, day: dt.date) -> Item:
        return {
            "id": self._id(person, "daily_stress", day),
            "day": day.isoformat(),
            "stress_high": 900 * self._vendor.whole(person, "daily", day, 0, 12, "stress"),
            "recovery_high": 3600,
            "day_summary": "normal",
        }

    def _daily_spo2(self, person: Person, day: dt.date) -> Item:
        average = round(self._vendor.number(person, "daily", day, 95, 99, "spo2"), 3)
        return {
            "id": self._id(person, "daily_spo2", day),
            "day": day.isoformat(),
            "spo2_percentage": {"average": average},
            "breathing_disturbance_index": 4,
        }

    def _vo2_max(self, person: Person, day: dt.date) -> Item:
        return {
            "id": self._id(person, "vO2_max", day),
            "day": day.isoformat(),
            "timestamp": _at(day, 9).isoformat(),
            "vo2_max": self._vendor.whole(person, "daily", day, 38, 48, "vo2"),
        }

    def _tag(self, person: Person, day: dt.date) -> Item:
        return {
            "id": self._id(person, "enhanced_tag", day),
            "tag_type_code": "tag_generic_sauna",
            "start_time": _at(day, 19).isoformat(),
            "end_time": None,
            "start_day": day.isoformat(),
            "end_day": None,
            "comment": None,
            "custom_name": None,
        }

    def _sleep(self, person: Person, day: dt.date) -> Item:
        vendor = self._vendor
        deep = vendor.whole(person, "sleep", day, 3000, 6000)
        rem = vendor.whole(person, "sleep", day, 4000, 7000, "rem")
        light, awake = vendor.whole(person, "sleep", day, 12_000, 16_000, "light"), 1800
        began = _at(day, 7) - dt.timedelta(seconds=deep + rem + light + awake)
        at = began.isoformat(timespec="milliseconds")
        return {
            "id": self._id(person, "sleep", day),
            "average_breath": 14.5,
            "average_heart_rate": round(vendor.number(person, "sleep", day, 48, 60, "pulse"), 2),
            "lowest_heart_rate": 46,
            "average_hrv": vendor.whole(person, "sleep", day, 25, 90, "hrv"),
            "awake_time": awake,
            "bedtime_start": began.isoformat(),
            "bedtime_end": _at(day, 7).isoformat(),
            "day": day.isoformat(),
            "deep_sleep_duration": deep,
            "light_sleep_duration": light,
            "rem_sleep_duration": rem,
            "total_sleep_duration": deep + light + rem,
            "time_in_bed": deep + light + rem + awake,
            "efficiency": 92,
            "heart_rate": {"interval": 300.0, "items": [None, 55.0, 52.0], "timestamp": at},
            "hrv": {"interval": 300.0, "items": [None, 41, 58], "timestamp": at},
            "latency": 600,
            "low_battery_alert": False,
            "period": 0,
            "readiness": {"contributors": {}, "score": 80, "temperature_deviation": 0.1},
            "sleep_phase_5_min": "42113344",
            "type": "long_sleep",
        }

    def _workout(self, person: Person, day: dt.date) -> Item:
        vendor = self._vendor
        return {
            "id": self._id(person, "workout", day),
            "activity": "running",
            "calories": round(vendor.number(person, "activity", day, 150, 600), 3),
            "day": day.isoformat(),
            "distance": round(vendor.number(person, "activity", day, 2000, 9000, "distance"), 1),
            "start_datetime": _at(day, 8).isoformat(),
            "end_datetime": _at(day, 9).isoformat(),
            "intensity": "moderate",
            "label": None,
            "source": "confirmed",
        }

    def _session(self, person: Person, day: dt.date) -> Item:
        at = _at(day, 12)
        return {
            "id": self._id(person, "session", day),
            "day": day.isoformat(),
            "start_datetime": at.isoformat(),
            "end_datetime": (at + dt.timedelta(minutes=10)).isoformat(),
            "type": "meditation",
            "heart_rate": {
                "interval": 5.0,
                "items": [64.0, self._vendor.whole(person, "activity", day, 50, 70, "pulse")],
                "timestamp": at.isoformat(timespec="milliseconds"),
            },
            "heart_rate_variability": None,
            "mood": "same",
            "motion_count": None,
        }


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=_ZONE)
