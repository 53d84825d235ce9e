"""A record that was written can be read again as what it was: in bytes, and in the newer form as far as that goes."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.unit.unified.instances import instance_of
from wearable_gateway.kit import json
from wearable_gateway.unified.documentation import MODELS
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.generations import in_current_form
from wearable_gateway.unified.menstruation import MenstrualPhase

EVERY = pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model in MODELS])
QUICKLY = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_PHASES = {
    in_current_form({"current_phase": phase.value})["current_phase"]: phase for phase in MenstrualPhase
}


def _classic(name: str, value: Any) -> Any:
    """What the newer form says of a field, in words that a model reads."""
    if isinstance(value, Mapping) and name.endswith("_contributors"):
        return [{"contributor_name": key, "contributor_score": score} for key, score in value.items()]
    if name == "current_phase" and value is not None:
        return _PHASES[value]
    if isinstance(value, Mapping):
        return {key: _classic(key, inner) for key, inner in value.items()}
    return [_classic("", inner) for inner in value] if isinstance(value, list) else value


def _with_one_score_a_name(name: str, value: Any) -> Any:
    """The newer form is a map, which holds the last score of a name and forgets the others."""
    if isinstance(value, list) and name.endswith("_contributors"):
        return list({one["contributor_name"]: one for one in value}.values())
    if isinstance(value, Mapping):
        return {key: _with_one_score_a_name(key, inner) for key, inner in value.items()}
    return [_with_one_score_a_name("", inner) for inner in value] if isinstance(value, list) else value


@EVERY
def test_a_record_survives_being_sent(model: type[Group]) -> None:
    @QUICKLY
    @given(instance=instance_of(model))
    def survives(instance: Group) -> None:
        sent = json.dump(instance.model_dump(mode="json"))
        again = model.model_validate(json.load(sent))
        assert again == instance
        assert json.dump(again.model_dump(mode="json")) == sent

    survives()


@EVERY
def test_the_newer_form_says_the_same(model: type[Group]) -> None:
    @QUICKLY
    @given(instance=instance_of(model))
    def says_the_same(instance: Group) -> None:
        body = _with_one_score_a_name("", instance.model_dump(mode="json"))
        told = json.load(json.dump(in_current_form(copy.deepcopy(body))))
        assert model.model_validate(_classic("", told)).model_dump(mode="json") == body

    says_the_same()


@EVERY
def test_making_the_newer_form_leaves_the_record_alone(model: type[Group]) -> None:
    @QUICKLY
    @given(instance=instance_of(model))
    def leaves_alone(instance: Group) -> None:
        body = instance.model_dump(mode="json")
        before = copy.deepcopy(body)
        in_current_form(body)
        assert body == before

    leaves_alone()


def test_every_phase_has_a_number_of_its_own() -> None:
    assert len(_PHASES) == len(MenstrualPhase)
