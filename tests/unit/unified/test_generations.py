"""The newer form of a record differs in the types of a few fields, and in nothing else."""

import pytest

from wearable_gateway.unified.body import Body
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.generations import in_current_form
from wearable_gateway.unified.menstruation import MenstrualPhase, Menstruation
from wearable_gateway.unified.nutrition import Nutrition

SPAN = {"start_time": "2026-11-20T00:00:00.000000+00:00", "end_time": "2026-11-21T00:00:00.000000+00:00"}


def test_contributors_become_a_map() -> None:
    body = Daily.model_validate(
        {
            "metadata": {**SPAN, "upload_type": 1},
            "data_enrichment": {
                "stress_contributors": [{"contributor_name": "sleep", "contributor_score": 71.5}]
            },
        }
    ).model_dump(mode="json")
    assert in_current_form(body) == {
        **body,
        "data_enrichment": {**body["data_enrichment"], "stress_contributors": {"sleep": 71.5}},
    }


def test_numbers_and_truths_that_the_older_form_writes_as_text_are_themselves() -> None:
    measured = Body.model_validate(
        {"metadata": SPAN, "measurements_data": {"measurements": [{"estimated_fitness_age": 33}]}}
    ).model_dump(mode="json")
    assert measured["measurements_data"]["measurements"][0]["estimated_fitness_age"] == "33"
    now = in_current_form(measured)
    assert now["measurements_data"]["measurements"][0]["estimated_fitness_age"] == 33

    drunk = Nutrition.model_validate({"metadata": SPAN, "drink_samples": [{"drink_unit": 8}]}).model_dump(
        mode="json"
    )
    assert in_current_form(drunk)["drink_samples"][0]["drink_unit"] == 8

    cycle = Menstruation.model_validate(
        {"metadata": SPAN, "menstruation_data": {"cycle_length_days": 29, "is_predicted_cycle": False}}
    ).model_dump(mode="json")
    data = in_current_form(cycle)["menstruation_data"]
    assert (data["cycle_length_days"], data["is_predicted_cycle"]) == (29, False)
    assert data["day_in_cycle"] is None


@pytest.mark.parametrize("phase", MenstrualPhase)
def test_every_phase_has_its_number(phase: MenstrualPhase) -> None:
    number = in_current_form({"current_phase": phase.value})["current_phase"]
    expected = ["unknown", "menstrual", "follicular", "fertile", "ovulation", "luteal", "pms"]
    trimesters = ["first_trimester", "second_trimester", "third_trimester"]
    assert number == [*expected, *trimesters].index(phase.value)
