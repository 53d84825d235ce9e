"""Whatever the vendor answers or tells, it is read, left out, or a fault that has a name."""

from datetime import date

import pytest
from tests.providers.garbled import ask_garbled, fetch_garbled
from tests.providers.withings.accounts import TODAY, Vendor, answering

from wearable_gateway.providers._base.reaching import Ask
from wearable_gateway.providers.withings import PROVIDER
from wearable_gateway.unified.records import DataType


@pytest.mark.parametrize("kind", list(PROVIDER.data_scopes))
async def test_garbled_documents_cost_no_more_than_themselves(kind: DataType) -> None:
    await fetch_garbled(PROVIDER, Vendor().access(), Ask(kind, TODAY, TODAY, samples=True), seeds=range(60))


async def test_garbled_answers_about_subscriptions_are_faults_with_a_name() -> None:
    asks = (lambda odd: PROVIDER.subscribe(odd, "https://gateway.test/notices"),)
    await ask_garbled(PROVIDER, Vendor().access(), asks, seeds=range(12))


async def test_measurements_under_what_is_no_time_are_left_out() -> None:
    day = {"date": TODAY.isoformat(), "timezone": "Europe/Paris", "steps": 7}
    series = {"²": {"steps": 1}, "9" * 5000: {"steps": 1}, "-1": {"steps": 1}, "1795302000": {"steps": 1}}

    def answer(form: dict[str, str]) -> object:
        body = {"series": series} if form["action"] == "getintradayactivity" else {"activities": [day]}
        return {"status": 0, "body": body}

    access, _ = answering(answer)
    (found,) = await PROVIDER.fetch(access, Ask(DataType.DAILY, TODAY, TODAY, samples=True))
    assert list(found["intraday"]) == ["1795302000"]


@pytest.mark.parametrize(
    "body",
    [
        b"userid=363&appli=44&date=9999-12-31",
        b"userid=363&appli=44&date=0001-01-01",
        b"userid=363&appli=44&startdate=0001-01-01&enddate=9999-12-31",
        b"userid=363&appli=44&startdate=99999999999&enddate=99999999999",
        b"userid=363&appli=44&startdate=1700000000&enddate=1",
        b"userid=363&appli=44&date=%C2%B2",
        b"userid=363&appli=44&startdate=&enddate=",
    ],
)
def test_a_notice_of_impossible_days_is_of_the_last_ones(body: bytes) -> None:
    (notice,) = PROVIDER.notices(body)
    assert (notice.start, notice.end) == (None, None)


def test_a_day_is_read_in_each_of_its_forms() -> None:
    (notice,) = PROVIDER.notices(b"userid=363&appli=16&date=2026-11-21")
    assert (notice.start, notice.end) == (date(2026, 11, 21), date(2026, 11, 21))
