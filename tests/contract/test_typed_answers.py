"""A number of the wrong kind anywhere, and the client hands over raw dictionaries without a word: never here."""

from collections.abc import Iterator
from typing import Any

import pytest
from terra.activity.types.activity_fetch_response_data import ActivityFetchResponseData
from terra.athlete.types.athlete_fetch_response import (
    AthleteFetchResponse_Athlete,
    AthleteFetchResponse_Webhook,
)
from terra.body.types.body_fetch_response_data import BodyFetchResponseData
from terra.core.unchecked_base_model import UncheckedBaseModel
from terra.daily.types.daily_fetch_response_data import DailyFetchResponseData
from terra.menstruation.types.menstruation_fetch_response_data import MenstruationFetchResponseData
from terra.nutrition.types.nutrition_fetch_response_data import NutritionFetchResponseData
from terra.plannedworkout.types.planned_workout_fetch_response_data import PlannedWorkoutFetchResponseData
from terra.sleep.types.sleep_fetch_response_data import SleepFetchResponseData

from tests.contract.clients import open_client, typed
from tests.contract.vendor_documents import EVERYTHING, FIRST, LAST, documents
from tests.fakes.gateway import Company, Gateway

ACCOUNTS = ("ann", "ben", "cleo", "dora")
TYPES = {
    "activity": ActivityFetchResponseData,
    "body": BodyFetchResponseData,
    "daily": DailyFetchResponseData,
    "menstruation": MenstruationFetchResponseData,
    "nutrition": NutritionFetchResponseData,
    "plannedworkout": PlannedWorkoutFetchResponseData,
    "sleep": SleepFetchResponseData,
}
SCOPES = {"plannedworkout": "planned_workout"}
SAMPLES: tuple[dict[str, bool], ...] = ({"with_samples": True}, {"with_samples": False}, {})


def untyped(part: Any, place: str) -> Iterator[str]:
    """The places below `part` where the client's own field holds a raw dictionary."""
    if isinstance(part, dict):
        yield place
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from untyped(item, f"{place}.{number}")
    elif isinstance(part, UncheckedBaseModel):
        for name in type(part).model_fields:
            yield from untyped(getattr(part, name), f"{place}.{name}")


def series(part: Any, name: str = "") -> Iterator[str]:
    """The names of series of measurements that are filled."""
    if isinstance(part, list):
        if name == "samples" or name.endswith("_samples"):
            yield name
        for item in part:
            yield from series(item)
    elif isinstance(part, UncheckedBaseModel):
        for field in type(part).model_fields:
            yield from series(getattr(part, field), field)


@pytest.mark.parametrize("group", TYPES)
async def test_a_month_of_data_comes_back_typed_to_the_last_field(
    gateway: Gateway, company: Company, group: str
) -> None:
    seen = 0
    async with open_client(company, f"{gateway.url}/v2") as terra:
        for account in ACCOUNTS:
            user_id = await gateway.connected(company, account, scopes=EVERYTHING)
            noted = len(documents(account, SCOPES.get(group, group)))
            for samples in SAMPLES if group != "plannedworkout" else ({},):
                answer = typed(
                    await getattr(terra, group).fetch(
                        user_id=user_id,
                        start_date=str(FIRST),
                        end_date=str(LAST),
                        to_webhook=False,
                        **samples,
                    ),
                    TYPES[group],
                )
                assert len(answer.data) == noted
                assert list(untyped(answer, group)) == []
                seen += noted
    assert seen


async def test_series_come_only_to_those_who_ask_for_them(gateway: Gateway, company: Company) -> None:
    user_id = await gateway.connected(company, "ann", scopes=EVERYTHING)
    days = {"user_id": user_id, "start_date": str(FIRST), "end_date": str(LAST), "to_webhook": False}
    async with open_client(company, f"{gateway.url}/v2") as terra:
        for group in ("activity", "body", "daily", "sleep"):
            fetch = getattr(terra, group).fetch
            assert set(series((await fetch(**days, with_samples=True)).data))
            for nothing in ({}, {"with_samples": False}):
                assert list(series((await fetch(**days, **nothing)).data)) == []


async def test_an_athlete_comes_back_typed_here_and_as_a_promise(gateway: Gateway, company: Company) -> None:
    async with open_client(company, f"{gateway.url}/v2") as terra:
        for account in ACCOUNTS:
            user_id = await gateway.connected(company, account, scopes=EVERYTHING)
            answer = typed(
                await terra.athlete.fetch(user_id=user_id, to_webhook=False), AthleteFetchResponse_Athlete
            )
            assert list(untyped(answer, "athlete")) == []
            for choice in ({"to_webhook": True}, {}):
                promise = typed(
                    await terra.athlete.fetch(user_id=user_id, **choice), AthleteFetchResponse_Webhook
                )
                assert promise.reference
                assert promise.user.user_id == user_id
