"""Which numbers did an account's wearable measure? The same ones whenever asked, from account, day and revision."""

from wearable_gateway.sandbox.data.days import day_of
from wearable_gateway.sandbox.data.profile import profile_of
from wearable_gateway.sandbox.data.sleeps import sleeps_of
from wearable_gateway.sandbox.data.workouts import workouts_of

__all__ = ["day_of", "profile_of", "sleeps_of", "workouts_of"]
