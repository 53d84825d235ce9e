"""What does the `status` in an answer's body mean? Nearly every answer is HTTP 200, whatever happened.

The families are those of https://developer.withings.com/api-reference/#section/Response-status; a status in none of
them is "an error occurred".
"""

from enum import Enum


class Outcome(Enum):
    DONE = "done"
    TOKEN_REFUSED = "the access token was refused"  # noqa: S105 - words, not a token
    NOT_ALLOWED = "the call is not allowed"
    INVALID = "the parameters are not valid"
    TOO_MANY = "too many requests"
    FAILED = "an error occurred"


_REFUSED = frozenset({*range(100, 103), 200, 401})
_NOT_ALLOWED = frozenset({214, 277, 2553, 2555})
_TOO_MANY = frozenset({601})
_INVALID = frozenset(
    status
    for first, last in (
        (201, 213),
        (216, 218),
        (220, 221),
        (223, 223),
        (225, 225),
        (227, 230),
        (234, 236),
        (238, 238),
        (240, 252),
        (254, 254),
        (260, 267),
        (271, 272),
        (275, 276),
        (283, 288),
        (290, 290),
        (293, 295),
        (297, 297),
        (300, 304),
        (321, 321),
        (323, 353),
        (380, 382),
        (400, 400),
        (501, 511),
        (523, 523),
        (532, 532),
        (2554, 2554),
        (3017, 3019),
    )
    for status in range(first, last + 1)
)


def outcome_of(status: int) -> Outcome:
    for family, outcome in (
        ({0}, Outcome.DONE),
        (_REFUSED, Outcome.TOKEN_REFUSED),
        (_NOT_ALLOWED, Outcome.NOT_ALLOWED),
        (_INVALID, Outcome.INVALID),
        (_TOO_MANY, Outcome.TOO_MANY),
    ):
        if status in family:
            return outcome
    return Outcome.FAILED
