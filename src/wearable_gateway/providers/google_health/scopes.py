"""What may an app read with which consent?

https://developers.google.com/health/data-types names the scope of each data type.
"""

_PREFIX = "https://www.googleapis.com/auth/googlehealth."

ACTIVITY = f"{_PREFIX}activity_and_fitness.readonly"
SLEEP = f"{_PREFIX}sleep.readonly"
METRICS = f"{_PREFIX}health_metrics_and_measurements.readonly"
ECG = f"{_PREFIX}ecg.readonly"
PROFILE = f"{_PREFIX}profile.readonly"
SETTINGS = f"{_PREFIX}settings.readonly"

ALL = (ACTIVITY, SLEEP, METRICS, ECG, PROFILE, SETTINGS)

_OF_ACTIVITY = frozenset(
    {
        "active-energy-burned",
        "active-minutes",
        "altitude",
        "distance",
        "exercise",
        "floors",
        "sedentary-period",
        "steps",
        "time-in-heart-rate-zone",
        "total-calories",
    }
)


def scopes_of(data_type: str) -> frozenset[str]:
    """Any one of them opens `data_type`. Sources differ on the daily VO2 max, so both are tried."""
    if data_type in _OF_ACTIVITY:
        return frozenset({ACTIVITY})
    if data_type == "daily-vo2-max":
        return frozenset({ACTIVITY, METRICS})
    return frozenset({{"sleep": SLEEP, "electrocardiogram": ECG}.get(data_type, METRICS)})
