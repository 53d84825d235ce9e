"""SANDBOX against the simulated vendor itself, over ASGI: what is fetched, written and removed."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from tests.unit.sandbox.walks import EVERYTHING, Walk
from tests.unit.unified import sdk
from wearable_gateway.errors import (
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers.sandbox import PROVIDER
from wearable_gateway.unified.activity import Activity
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.body import Body
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.health_observation import HealthObservation
from wearable_gateway.unified.hormone import HormoneSample
from wearable_gateway.unified.menstruation import Menstruation
from wearable_gateway.unified.nutrition import Nutrition
from wearable_gateway.unified.planned_workout import PlannedWorkout
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.samples import without_samples
from wearable_gateway.unified.sleep import Sleep

from .accounts import DAY, Account, connected

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 29)
MODELS: dict[DataType, type[Group]] = {
    DataType.ACTIVITY: Activity,
    DataType.ATHLETE: Athlete,
    DataType.BODY: Body,
    DataType.DAILY: Daily,
    DataType.HEALTH_OBSERVATION: HealthObservation,
    DataType.HORMONE: HormoneSample,
    DataType.MENSTRUATION: Menstruation,
    DataType.NUTRITION: Nutrition,
    DataType.PLANNED_WORKOUT: PlannedWorkout,
    DataType.SLEEP: Sleep,
}
EVERY = pytest.mark.parametrize("kind", list(DataType))


@EVERY
@pytest.mark.parametrize("name", ["ada", "ann", "bob", "eve"])
async def test_every_record_is_one_that_terras_sdk_reads_as_such(kind: DataType, name: str) -> None:
    walk = Walk()
    account = await connected(walk, name)
    records = await account.read_all(kind, FIRST, LAST)
    assert len({record.key for record in records}) == len(records)
    for record in records:
        assert record.type is kind
        assert kind is DataType.ATHLETE or FIRST <= record.day <= LAST
        _accepted(MODELS[kind], record.body)
    if MODELS[kind] in sdk.ANSWERS and records:
        answer = sdk.answer(MODELS[kind], [record.body for record in records[:3]])
        assert all(isinstance(item, BaseModel) for item in answer.data)


def _accepted(model: type[Group], body: dict[str, Any]) -> None:
    if model in sdk.TYPES:
        sdk.read(model, body)
    assert model.model_validate(body).model_dump(mode="json") == body


@EVERY
async def test_days_beyond_one_call_of_the_vendors_are_all_there(account: Account, kind: DataType) -> None:
    together = await account.read_all(kind, FIRST, LAST)
    halves = [*await account.read_all(kind, FIRST, DAY), *await account.read_all(kind, DAY, LAST)]
    assert {record.key for record in together} == {record.key for record in halves}
    assert together


async def test_the_athlete_is_the_account_whatever_the_days(account: Account) -> None:
    (athlete,) = await account.read_all(DataType.ATHLETE, FIRST, LAST)
    assert athlete.body["provider_user_id"] == account.access.account_id
    assert (await account.read(DataType.ATHLETE)) == [athlete]
    calls = (await account.walk.counters())["calls"]
    assert calls["profile"] == 2


@EVERY
async def test_without_samples_the_same_records_come_without_their_series(
    account: Account, kind: DataType
) -> None:
    full = await account.read_all(kind, FIRST, LAST)
    short = await account.read_all(kind, FIRST, LAST, samples=False)
    assert [record.key for record in short] == [record.key for record in full]
    for one, other in zip(full, short, strict=True):
        assert _sums(one.body) == _sums(other.body)


def _sums(body: dict[str, Any]) -> Any:
    """What is left of a record when neither series nor the groups around them count."""
    return _filled(without_samples(body))


def _filled(node: Any) -> Any:
    if isinstance(node, dict):
        found = {name: _filled(value) for name, value in node.items() if "pos_lat_lng" not in name}
        return {name: value for name, value in found.items() if value is not None} or None
    return node


@EVERY
@pytest.mark.parametrize(
    ("order", "error", "retry_after"),
    [
        ({"status": 202, "retry_after": 9}, ProviderPendingError, 9),
        ({"status": 429, "retry_after": 60}, ProviderLimitError, 60),
        ({"status": 429}, ProviderLimitError, None),
        ({"status": 500}, ProviderUnavailableError, None),
    ],
)
async def test_a_vendor_that_has_no_answer_yet_is_asked_again_later(
    account: Account, kind: DataType, order: dict[str, int], error: type[Exception], retry_after: float | None
) -> None:
    await account.walk.control("fail", endpoint="data", **order)
    with pytest.raises(error) as raised:
        await account.read(kind)
    assert raised.value.retry_after == retry_after  # type: ignore[attr-defined]
    assert await account.read_all(kind, FIRST, LAST)


@EVERY
async def test_a_kind_outside_the_consent_is_refused(kind: DataType) -> None:
    (scope,) = PROVIDER.data_scopes[kind]
    scopes = [other for other in EVERYTHING.split() if other != scope]
    account = await connected(Walk(), scopes=scopes)
    with pytest.raises(ProviderRefusedError) as raised:
        await account.read(kind)
    assert raised.value.status == 403


def test_scopes_and_kinds_are_those_of_the_vendor() -> None:
    assert " ".join(PROVIDER.oauth.scopes) == EVERYTHING
    assert {kind: (kind.value,) for kind in DataType} == dict(PROVIDER.data_scopes)
    assert set(PROVIDER.write_scopes) == {
        *(DataType.ACTIVITY, DataType.BODY, DataType.NUTRITION, DataType.PLANNED_WORKOUT)
    }
    assert set(PROVIDER.write_scopes.values()) == {"write"}
