"""Series of heart rate and of its variability, in nights and sessions the same."""

from wearable_gateway.providers.oura.document import Series
from wearable_gateway.unified.heart_rate import HeartRateDetailed, HeartRateSample, HrvRmssdSample

_FASTEST_BPM = 400


def detailed_heart_rate(bpm: Series | None, variability: Series | None) -> HeartRateDetailed | None:
    """Both series as samples; None without any. The vendor's variability is RMSSD in milliseconds.

    https://support.ouraring.com/hc/en-us/articles/360025441974-Heart-Rate-Variability
    """
    beats = [
        HeartRateSample(timestamp=at, bpm=value)
        for at, value in (bpm.samples() if bpm else ())
        if 0 < value <= _FASTEST_BPM
    ]
    rmssd = [
        HrvRmssdSample(timestamp=at, hrv_rmssd=value)
        for at, value in (variability.samples() if variability else ())
        if value > 0
    ]
    if not beats and not rmssd:
        return None
    return HeartRateDetailed(hr_samples=beats or None, hrv_samples_rmssd=rmssd or None)
