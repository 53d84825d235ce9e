"""How long is a pause really, with chance in it, and at most?"""

from datetime import timedelta

LONGEST_HINT = timedelta(hours=10)
JITTER = 0.2


def spread(pause: timedelta, *, random: float) -> timedelta:
    """`random` in [0, 1) makes `pause` shorter or longer by up to a fifth, so that not all come back at once."""
    return pause * (1 + JITTER * (2 * random - 1))
