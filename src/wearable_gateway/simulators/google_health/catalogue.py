"""Which data types are there, of which record type, with which scope, and for which calls?

https://developers.google.com/health/data-types, without food, symptoms and moods.
"""

_PREFIX = "https://www.googleapis.com/auth/googlehealth."
ACTIVITY = f"{_PREFIX}activity_and_fitness.readonly"
SLEEP = f"{_PREFIX}sleep.readonly"
METRICS = f"{_PREFIX}health_metrics_and_measurements.readonly"
ECG = f"{_PREFIX}ecg.readonly"
PROFILE = f"{_PREFIX}profile.readonly"
SETTINGS = f"{_PREFIX}settings.readonly"
SCOPES = (ACTIVITY, SLEEP, METRICS, ECG, PROFILE, SETTINGS)

LISTED = {
    "active-energy-burned": ("interval", ACTIVITY),
    "active-minutes": ("interval", ACTIVITY),
    "altitude": ("interval", ACTIVITY),
    "blood-glucose": ("sample", METRICS),
    "body-fat": ("sample", METRICS),
    "core-body-temperature": ("sample", METRICS),
    "daily-heart-rate-variability": ("daily", METRICS),
    "daily-oxygen-saturation": ("daily", METRICS),
    "daily-respiratory-rate": ("daily", METRICS),
    "daily-resting-heart-rate": ("daily", METRICS),
    "daily-sleep-temperature-derivations": ("daily", METRICS),
    "daily-vo2-max": ("daily", ACTIVITY),
    "distance": ("interval", ACTIVITY),
    "electrocardiogram": ("session", ECG),
    "exercise": ("session", ACTIVITY),
    "heart-rate": ("sample", METRICS),
    "heart-rate-variability": ("sample", METRICS),
    "height": ("sample", METRICS),
    "oxygen-saturation": ("sample", METRICS),
    "sedentary-period": ("interval", ACTIVITY),
    "sleep": ("session", SLEEP),
    "steps": ("interval", ACTIVITY),
    "time-in-heart-rate-zone": ("interval", ACTIVITY),
    "weight": ("sample", METRICS),
}
ROLLED_UP = {
    "active-energy-burned": ACTIVITY,
    "active-minutes": ACTIVITY,
    "altitude": ACTIVITY,
    "distance": ACTIVITY,
    "floors": ACTIVITY,
    "heart-rate": METRICS,
    "sedentary-period": ACTIVITY,
    "steps": ACTIVITY,
    "time-in-heart-rate-zone": ACTIVITY,
    "total-calories": ACTIVITY,
    "weight": METRICS,
}
CHANGED = {
    "daily": ("steps", "heart-rate", "daily-resting-heart-rate"),
    "sleep": ("sleep", "daily-respiratory-rate"),
    "activity": ("exercise",),
    "body": ("weight",),
}
"""What a wearable syncs, and of which data types the vendor tells then."""
