"""The vendor's words for sports.

Its documentation lists sports by number and title (https://developer.whoop.com/docs/developing/user-data/workout);
`sport_name` carries them in small letters, with hyphens or underscores between words.
"""

import re
from collections.abc import Mapping

from wearable_gateway.unified.activity_types import ActivityType

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_WORDS: Mapping[ActivityType, str] = {
    ActivityType.AMERICAN_FOOTBALL: "football",
    ActivityType.AUSTRALIAN_FOOTBALL: "australian-football",
    ActivityType.BADMINTON: "badminton",
    ActivityType.BASEBALL: "baseball",
    ActivityType.BASKETBALL: "basketball",
    ActivityType.BIKING: "cycling",
    ActivityType.BOXING: "boxing box-fitness",
    ActivityType.CRICKET: "cricket",
    ActivityType.CROSS_COUNTRY_SKIING: "cross-country-skiing",
    ActivityType.DANCING: "dance",
    ActivityType.DIVING: "diving",
    ActivityType.ELLIPTICAL: "elliptical",
    ActivityType.ENGLISH_FOOTBALL: "soccer",
    ActivityType.FENCING: "fencing",
    ActivityType.FRISBEE: "ultimate",
    ActivityType.GAELIC_FOOTBALL: "gaelic-football",
    ActivityType.GARDENING: "yard-work",
    ActivityType.GOLF: "golf",
    ActivityType.GYMNASTICS: "gymnastics",
    ActivityType.HANDBALL: "handball",
    ActivityType.HIIT: "hiit",
    ActivityType.HIKING: "hiking hiking-rucking",
    ActivityType.HOCKEY: "ice-hockey field-hockey",
    ActivityType.HORSEBACK_RIDING: "horseback-riding",
    ActivityType.HOUSEWORK: "cleaning",
    ActivityType.HURLING: "hurling-camogie",
    ActivityType.ICE_SKATING: "ice-skating",
    ActivityType.INLINE_SKATING: "inline-skating",
    ActivityType.JOGGING: "stroller-jogging",
    ActivityType.JUMPING_ROPE: "jumping-rope",
    ActivityType.KAYAKING: "kayaking",
    ActivityType.KICKBOXING: "kickboxing",
    ActivityType.KITESURFING: "kite-boarding",
    ActivityType.LACROSSE: "lacrosse",
    ActivityType.MARTIAL_ARTS: "martial-arts jiu-jitsu",
    ActivityType.MEDITATION: "meditation",
    ActivityType.MOTOR_RACING: "motor-racing",
    ActivityType.MOTORBIKING: "motocross",
    ActivityType.MOUNTAIN_BIKING: "mountain-biking",
    ActivityType.MULTISPORT: "duathlon",
    ActivityType.PADEL_TENNIS: "padel",
    ActivityType.PILATES: "pilates",
    ActivityType.POLO: "polo",
    ActivityType.ROCK_CLIMBING: "rock-climbing",
    ActivityType.ROWING: "rowing",
    ActivityType.RUGBY: "rugby",
    ActivityType.RUNNING: "running",
    ActivityType.SAILING: "sailing",
    ActivityType.SKATEBOARDING: "skateboarding",
    ActivityType.SKIING: "skiing",
    ActivityType.SNOWBOARDING: "snowboarding",
    ActivityType.SOFTBALL: "softball",
    ActivityType.SPINNING: "spin",
    ActivityType.SQUASH: "squash",
    ActivityType.STAIR_CLIMBING: "stadium-steps",
    ActivityType.STAIR_CLIMBING_MACHINE: "stairmaster",
    ActivityType.STAND_UP_PADDLEBOARDING: "paddleboarding",
    ActivityType.STATIONARY_BIKING: "assault-bike",
    ActivityType.STRENGTH_TRAINING: "strength-trainer weightlifting-msk",
    ActivityType.STRETCHING: "stretching",
    ActivityType.SURFING: "surfing",
    ActivityType.SWIMMING: "swimming",
    ActivityType.TABLE_TENNIS: "table-tennis",
    ActivityType.TENNIS: "tennis",
    ActivityType.TRIATHLON: "triathlon",
    ActivityType.VOLLEYBALL: "volleyball",
    ActivityType.WAKEBOARDING: "wakeboarding",
    ActivityType.WALKING: "walking dog-walking",
    ActivityType.WALKING_STROLLER: "stroller-walking",
    ActivityType.WATER_SKIING: "water-skiing",
    ActivityType.WATERPOLO: "water-polo",
    ActivityType.WEIGHTLIFTING: "weightlifting powerlifting",
    ActivityType.WHEELCHAIR: "wheelchair-pushing",
    ActivityType.YOGA: "yoga hot-yoga",
    # Listed by the vendor, and nothing that Terra has a number for.
    ActivityType.OTHER: (
        "activity other air-compression babywearing barre barre3 barry-s barrys caddying circus-arts climber coaching"
        " commuting cooking dedicated-parenting disc-golf f45-training functional-fitness gaming high-stress-work"
        " ice-bath manual-labor massage-therapy musical-performance netball obstacle-course-racing operations-flying"
        " operations-medical operations-tactical operations-water paddle-tennis paintball parkour percussive-massage"
        " pickleball public-speaking sauna spikeball stage-performance toddlerwearing track-field track-and-field"
        " watching-sports wrestling"
    ),
}
_SPORTS = {word: kind for kind, words in _WORDS.items() for word in words.split()}


def sport_of(word: str | None) -> ActivityType:
    """Terra's number for a sport of the vendor's; UNKNOWN for one it has not listed."""
    return _SPORTS.get(_BETWEEN_WORDS.sub("-", (word or "").lower()).strip("-"), ActivityType.UNKNOWN)
