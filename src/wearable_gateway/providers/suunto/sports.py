"""Suunto's activity ids as Terra's types.

There is no public list; these are the ids that several clients agree on or that were seen beside their names in the
Suunto app. Others, 76 and 77 among them, are named differently by different people and stay unknown.
"""

from wearable_gateway.unified.activity_types import ActivityType

_SPORTS = {
    0: ActivityType.WALKING,
    1: ActivityType.RUNNING,
    2: ActivityType.BIKING,
    3: ActivityType.CROSS_COUNTRY_SKIING,
    10: ActivityType.MOUNTAIN_BIKING,
    11: ActivityType.HIKING,
    13: ActivityType.DOWNHILL_SKIING,
    14: ActivityType.PADDLING,
    15: ActivityType.ROWING,
    16: ActivityType.GOLF,
    21: ActivityType.SWIMMING,
    22: ActivityType.TRAIL_RUNNING,
    # A gym is a place and says nothing of what was done there.
    23: ActivityType.OTHER,
    24: ActivityType.NORDIC_WALKING,
    29: ActivityType.ROCK_CLIMBING,
    30: ActivityType.SNOWBOARDING,
    33: ActivityType.ENGLISH_FOOTBALL,
    38: ActivityType.VOLLEYBALL,
    51: ActivityType.YOGA,
    52: ActivityType.STATIONARY_BIKING,
    53: ActivityType.TREADMILL_RUNNING,
    70: ActivityType.HIKING,
    72: ActivityType.KAYAKING,
}


def sport_of(activity_id: int | None) -> ActivityType:
    return ActivityType.UNKNOWN if activity_id is None else _SPORTS.get(activity_id, ActivityType.UNKNOWN)
