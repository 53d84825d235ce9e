"""`dailyRollUp`: the totals of a day, of which each answer holds one."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.google_health.activity_minutes import ActiveMinutes
from wearable_gateway.providers.google_health.document import Amount, Count, Document, Gain, Seconds
from wearable_gateway.providers.google_health.zones import DayZones

Rate = Annotated[float, Field(gt=0, le=300)]


class CountSum(Document):
    count_sum: Count | None = None


class MillimetersSum(Document):
    millimeters_sum: Count | None = None


class GainSum(Document):
    gain_millimeters_sum: Gain | None = None


class KcalSum(Document):
    kcal_sum: Amount | None = None


class DurationSum(Document):
    duration_sum: Seconds | None = None


class HeartRates(Document):
    beats_per_minute_avg: Rate | None = None
    beats_per_minute_max: Rate | None = None
    beats_per_minute_min: Rate | None = None


class RollUp(Document):
    """A `DailyRollupDataPoint`."""

    steps: CountSum = CountSum()
    distance: MillimetersSum = MillimetersSum()
    floors: CountSum = CountSum()
    altitude: GainSum = GainSum()
    total_calories: KcalSum = KcalSum()
    active_energy_burned: KcalSum = KcalSum()
    active_minutes: ActiveMinutes = ActiveMinutes()
    sedentary_period: DurationSum = DurationSum()
    heart_rate: HeartRates = HeartRates()
    time_in_heart_rate_zone: DayZones = DayZones()


def together(roll_ups: Iterable[RollUp]) -> RollUp:
    """All roll-ups of one day as one; of two of a kind the first counts."""
    found: dict[str, Document] = {}
    for roll_up in roll_ups:
        for name in roll_up.model_fields_set:
            found.setdefault(name, getattr(roll_up, name))
    return RollUp.model_validate(found)
