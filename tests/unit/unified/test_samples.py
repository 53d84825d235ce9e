"""Which fields are series of measurements, and what a record is without them."""

from wearable_gateway.unified.samples import is_series, without_samples


def test_series_go_and_all_else_stays() -> None:
    body = {
        "metadata": {"start_time": "2026-11-20T00:00:00+00:00"},
        "heart_rate_data": {
            "summary": {"avg_hr_bpm": 61},
            "detailed": {"hr_samples": [{"bpm": 60}], "hrv_samples_rmssd": [{"hrv_rmssd": 1}]},
        },
        "stress_data": {"samples": [{"level": 3}], "avg_stress_level": 4},
        "heart_data": {"ecg_signal": [{"avg_hr_bpm": 70, "raw_signal": [{"potential_uV": 1}]}]},
        "lap_data": {"laps": [{"calories": 4}]},
        "drink_samples": [{"drink_volume": 2}],
    }
    assert without_samples(body) == {
        **body,
        "heart_rate_data": {
            "summary": {"avg_hr_bpm": 61},
            "detailed": {"hr_samples": None, "hrv_samples_rmssd": None},
        },
        "stress_data": {"samples": None, "avg_stress_level": 4},
        "heart_data": {"ecg_signal": [{"avg_hr_bpm": 70, "raw_signal": None}]},
    }


def test_what_is_a_series() -> None:
    series = ["hr_samples", "samples", "hypnogram_samples", "MET_samples", "hrv_samples_sdnn", "raw_signal"]
    others = ["laps", "drink_samples", "TSS_samples", "meals", "measurements", "tags", "samplesize"]
    assert [name for name in series + others if is_series(name)] == series
