"""What the devices of a person wrote: the same each time, until a day is synced anew."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators.withings import Withings

ZONE = ZoneInfo("Europe/Paris")
_WATCH, _SCALE, _CUFF, _MAT = 94, 18, 45, 63
_DEVICES = {_WATCH: "ScanWatch 2", _SCALE: "Body Comp", _CUFF: "BPM Connect", _MAT: "Aura Sensor V2"}

Row = dict[str, Any]


def epoch(day: dt.date, hour: int, minute: int = 0) -> int:
    return int(dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).timestamp())


class Data:
    def __init__(self, vendor: "Withings") -> None:
        self._vendor = vendor

    def number(self, person: Person, kind: str, day: dt.date) -> int:
        """The numeric id of a thing, which stays with it."""
        return int(self._vendor.identifier(person, kind, day).replace("-", "")[:10], 16)

    def _whole(self, person: Person, kind: str, day: dt.date, low: int, high: int, what: str) -> int:
        return self._vendor.whole(person, kind, day, low, high, what)

    def activity(self, person: Person, day: dt.date) -> Row:
        steps = self._whole(person, "daily", day, 3000, 15_000, "steps")
        active = self._whole(person, "daily", day, 150, 800, "calories")
        return {
            "date": day.isoformat(), "timezone": ZONE.key, "brand": 1, "is_tracker": True,
            "deviceid": _device(_WATCH), "hash_deviceid": _device(_WATCH),
            "model": _DEVICES[_WATCH], "modelid": _WATCH, "modified": epoch(day, 22),
            "steps": steps, "distance": steps * 0.72, "elevation": 6,
            "soft": 5400, "moderate": 1500, "intense": 600, "active": 2100,
            "calories": active + 0.5, "totalcalories": active + 1650.5,
            "hr_average": self._whole(person, "daily", day, 62, 84, "pulse"), "hr_min": 48, "hr_max": 158,
            "hr_zone_0": 70_000, "hr_zone_1": 2400, "hr_zone_2": 600, "hr_zone_3": 30,
        }  # fmt: skip

    def entry(self, person: Person, day: dt.date, hour: int) -> Row:
        seen = {"deviceid": _device(_WATCH), "model": _DEVICES[_WATCH], "model_id": _WATCH, "duration": 60}
        pulse = self._whole(person, "daily", day, 48, 120, f"pulse {hour}")
        return {**seen, "steps": 40 + hour, "calories": 2.5, "heart_rate": pulse, "spo2_auto": 96}

    def workout(self, person: Person, day: dt.date) -> Row:
        return {
            "id": self.number(person, "workout", day), "category": 2, "timezone": ZONE.key, "model": _WATCH,
            "attrib": 7, "startdate": epoch(day, 8), "enddate": epoch(day, 8, 45), "date": day.isoformat(),
            "deviceid": _device(_WATCH), "modified": epoch(day, 9),
            "data": {
                "calories": self._whole(person, "activity", day, 250, 600, "calories"), "intensity": 0,
                "manual_distance": 0, "manual_calories": 0, "hr_average": 142, "hr_min": 90, "hr_max": 168,
                "hr_zone_0": 120, "hr_zone_1": 900, "hr_zone_2": 1500, "hr_zone_3": 180,
                "pause_duration": 0, "algo_pause_duration": None, "spo2_average": None,
                "steps": 6100, "distance": self._whole(person, "activity", day, 5000, 9000, "distance"),
                "elevation": 3,
            },
        }  # fmt: skip

    def night(self, person: Person, day: dt.date) -> Row:
        before = day - dt.timedelta(days=1)
        deep = self._whole(person, "sleep", day, 3600, 7200, "deep")
        return {
            "id": self.number(person, "night", day), "timezone": ZONE.key, "model": 32, "model_id": _MAT,
            "hash_deviceid": _device(_MAT), "startdate": epoch(before, 23), "enddate": epoch(day, 7),
            "date": day.isoformat(), "created": epoch(day, 7, 5), "modified": epoch(day, 7, 5),
            "completed": True,
            "data": {
                "total_timeinbed": 28_800, "total_sleep_time": 19_800 + deep, "lightsleepduration": 13_800,
                "deepsleepduration": deep, "remsleepduration": 6000, "sleep_efficiency": 0.91,
                "sleep_latency": 600, "wakeup_latency": 300, "wakeupduration": 9000 - deep, "wakeupcount": 2,
                "out_of_bed_count": 1, "nb_rem_episodes": 4, "hr_average": 55, "hr_min": 47, "hr_max": 80,
                "rr_average": 14, "rr_min": 11, "rr_max": 18, "snoring": 0, "snoringepisodecount": 0,
                "sleep_score": self._whole(person, "sleep", day, 55, 95, "score"),
            },
        }  # fmt: skip

    def stages(self, person: Person, day: dt.date) -> list[Row]:
        begins = epoch(day - dt.timedelta(days=1), 23)
        return [
            {
                "startdate": begins + hour * 3600, "enddate": begins + (hour + 1) * 3600, "state": state,
                "model": _DEVICES[_MAT], "model_id": _MAT, "hash_deviceid": _device(_MAT),
                "hr": {str(begins + hour * 3600): 52 + hour}, "rr": {str(begins + hour * 3600): 14},
                "snoring": [], "rmssd": {str(begins + hour * 3600): 41}, "sdnn_1": [],
            }
            for hour, state in enumerate((0, 1, 2, 2, 1, 3, 1, 3))
        ]  # fmt: skip

    def groups(self, person: Person, day: dt.date) -> list[Row]:
        grams = self._whole(person, "body", day, 71_000, 74_000, "weight")
        systolic = self._whole(person, "body", day, 112, 128, "systolic")
        made = (
            (_SCALE, 7, ((1, grams, -3), (6, 19_400, -3), (5, 5830, -2), (76, 5540, -2), (77, 4110, -2))),
            (_CUFF, 8, ((10, systolic, 0), (9, 78, 0), (11, 61, 0))),
        )
        return [
            {
                "grpid": self.number(person, f"group {device}", day), "attrib": 0, "category": 1,
                "date": epoch(day, hour), "created": epoch(day, hour, 1), "modified": epoch(day, hour, 1),
                "deviceid": _device(device), "hash_deviceid": _device(device), "modelid": device,
                "model": _DEVICES[device], "comment": None,
                "measures": [
                    {"type": kind, "value": value, "unit": unit, "algo": 0, "fm": 3}
                    for kind, value, unit in measures
                ],
            }
            for device, hour, measures in made
        ]  # fmt: skip

    def heart(self, person: Person, day: dt.date) -> Row:
        signal = {"signalid": self.number(person, "signal", day), "afib": 0}
        return {
            "deviceid": _device(_WATCH), "model": _WATCH, "ecg": signal, "heart_rate": 66,
            "timestamp": epoch(day, 20), "modified": epoch(day, 20, 1),
        }  # fmt: skip

    def devices(self, day: dt.date) -> list[Row]:
        return [
            {
                "type": "Activity Tracker" if number == _WATCH else "Scale", "model": name,
                "model_id": number, "battery": "high", "deviceid": _device(number),
                "hash_deviceid": _device(number), "timezone": ZONE.key,
                "first_session_date": epoch(dt.date(2025, 1, 2), 9), "last_session_date": epoch(day, 0),
            }
            for number, name in _DEVICES.items()
        ]  # fmt: skip


def _device(number: int) -> str:
    return f"{number:02d}" * 20
