"""How a record reads: what is set, in plain words, with units."""

from typing import Any

import pytest

from wearable_gateway.unified.reading import duration, fields, moment_text
from wearable_gateway.unified.records import DataType

NIGHT: dict[str, Any] = {
    "metadata": {"start_time": "2026-11-19T23:10:00.000000+01:00", "upload_type": 1, "is_nap": False},
    "heart_rate_data": {
        "summary": {"avg_hr_bpm": 52.25, "max_hr_bpm": None},
        "detailed": {"hr_samples": [{"timestamp": "2026-11-19T23:10:00+01:00", "bpm": 50}] * 1200},
    },
    "respiration_data": {"breaths_data": {"avg_breaths_per_min": 14}},
    "sleep_durations_data": {"asleep": {"duration_REM_sleep_state_seconds": 6000}},
    "device_data": None,
    "from_a_later_version": {"odd_thing": "x"},
}


def test_only_what_is_set_is_read_in_words_with_units() -> None:
    read = {".".join(field.path): field for field in fields(DataType.SLEEP, NIGHT)}
    shown = {path: (field.title, field.text, field.unit) for path, field in read.items()}
    assert shown == {
        "metadata.start_time": ("Metadata: start time", "19 Nov 2026, 23:10 +01:00", ""),
        "metadata.upload_type": ("Metadata: upload type", "manual", ""),
        "metadata.is_nap": ("Metadata: is nap", "no", ""),
        "heart_rate_data.summary.avg_hr_bpm": ("Heart rate: average HR", "52.25", "1/min"),
        "heart_rate_data.detailed.hr_samples": ("Heart rate: HR samples", "1,200 samples", ""),
        "respiration_data.breaths_data.avg_breaths_per_min": (
            "Respiration, breaths: average breaths", "14", "1/min",
        ),
        "sleep_durations_data.asleep.duration_REM_sleep_state_seconds": (
            "Sleep durations, asleep: duration REM sleep state", "1 h 40 min", "",
        ),
        "from_a_later_version.odd_thing": ("From a later version: odd thing", "x", ""),
    }  # fmt: skip
    figures = {path for path, field in read.items() if field.is_figure}
    assert figures == {path for path in shown if path.endswith(("bpm", "per_min", "seconds"))}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (1.5, "1.5 s"),
        (60, "1 min"),
        (725, "12 min 5 s"),
        (27000, "7 h 30 min"),
        (-90, "-1 min 30 s"),
    ],
)
def test_a_duration_is_told_in_its_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_time_keeps_its_offset_and_what_is_none_stays_as_it_is() -> None:
    assert moment_text("2026-11-05T07:30:00.000000-05:30") == "5 Nov 2026, 07:30 -05:30"
    assert moment_text("2026-11-05T07:30:00+00:00") == "5 Nov 2026, 07:30 UTC"
    assert moment_text("2026-11-05T07:30:00") == "5 Nov 2026, 07:30"
    for text in ("2026-99-05T07:30:00", "soon", "2026-11-05"):
        assert moment_text(text) == text
