"""Which numbers did an account's wearable measure? The same ones whenever asked, from account, day and revision."""

from wearable_gateway.sandbox.data.bodies import body_of
from wearable_gateway.sandbox.data.cycles import cycles_of
from wearable_gateway.sandbox.data.days import day_of
from wearable_gateway.sandbox.data.hormones import hormones_of
from wearable_gateway.sandbox.data.meals import diary_of
from wearable_gateway.sandbox.data.observations import observations_of
from wearable_gateway.sandbox.data.people import account_of
from wearable_gateway.sandbox.data.plans import plans_of
from wearable_gateway.sandbox.data.profile import profile_of
from wearable_gateway.sandbox.data.sleeps import sleeps_of
from wearable_gateway.sandbox.data.workouts import workouts_of

__all__ = [
    "account_of",
    "body_of",
    "cycles_of",
    "day_of",
    "diary_of",
    "hormones_of",
    "observations_of",
    "plans_of",
    "profile_of",
    "sleeps_of",
    "workouts_of",
]
