"""What the simulated WHOOP knows of a person: one cycle, one night with its recovery and one run for each day.

A day here is the one that its person wakes up to, five hours behind UTC.
"""

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

Item = dict[str, Any]
OFFSET = "-05:00"
_ZONE = dt.timezone(dt.timedelta(hours=-5))
_MINUTE = 60_000
_ONE_DAY = dt.timedelta(days=1)


def number_of(*parts: object) -> int:
    """A number that stays with the thing it is made of."""
    text = "/".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


class Documents:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    def cycle_id(self, person: Person, day: dt.date) -> int:
        return number_of(person.id, "cycle", day)

    def sleep_id(self, person: Person, day: dt.date) -> str:
        return self._vendor.identifier(person, "sleep", day)

    def workout_id(self, person: Person, day: dt.date) -> str:
        return self._vendor.identifier(person, "activity", day)

    def cycle(self, person: Person, day: dt.date) -> Item:
        vendor, running = self._vendor, day >= self._vendor.today()
        return {
            "id": self.cycle_id(person, day),
            **self._about(person, _at(day, 7)),
            "start": _utc(_bedtime(day)),
            **({} if running else {"end": _utc(_bedtime(day + _ONE_DAY))}),
            "timezone_offset": OFFSET,
            "score_state": "SCORED",
            "score": {
                "strain": vendor.number(person, "activity", day, 4, 18, "day"),
                "kilojoule": vendor.number(person, "activity", day, 7500, 14_000, "day"),
                "average_heart_rate": vendor.whole(person, "activity", day, 60, 80, "day"),
                "max_heart_rate": vendor.whole(person, "activity", day, 140, 185, "day"),
            },
        }

    def recovery(self, person: Person, day: dt.date) -> Item:
        vendor = self._vendor
        return {
            "cycle_id": self.cycle_id(person, day),
            "sleep_id": self.sleep_id(person, day),
            **self._about(person, _at(day, 7)),
            "score_state": "SCORED",
            "score": {
                "user_calibrating": False,
                "recovery_score": float(vendor.whole(person, "daily", day, 20, 99)),
                "resting_heart_rate": float(vendor.whole(person, "daily", day, 44, 62, "rest")),
                "hrv_rmssd_milli": vendor.number(person, "daily", day, 25, 110, "hrv"),
                "spo2_percentage": vendor.number(person, "daily", day, 94, 99, "spo2"),
                "skin_temp_celsius": vendor.number(person, "daily", day, 32.5, 35, "skin"),
            },
        }

    def sleep(self, person: Person, day: dt.date) -> Item:
        return {
            "id": self.sleep_id(person, day),
            "cycle_id": self.cycle_id(person, day),
            **self._about(person, _at(day, 7)),
            "start": _utc(_bedtime(day)),
            "end": _utc(_at(day, 6, 30)),
            "timezone_offset": OFFSET,
            "nap": False,
            "score_state": "SCORED",
            "score": {
                "stage_summary": self._stages(person, day),
                "sleep_needed": {
                    "baseline_milli": 450 * _MINUTE,
                    "need_from_sleep_debt_milli": 12 * _MINUTE,
                    "need_from_recent_strain_milli": 9 * _MINUTE,
                    "need_from_recent_nap_milli": 0,
                },
                "respiratory_rate": self._vendor.number(person, "sleep", day, 13, 17, "breath"),
                "sleep_performance_percentage": float(self._vendor.whole(person, "sleep", day, 60, 99)),
                "sleep_consistency_percentage": 81.0,
                "sleep_efficiency_percentage": 93.5,
            },
        }

    def _stages(self, person: Person, day: dt.date) -> Item:
        deep = self._vendor.whole(person, "sleep", day, 70, 110, "deep")
        rem = self._vendor.whole(person, "sleep", day, 80, 130, "rem")
        awake, bed = 30, 465
        return {
            "total_in_bed_time_milli": bed * _MINUTE,
            "total_awake_time_milli": awake * _MINUTE,
            "total_no_data_time_milli": 0,
            "total_light_sleep_time_milli": (bed - awake - deep - rem) * _MINUTE,
            "total_slow_wave_sleep_time_milli": deep * _MINUTE,
            "total_rem_sleep_time_milli": rem * _MINUTE,
            "sleep_cycle_count": 4,
            "disturbance_count": self._vendor.whole(person, "sleep", day, 3, 14, "turns"),
        }

    def workout(self, person: Person, day: dt.date) -> Item:
        vendor = self._vendor
        return {
            "id": self.workout_id(person, day),
            **self._about(person, _at(day, 19)),
            "start": _utc(_at(day, 17, 45)),
            "end": _utc(_at(day, 18, 35)),
            "timezone_offset": OFFSET,
            "sport_name": "running",
            "score_state": "SCORED",
            "score": {
                "strain": vendor.number(person, "activity", day, 6, 15),
                "average_heart_rate": vendor.whole(person, "activity", day, 130, 155),
                "max_heart_rate": vendor.whole(person, "activity", day, 160, 185),
                "kilojoule": vendor.number(person, "activity", day, 1500, 2600),
                "percent_recorded": 100.0,
                "distance_meter": vendor.number(person, "activity", day, 6000, 11_000, "distance"),
                "altitude_gain_meter": 41.5,
                "altitude_change_meter": -1.5,
                "zone_durations": {
                    "zone_zero_milli": 2 * _MINUTE,
                    "zone_one_milli": 6 * _MINUTE,
                    "zone_two_milli": 12 * _MINUTE,
                    "zone_three_milli": 20 * _MINUTE,
                    "zone_four_milli": 8 * _MINUTE,
                    "zone_five_milli": 2 * _MINUTE,
                },
            },
        }

    def _about(self, person: Person, written: dt.datetime) -> Item:
        return {"user_id": int(person.id), "created_at": _utc(written), "updated_at": _utc(written)}


def _bedtime(day: dt.date) -> dt.datetime:
    return _at(day - _ONE_DAY, 22, 45)


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=_ZONE)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
