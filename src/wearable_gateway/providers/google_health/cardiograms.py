"""`electrocardiogram`: the signal in microvolts and what the vendor's algorithm made of it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.google_health.document import Document, Interval
from wearable_gateway.providers.google_health.series import Beats
from wearable_gateway.unified.body import AFibFlag, ECGReading, RawECGSample

_FLAGS = {
    "NORMAL_SINUS_RHYTHM": AFibFlag.NEGATIVE,
    "ATRIAL_FIBRILLATION": AFibFlag.POSITIVE,
    "INCONCLUSIVE": AFibFlag.INCONCLUSIVE,
    "INCONCLUSIVE_HIGH_HEART_RATE": AFibFlag.INCONCLUSIVE,
    "INCONCLUSIVE_LOW_HEART_RATE": AFibFlag.INCONCLUSIVE,
}
"""What could not be read or was not analysed is not inconclusive: it has no flag."""


Volts = Annotated[int, Field(ge=-(2**31), le=2**31)]
"""In a unit of the device's, which the scaling factor tells."""


class Cardiogram(Document):
    """Both ends of the interval are the time of the reading; old ones have no offset and stay in UTC."""

    interval: Interval
    beats_per_minute_avg: Beats | None = None
    result_classification: str | None = None
    sampling_frequency_hertz: Annotated[int, Field(gt=0, le=100_000)] | None = None
    millivolts_scaling_factor: Annotated[int, Field(gt=0, le=1_000_000)] | None = None
    waveform_samples: tuple[Volts, ...] = ()


def readings(found: Iterable[Cardiogram | None]) -> list[ECGReading]:
    """The readings in the order of time."""
    known = [one for one in found if one is not None]
    return [
        ECGReading(
            start_timestamp=wire_time(one.interval.starts),
            avg_hr_bpm=one.beats_per_minute_avg,
            afib_classification=_FLAGS.get(one.result_classification or ""),
            raw_signal=_signal(one),
        )
        for one in sorted(known, key=lambda one: one.interval.start_time)
    ]


def _signal(one: Cardiogram) -> list[RawECGSample] | None:
    """The first value is that of the start; a value divided by the factor is in millivolts."""
    factor, frequency = one.millivolts_scaling_factor, one.sampling_frequency_hertz
    if factor is None or frequency is None or not one.waveform_samples:
        return None
    return [
        RawECGSample(
            timestamp=wire_time(one.interval.starts + timedelta(seconds=number / frequency)),
            potential_uV=round(value / factor * 1000, 6),
        )
        for number, value in enumerate(one.waveform_samples)
    ]
