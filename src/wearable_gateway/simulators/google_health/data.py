"""What is measured: some data points and totals for every day up to today, in the zone of the Pacific."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

ZONE = dt.timezone(dt.timedelta(hours=-8))
_OFFSET = "-28800s"
_SOURCE = {
    "recordingMethod": "PASSIVELY_MEASURED",
    "platform": "FITBIT",
    "device": {"formFactor": "WATCH", "manufacturer": "Google", "displayName": "Pixel Watch"},
}
_HOURS = (0, 3, 6, 12, 18)

Value = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A data point, with the two times it is filtered by."""

    civil: dt.datetime
    physical: dt.datetime
    value: Value


def civil_date(day: dt.date) -> Value:
    return {"year": day.year, "month": day.month, "day": day.day}


def civil_time(day: dt.date) -> Value:
    return {"date": civil_date(day)}


def camel(data_type: str) -> str:
    first, *others = data_type.split("-")
    return first + "".join(word.capitalize() for word in others)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def _interval(start: dt.datetime, end: dt.datetime) -> Value:
    return {
        "startTime": _utc(start),
        "startUtcOffset": _OFFSET,
        "endTime": _utc(end),
        "endUtcOffset": _OFFSET,
    }


class Data:
    """The measurements of a vendor's people."""

    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    def total(self, data_type: str, person: Person, day: dt.date) -> Value | None:
        """The value of a roll-up of one day; None where there is nothing to roll up."""
        whole, number = self._vendor.whole, self._vendor.number
        active = number(person, "daily", day, 200, 900)
        values: Mapping[str, Value] = {
            "steps": {"countSum": str(whole(person, "daily", day, 3000, 15_000))},
            "distance": {"millimetersSum": str(whole(person, "daily", day, 2_000_000, 12_000_000, "way"))},
            "floors": {"countSum": str(whole(person, "daily", day, 0, 30, "floors"))},
            "active-energy-burned": {"kcalSum": active},
            "total-calories": {"kcalSum": active + 1600},
            "sedentary-period": {"durationSum": "34200s"},
            "heart-rate": {
                "beatsPerMinuteAvg": number(person, "daily", day, 62, 80, "beats"),
                "beatsPerMinuteMax": 151.0,
                "beatsPerMinuteMin": 47.0,
            },
            "active-minutes": {
                "activeMinutesRollupByActivityLevel": [
                    {"activityLevel": level, "activeMinutesSum": minutes}
                    for level, minutes in (("LIGHT", "190"), ("MODERATE", "25"), ("VIGOROUS", "30"))
                ]
            },
        }
        return values.get(data_type)

    def points(self, data_type: str, person: Person, day: dt.date) -> list[Point]:
        """What there is of a type on one local day, without what was deleted."""
        make = self._kinds.get(data_type)
        found = [] if make is None else make(self, person, day)
        return [point for point in found if _id_of(point) not in person.deleted]

    def _daily(self, name: str, value: Value, day: dt.date) -> list[Point]:
        midnight = _at(day, 0)
        point = {"dataSource": _SOURCE, camel(name): {"date": civil_date(day), **value}}
        return [Point(midnight.replace(tzinfo=None), midnight, point)]

    def _sample(self, name: str, moment: dt.datetime, value: Value) -> Point:
        time = {"physicalTime": _utc(moment), "utcOffset": _OFFSET}
        point = {"dataSource": _SOURCE, camel(name): {"sampleTime": time, **value}}
        return Point(moment.replace(tzinfo=None), moment, point)

    def _resting(self, person: Person, day: dt.date) -> list[Point]:
        beats = self._vendor.whole(person, "daily", day, 48, 60, "resting")
        return self._daily("daily-resting-heart-rate", {"beatsPerMinute": str(beats)}, day)

    def _variability(self, person: Person, day: dt.date) -> list[Point]:
        value = self._vendor.number(person, "daily", day, 25, 80, "hrv")
        return self._daily(
            "daily-heart-rate-variability", {"averageHeartRateVariabilityMilliseconds": value}, day
        )

    def _saturation(self, person: Person, day: dt.date) -> list[Point]:
        mean = self._vendor.number(person, "sleep", day, 94, 98, "spo2")
        return self._daily(
            "daily-oxygen-saturation",
            {"averagePercentage": mean, "lowerBoundPercentage": 93.0, "upperBoundPercentage": 99.0},
            day,
        )

    def _breaths(self, person: Person, day: dt.date) -> list[Point]:
        value = self._vendor.number(person, "sleep", day, 12, 17, "breaths")
        return self._daily("daily-respiratory-rate", {"breathsPerMinute": value}, day)

    def _temperature(self, person: Person, day: dt.date) -> list[Point]:
        night = self._vendor.number(person, "sleep", day, 33, 35, "skin")
        return self._daily(
            "daily-sleep-temperature-derivations",
            {"nightlyTemperatureCelsius": night, "baselineTemperatureCelsius": 34.0},
            day,
        )

    def _beats(self, person: Person, day: dt.date) -> list[Point]:
        return [
            self._sample(
                "heart-rate",
                _at(day, hour, 5),
                {"beatsPerMinute": str(self._vendor.whole(person, "daily", day, 48, 120, f"beat {hour}"))},
            )
            for hour in _HOURS
        ]

    def _weight(self, person: Person, day: dt.date) -> list[Point]:
        grams = self._vendor.number(person, "body", day, 71_000, 74_000)
        point = self._sample("weight", _at(day, 7), {"weightGrams": grams})
        return [self._named(point, "weight", person, day)]

    def _exercise(self, person: Person, day: dt.date) -> list[Point]:
        start, end = _at(day, 17, 50), _at(day, 18, 30)
        metres = self._vendor.number(person, "activity", day, 4000, 9000)
        exercise = {
            "interval": _interval(start, end),
            "exerciseType": "RUNNING",
            "displayName": "Run",
            "activeDuration": "2400s",
            "metricsSummary": {
                "caloriesKcal": self._vendor.number(person, "activity", day, 250, 600, "kcal"),
                "distanceMillimeters": metres * 1000,
                "averageSpeedMillimetersPerSecond": metres * 1000 / 2400,
                "steps": str(round(metres)),
                "averageHeartRateBeatsPerMinute": "148",
                "heartRateZoneDurations": {"moderateTime": "900s", "vigorousTime": "1200s"},
            },
            "exerciseMetadata": {"hasGps": True},
        }
        point = Point(start.replace(tzinfo=None), start, {"dataSource": _SOURCE, "exercise": exercise})
        return [self._named(point, "exercise", person, day)]

    def _sleep(self, person: Person, day: dt.date) -> list[Point]:
        """Filtered by its end, which is in the morning of `day`."""
        minutes = self._vendor.whole(person, "sleep", day, 380, 460)
        start, end = _at(day, 6, 30) - dt.timedelta(minutes=minutes + 30), _at(day, 6, 30)
        cuts = [start, start + dt.timedelta(minutes=30), start + dt.timedelta(minutes=130), end]
        stages = [
            {**_interval(began, ended), "type": kind}
            for began, ended, kind in zip(cuts, cuts[1:], ("AWAKE", "DEEP", "LIGHT"), strict=False)
        ]
        sleep = {
            "interval": _interval(start, end),
            "type": "STAGES",
            "metadata": {"nap": False, "mainSleep": True, "processed": True, "stagesStatus": "SUCCEEDED"},
            "stages": stages,
            "summary": {
                "minutesInSleepPeriod": str(minutes + 30),
                "minutesAsleep": str(minutes),
                "minutesAwake": "30",
                "minutesToFallAsleep": "30",
                "stagesSummary": [
                    {"type": "DEEP", "minutes": "100", "count": "1"},
                    {"type": "LIGHT", "minutes": str(minutes - 100), "count": "1"},
                    {"type": "AWAKE", "minutes": "30", "count": "1"},
                ],
            },
        }
        point = Point(end.replace(tzinfo=None), end, {"dataSource": _SOURCE, "sleep": sleep})
        return [self._named(point, "sleep", person, day)]

    def _named(self, point: Point, data_type: str, person: Person, day: dt.date) -> Point:
        made = self._vendor.identifier(person, data_type, day)
        name = f"users/{person.id}/dataTypes/{data_type}/dataPoints/{made}"
        return Point(point.civil, point.physical, {"name": name, **point.value})

    _kinds: Mapping[str, Callable[["Data", Person, dt.date], list[Point]]] = {
        "daily-resting-heart-rate": _resting,
        "daily-heart-rate-variability": _variability,
        "daily-oxygen-saturation": _saturation,
        "daily-respiratory-rate": _breaths,
        "daily-sleep-temperature-derivations": _temperature,
        "heart-rate": _beats,
        "weight": _weight,
        "exercise": _exercise,
        "sleep": _sleep,
    }


def _id_of(point: Point) -> str:
    return str(point.value.get("name", "")).rpartition("/")[2]
