"""What simulated watches and scales measured: the summaries of one day, by the key the vendor pushes them under."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.book import Person
    from wearable_gateway.simulators._base.simulator import Simulator

Summary = dict[str, Any]
Make = Callable[["Simulator", "Person", dt.date], Summary]

_OFFSET = -5 * 3600
_CYCLE_DAYS = 28


def of_day(vendor: "Simulator", person: "Person", name: str, day: dt.date) -> Summary:
    """The summary called `name`; the same each time until the day is synced anew."""
    return {
        "userId": person.id,
        "summaryId": _name(person, name, day),
        **_SUMMARIES[name](vendor, person, day),
    }


def _name(person: "Person", name: str, day: dt.date) -> str:
    """The vendor's ids hold when a summary began, so that one that replaces another is called the same."""
    return f"x{person.id[:7]}-{_at(day, 0):x}-{sum(name.encode()):x}"


def _at(day: dt.date, hour: float) -> int:
    """That hour on the watch, in Unix seconds."""
    midnight = int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
    return midnight - _OFFSET + round(hour * 3600)


def _day(day: dt.date, *, hour: float = 0, seconds: int = 86_400) -> Summary:
    return {
        "calendarDate": day.isoformat(),
        "startTimeInSeconds": _at(day, hour),
        "startTimeOffsetInSeconds": _OFFSET,
        "durationInSeconds": seconds,
    }


