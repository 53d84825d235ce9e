"""The vendor's names of sports and Terra's numbers for them.

https://developers.strava.com/docs/reference/#api-models-SportType
"""

from wearable_gateway.unified.activity_types import ActivityType

_SPORTS = {
    "AlpineSki": ActivityType.DOWNHILL_SKIING,
    "BackcountrySki": ActivityType.BACK_COUNTRY_SKIING,
    "Badminton": ActivityType.BADMINTON,
    "Canoeing": ActivityType.CANOEING,
    "Crossfit": ActivityType.CROSSFIT,
    "EBikeRide": ActivityType.E_BIKING,
    "EMountainBikeRide": ActivityType.E_MOUNTAIN_BIKING,
    "Elliptical": ActivityType.ELLIPTICAL,
    "Golf": ActivityType.GOLF,
    "GravelRide": ActivityType.GRAVEL_CYCLING,
    "Handcycle": ActivityType.HANDBIKING,
    "HighIntensityIntervalTraining": ActivityType.HIIT,
    "Hike": ActivityType.HIKING,
    "IceSkate": ActivityType.ICE_SKATING,
    "InlineSkate": ActivityType.INLINE_SKATING,
    "Kayaking": ActivityType.KAYAKING,
    "Kitesurf": ActivityType.KITESURFING,
    "MountainBikeRide": ActivityType.MOUNTAIN_BIKING,
    "NordicSki": ActivityType.CROSS_COUNTRY_SKIING,
    "Pickleball": ActivityType.OTHER,
    "Pilates": ActivityType.PILATES,
    "Racquetball": ActivityType.RACQUETBALL,
    "Ride": ActivityType.BIKING,
    "RockClimbing": ActivityType.ROCK_CLIMBING,
    "RollerSki": ActivityType.ROLLER_SKIING,
    "Rowing": ActivityType.ROWING,
    "Run": ActivityType.RUNNING,
    "Sail": ActivityType.SAILING,
    "Skateboard": ActivityType.SKATEBOARDING,
    "Snowboard": ActivityType.SNOWBOARDING,
    "Snowshoe": ActivityType.SNOWSHOEING,
    "Soccer": ActivityType.ENGLISH_FOOTBALL,
    "Squash": ActivityType.SQUASH,
    "StairStepper": ActivityType.STAIR_CLIMBING_MACHINE,
    "StandUpPaddling": ActivityType.STAND_UP_PADDLEBOARDING,
    "Surfing": ActivityType.SURFING,
    "Swim": ActivityType.SWIMMING,
    "TableTennis": ActivityType.TABLE_TENNIS,
    "Tennis": ActivityType.TENNIS,
    "TrailRun": ActivityType.TRAIL_RUNNING,
    "Velomobile": ActivityType.BIKING,
    "VirtualRide": ActivityType.STATIONARY_BIKING,
    "VirtualRow": ActivityType.ROWING_MACHINE,
    "VirtualRun": ActivityType.INDOOR_RUNNING,
    "Walk": ActivityType.WALKING,
    "WeightTraining": ActivityType.STRENGTH_TRAINING,
    "Wheelchair": ActivityType.WHEELCHAIR,
    "Windsurf": ActivityType.WINDSURFING,
    "Workout": ActivityType.OTHER,
    "Yoga": ActivityType.YOGA,
}


def sport_of(*words: str | None) -> ActivityType:
    """The sport of the first of `words` that is known, or UNKNOWN; the newer word of an activity goes first."""
    known = (_SPORTS[word] for word in words if word in _SPORTS)
    return next(known, ActivityType.UNKNOWN)
