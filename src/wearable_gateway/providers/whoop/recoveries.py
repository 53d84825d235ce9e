"""`/v2/recovery`: how well somebody came out of a night (https://developer.whoop.com/docs/developing/user-data/recovery).

A recovery belongs to one sleep and to the cycle that this sleep began. It has no clock of its own.
"""

from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.whoop.document import Document, HeartRate, Percent, scored


class RecoveryScore(Document):
    recovery_score: Percent | None = None
    resting_heart_rate: HeartRate | None = None
    hrv_rmssd_milli: Annotated[float, Field(gt=0, le=1000)] | None = None
    spo2_percentage: Annotated[float, Field(gt=0, le=100)] | None = None
    skin_temp_celsius: Annotated[float, Field(ge=10, le=50)] | None = None


class Recovery(Document):
    score_state: str | None = None
    score: RecoveryScore | None = None


def recovered(recovery: Recovery | None) -> RecoveryScore:
    """What is known of `recovery`; of none, nothing."""
    known = scored(recovery.score_state, recovery.score) if recovery else None
    return known or RecoveryScore()
