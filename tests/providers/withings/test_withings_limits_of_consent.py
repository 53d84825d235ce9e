"""What is kept from whom; and a subscription that is refused."""

from typing import Any

import pytest
from tests.providers.withings.accounts import TODAY, answering

from wearable_gateway.errors import ProviderRefusedError
from wearable_gateway.providers.withings import PROVIDER
from wearable_gateway.unified.records import DataType, Record

URL = "https://gateway.test/notices"
HEART = {"ecg_signal": [{"avg_hr_bpm": 61}], "afib_classification_samples": [{"afib_classification": 0}]}


@pytest.mark.parametrize(
    ("scopes", "signal"),
    [(("user.metrics", "user.activity"), HEART["ecg_signal"]), (("user.metrics",), None)],
)
def test_an_electrocardiogram_needs_its_own_scope(scopes: tuple[str, ...], signal: Any) -> None:
    record = Record(DataType.BODY, "2026-11-22", TODAY, {"heart_data": HEART, "metadata": {}})
    limited = PROVIDER.limited_to(record, scopes)
    assert limited is not None
    assert limited.body["heart_data"]["ecg_signal"] == signal
    assert limited.body["heart_data"]["afib_classification_samples"]
    assert record.body["heart_data"] == HEART


def test_a_body_without_a_heart_is_given_as_it_is() -> None:
    record = Record(DataType.BODY, "2026-11-22", TODAY, {"heart_data": None})
    assert PROVIDER.limited_to(record, ("user.metrics",)) == record


async def test_a_subscription_that_is_refused_does_not_cost_the_others() -> None:
    def answer(form: dict[str, str]) -> object:
        return {"status": 2555 if form.get("appli") == "1" else 0, "body": {}}

    access, forms = answering(answer)
    with pytest.raises(ProviderRefusedError) as refused:
        await PROVIDER.subscribe(access, URL)
    assert refused.value.status == 403
    assert {form["appli"] for form in forms if form["action"] == "subscribe"} == {
        "1", "2", "4", "16", "44", "46", "54",
    }  # fmt: skip


async def test_a_token_that_is_refused_is_not_tried_for_each() -> None:
    def answer(form: dict[str, str]) -> object:
        return {"status": 401 if form["action"] == "subscribe" else 0, "body": {}}

    access, forms = answering(answer)
    with pytest.raises(ProviderRefusedError):
        await PROVIDER.subscribe(access, URL)
    assert [form["action"] for form in forms] == ["list", "subscribe"]