def _daily(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    return {
        **_day(day),
        "activityType": "GENERIC",
        "steps": vendor.whole(person, "daily", day, 3000, 15_000, "steps"),
        "distanceInMeters": vendor.number(person, "daily", day, 2500, 12_000, "distance"),
        "floorsClimbed": 8,
        "activeTimeInSeconds": 5400,
        "activeKilocalories": vendor.whole(person, "daily", day, 200, 900, "active"),
        "bmrKilocalories": 1700,
        "moderateIntensityDurationInSeconds": 1800,
        "vigorousIntensityDurationInSeconds": 900,
        "minHeartRateInBeatsPerMinute": 46,
        "averageHeartRateInBeatsPerMinute": 64,
        "maxHeartRateInBeatsPerMinute": 152,
        "restingHeartRateInBeatsPerMinute": vendor.whole(person, "daily", day, 46, 62, "resting"),
        "timeOffsetHeartRateSamples": {str(hour * 3600): 55 + hour for hour in range(24)},
        "averageStressLevel": vendor.whole(person, "daily", day, 15, 60, "stress"),
        "maxStressLevel": 88,
        "stressDurationInSeconds": 13_620,
        "restStressDurationInSeconds": 30_600,
        "activityStressDurationInSeconds": 3450,
        "lowStressDurationInSeconds": 6700,
        "mediumStressDurationInSeconds": 4350,
        "highStressDurationInSeconds": 2570,
        "stressQualifier": "balanced_awake",
        "bodyBatteryChargedValue": 61,
        "bodyBatteryDrainedValue": 58,
    }


def _stress(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    level = vendor.whole(person, "daily", day, 15, 60, "stress")
    return {
        **_day(day),
        "timeOffsetStressLevelValues": {"0": level, "180": -1, "360": level + 5, "540": -2},
        "timeOffsetBodyBatteryValues": {"0": 55, "180": 56, "360": 58},
    }


def _oxygen(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    percent = vendor.whole(person, "daily", day, 93, 98, "oxygen")
    return {**_day(day), "timeOffsetSpo2Values": {"7140": percent, "10740": 98}, "onDemand": False}


def _variability(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    average = vendor.whole(person, "daily", day, 25, 90, "hrv")
    return {
        **_day(day, hour=-1, seconds=25_200),
        "lastNightAvg": average,
        "lastNight5MinHigh": average + 20,
        "hrvValues": {"300": average - 5, "600": average + 5},
    }


def _sleep(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    began = _at(day, -1)
    deep = vendor.whole(person, "sleep", day, 60, 100) * 60
    light, rem, awake = 14_400, 5400, 900
    bounds = [began, began + light, began + light + deep, began + light + deep + rem]
    return {
        **_day(day, hour=-1, seconds=deep + light + rem),
        "unmeasurableSleepInSeconds": 0,
        "deepSleepDurationInSeconds": deep,
        "lightSleepDurationInSeconds": light,
        "remSleepInSeconds": rem,
        "awakeDurationInSeconds": awake,
        "sleepLevelsMap": {
            "light": [_range(bounds[0], bounds[1])],
            "deep": [_range(bounds[1], bounds[2])],
            "rem": [_range(bounds[2], bounds[3])],
            "awake": [_range(bounds[3], bounds[3] + awake)],
        },
        "validation": "ENHANCED_FINAL",
        "timeOffsetSleepSpo2": {"0": 95, "60": 96},
        "timeOffsetSleepRespiration": {"60": 14.5, "120": 14.1},
        "overallSleepScore": {"value": vendor.whole(person, "sleep", day, 55, 95, "score")},
        "naps": [
            {
                "napStartTimeInSeconds": _at(day, 14),
                "napOffsetInSeconds": _OFFSET,
                "napDurationInSeconds": 1500,
                "napValidation": "DEVICE",
            }
        ],
    }


def _range(first: int, last: int) -> Summary:
    return {"startTimeInSeconds": first, "endTimeInSeconds": last}


def _overview(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    return {
        "activityName": "Lunch ride",
        "activityType": "CYCLING",
        "startTimeInSeconds": _at(day, 12),
        "startTimeOffsetInSeconds": _OFFSET,
        "durationInSeconds": 3600,
        "averageHeartRateInBeatsPerMinute": vendor.whole(person, "activity", day, 110, 160, "bpm"),
        "maxHeartRateInBeatsPerMinute": 171,
        "averageBikeCadenceInRoundsPerMinute": 82.0,
        "averageSpeedInMetersPerSecond": 6.9,
        "distanceInMeters": vendor.number(person, "activity", day, 15_000, 30_000, "distance"),
        "activeKilocalories": vendor.whole(person, "activity", day, 300, 800, "kcal"),
        "totalElevationGainInMeters": 120.0,
        "deviceName": "Edge 1040",
        "manual": False,
    }


def _number_of(person: "Person", day: dt.date) -> int:
    return int(person.id[:6], 16) * 100_000 + day.toordinal() % 100_000


def _activity(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    number = _number_of(person, day)
    return {"summaryId": str(number), "activityId": number, **_overview(vendor, person, day)}


def _details(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    number, began = _number_of(person, day), _at(day, 12)
    return {
        "summaryId": f"{number}-detail",
        "activityId": number,
        "summary": _overview(vendor, person, day),
        "samples": [
            {
                "startTimeInSeconds": began + second,
                "timerDurationInSeconds": second,
                "heartRate": 110 + second // 120,
                "latitudeInDegree": 38.85 + second / 1e5,
                "longitudeInDegree": -94.8,
                "elevationInMeters": 310.0,
                "speedMetersPerSecond": 6.9,
                "totalDistanceInMeters": 6.9 * second,
                "powerInWatts": 180.0,
                "bikeCadenceInRPM": 82.0,
            }
            for second in range(0, 3600, 600)
        ],
        "laps": [{"startTimeInSeconds": began}],
    }


def _weigh_in(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    return {
        "measurementTimeInSeconds": _at(day, 7),
        "measurementTimeOffsetInSeconds": _OFFSET,
        "weightInGrams": vendor.whole(person, "body", day, 60_000, 90_000),
        "bodyFatInPercent": 18.2,
        "bodyWaterInPercent": 58.0,
        "bodyMassIndex": 23.1,
        "muscleMassInGrams": 32_400,
        "boneMassInGrams": 4200,
    }


def _pressure(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    return {
        "measurementTimeInSeconds": _at(day, 8),
        "measurementTimeOffsetInSeconds": _OFFSET,
        "systolic": vendor.whole(person, "body", day, 105, 135, "systolic"),
        "diastolic": 78,
        "pulse": 62,
        "sourceType": "DEVICE",
    }


def _metrics(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    vo2max = float(vendor.whole(person, "body", day, 40, 55, "vo2max"))
    return {"calendarDate": day.isoformat(), "vo2Max": vo2max, "fitnessAge": 32, "enhanced": True}


def _cycle(vendor: "Simulator", person: "Person", day: dt.date) -> Summary:
    number = day.toordinal() % _CYCLE_DAYS
    return {
        "periodStartDate": (day - dt.timedelta(days=number)).isoformat(),
        "dayInCycle": number + 1,
        "periodLength": vendor.whole(person, "menstruation", day, 4, 6),
        "currentPhaseType": "LUTEAL",
        "predictedCycleLength": _CYCLE_DAYS,
        "isPredictedCycle": True,
        "lastUpdatedTimeInSeconds": _at(day, 20),
    }


_SUMMARIES: Mapping[str, Make] = {
    "dailies": _daily,
    "stressDetails": _stress,
    "pulseox": _oxygen,
    "hrv": _variability,
    "sleeps": _sleep,
    "activities": _activity,
    "activityDetails": _details,
    "bodyComps": _weigh_in,
    "bloodPressures": _pressure,
    "userMetrics": _metrics,
    "mct": _cycle,
}
