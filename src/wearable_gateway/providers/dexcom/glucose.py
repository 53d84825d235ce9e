"""`/v3/users/self/egvs` and `/calibrations`: glucose as the sensor estimates it and as fingers were pricked for it."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.dexcom.document import Reading
from wearable_gateway.unified.body import GlucoseDataSample, GlucoseFlag, TrendArrow

_MG_PER_DL_PER_MMOL_PER_L = 18.0182
_PER_MG_PER_DL = {"mg/dL": 1.0, "mmol/L": _MG_PER_DL_PER_MMOL_PER_L}
_FLAGS = {"high": GlucoseFlag.HIGH, "low": GlucoseFlag.LOW, "ok": GlucoseFlag.NORMAL}
# Terra knows two steps each way, Dexcom three: 1 to 2, 2 to 3 and more than 3 mg/dL a minute.
_TRENDS = {
    "doubleUp": TrendArrow.RISING_QUICKLY,
    "singleUp": TrendArrow.RISING_QUICKLY,
    "fortyFiveUp": TrendArrow.RISING,
    "flat": TrendArrow.FLAT,
    "fortyFiveDown": TrendArrow.FALLING,
    "singleDown": TrendArrow.FALLING_QUICKLY,
    "doubleDown": TrendArrow.FALLING_QUICKLY,
}

Glucose = Annotated[float, Field(gt=0, le=1000)]
"""What blood can hold, in either unit; sensors say 39 or 401 for less and more than they measure."""


class Egv(Reading):
    value: Glucose | None = None
    unit: str | None = None
    status: str | None = None
    trend: str | None = None
    transmitter: str | None = Field(default=None, alias="transmitterGeneration")


class Calibration(Reading):
    value: Glucose | None = None
    unit: str | None = None


def mg_per_dl(value: float | None, unit: str | None) -> float | None:
    """None when the unit is none that we know."""
    factor = _PER_MG_PER_DL.get(unit or "")
    return None if value is None or factor is None else value * factor


def estimates(egvs: Sequence[Egv]) -> list[GlucoseDataSample]:
    """What the sensor said, in order, without readings that say neither how much nor how bad."""
    samples = [
        GlucoseDataSample(
            timestamp=wire_time(egv.moment),
            blood_glucose_mg_per_dL=mg_per_dl(egv.value, egv.unit),
            glucose_level_flag=_FLAGS.get(egv.status or ""),
            trend_arrow=None if egv.trend is None else _TRENDS.get(egv.trend, TrendArrow.UNKNOWN),
        )
        for egv in sorted(egvs, key=lambda egv: egv.order)
    ]
    return [
        sample
        for sample in samples
        if sample.blood_glucose_mg_per_dL is not None or sample.glucose_level_flag is not None
    ]


def mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 2) if known else None
