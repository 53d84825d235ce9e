"""Which of Terra's activity types is a word of the vendor's?

The vendor publishes no list. A word that is the name of one of Terra's types is that type; those that are spelt
otherwise stand here, as clients of its API have met them.
"""

import re

from wearable_gateway.unified.activity_types import ActivityType

_SPORTS = {
    "cycling": ActivityType.BIKING,
    "indoor_cycling": ActivityType.STATIONARY_BIKING,
    "dance": ActivityType.DANCING,
    "ice_hockey": ActivityType.HOCKEY,
    "soccer": ActivityType.ENGLISH_FOOTBALL,
    "padel": ActivityType.PADEL_TENNIS,
    "climbing": ActivityType.ROCK_CLIMBING,
    "jump_rope": ActivityType.JUMPING_ROPE,
    "stair_exercise": ActivityType.STAIR_CLIMBING,
    "stairs": ActivityType.STAIR_CLIMBING,
    "stand_up_paddling": ActivityType.STAND_UP_PADDLEBOARDING,
    "water_polo": ActivityType.WATERPOLO,
    "weight_lifting": ActivityType.WEIGHTLIFTING,
    "high_intensity_interval_training": ActivityType.HIIT,
    "horse_riding": ActivityType.HORSEBACK_RIDING,
    "open_water_swimming": ActivityType.SWIMMING_OPEN_WATER,
    "cross_fit": ActivityType.CROSSFIT,
    "house_work": ActivityType.HOUSEWORK,
    "yard_work": ActivityType.GARDENING,
    "yardwork": ActivityType.GARDENING,
    "other": ActivityType.OTHER,
}
SESSIONS = {
    "breathing": ActivityType.GUIDED_BREATHING,
    "meditation": ActivityType.MEDITATION,
    "relaxation": ActivityType.OTHER,
    "rest": ActivityType.OTHER,
    "body_status": ActivityType.OTHER,
}


def sport_of(word: str) -> ActivityType:
    """UNKNOWN of a word nobody has told us of. The vendor writes `crossCountrySkiing` as well as `trail_running`."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word.strip()).lower().replace(" ", "_").replace("-", "_")
    return _SPORTS.get(snake) or ActivityType.__members__.get(snake.upper(), ActivityType.UNKNOWN)
