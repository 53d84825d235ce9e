"""What the fixtures cannot say about Dexcom's records: what is refused, dropped and derived."""

from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.dexcom.bodies import BodyDay, body
from wearable_gateway.providers.dexcom.document import Reading
from wearable_gateway.providers.dexcom.glucose import Egv, mg_per_dl
from wearable_gateway.providers.dexcom.meals import EventDay, nutrition
from wearable_gateway.unified.records import Record


def a_body(*egvs: dict[str, Any], **fields: Any) -> Record | None:
    return body(read_document("DEXCOM", BodyDay, {"date": "2026-03-14", "egvs": list(egvs), **fields}))


def an_egv(**fields: Any) -> dict[str, Any]:
    return {"displayTime": "2026-03-14T12:00:00-07:00", "value": 100, "unit": "mg/dL", **fields}


def glucose(record: Record | None) -> dict[str, Any]:
    assert record is not None
    found = record.body["glucose_data"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("display", "system", "written"),
    [
        ("2026-03-14T12:00:00-07:00", "2026-03-14T19:00:00Z", "2026-03-14T12:00:00-07:00"),
        ("2026-03-14T12:00:00-07:00", None, "2026-03-14T12:00:00-07:00"),
        ("2026-03-14T12:00:00", "2026-03-14T19:00:00", "2026-03-14T12:00:00-07:00"),
        ("2026-03-14T12:00:00", "2026-03-14T19:00:00Z", "2026-03-14T12:00:00-07:00"),
        ("2026-03-14T12:03:00", "2026-03-14T06:19:00", "2026-03-14T12:03:00+05:45"),
        ("2026-03-15T01:00:00", "2026-03-14T11:00:00", "2026-03-15T01:00:00+14:00"),
        ("2026-03-14T12:00:00", "2026-03-14T12:07:00", "2026-03-14T12:00:00+00:00"),
        ("2026-03-14T12:00:00", "2020-01-01T00:00:00", "2026-03-14T12:00:00"),
        ("2026-03-14T12:00:00", None, "2026-03-14T12:00:00"),
    ],
)
def test_the_offset_is_the_phones_or_what_the_receivers_two_clocks_differ_by(
    display: str, system: str | None, written: str
) -> None:
    reading = Reading.model_validate({"displayTime": display, "systemTime": system})
    assert reading.moment.isoformat() == written


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(100.0, "mg/dL", 100.0), (10.0, "mmol/L", 180.182), (100.0, "unknown", None), (None, "mg/dL", None)],
)
def test_glucose_is_stated_in_mg_per_dl_or_not_at_all(
    value: float | None, unit: str, expected: float | None
) -> None:
    assert mg_per_dl(value, unit) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("value", [0, -1, 40_000, "high", float("inf")])
def test_glucose_that_no_blood_holds_costs_the_value_and_not_the_day(value: Any) -> None:
    record = a_body(an_egv(value=value), an_egv(displayTime="2026-03-14T12:05:00-07:00", value=120))
    assert [
        sample["blood_glucose_mg_per_dL"] for sample in glucose(record)["detailed_blood_glucose_samples"]
    ] == [120]


def test_a_reading_without_a_time_is_dropped_alone() -> None:
    record = a_body(an_egv(displayTime="yesterday"), an_egv())
    assert len(glucose(record)["detailed_blood_glucose_samples"]) == 1


def test_readings_go_out_in_the_order_they_were_taken_however_they_came() -> None:
    """A phone writes offsets and a receiver does not; the vendor sends the newest first."""
    phone = an_egv(displayTime="2026-03-14T12:05:00-07:00", systemTime="2026-03-14T19:05:00Z")
    receiver = an_egv(displayTime="2026-03-14T12:00:00", systemTime="2026-03-14T19:00:00")
    times = [
        sample["timestamp"] for sample in glucose(a_body(phone, receiver))["detailed_blood_glucose_samples"]
    ]
    assert times == ["2026-03-14T12:00:00.000000-07:00", "2026-03-14T12:05:00.000000-07:00"]


def test_a_day_of_nothing_is_no_record() -> None:
    assert a_body() is None
    assert nutrition(read_document("DEXCOM", EventDay, {"date": "2026-03-14"})) is None


def test_a_document_of_no_day_cannot_be_named() -> None:
    with pytest.raises(ValidationError):
        read_document("DEXCOM", BodyDay, {"egvs": [an_egv()]})


@pytest.mark.parametrize("date", ["9999-12-31", "soon"])
def test_a_day_that_has_no_next_is_none(date: str) -> None:
    with pytest.raises(ValidationError):
        read_document("DEXCOM", EventDay, {"date": date})


def test_a_status_or_trend_that_nobody_has_heard_of_is_no_guess() -> None:
    samples = glucose(a_body(an_egv(status="superb", trend="sideways")))["detailed_blood_glucose_samples"]
    assert (samples[0]["glucose_level_flag"], samples[0]["trend_arrow"]) == (None, 0)


def test_no_trend_stays_no_trend() -> None:
    assert Egv.model_validate(an_egv()).trend is None
    assert glucose(a_body(an_egv()))["detailed_blood_glucose_samples"][0]["trend_arrow"] is None
