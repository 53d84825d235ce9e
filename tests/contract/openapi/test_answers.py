"""Answers with all there is in them: nothing made up by chance gets that far."""

from typing import Any

import httpx
import pytest
import schemathesis

from tests.contract.openapi.fuzzing import World
from tests.contract.openapi.operations import OPERATIONS
from tests.contract.vendor_documents import DAYS
from tests.providers.test_sandbox_writing import ACTIVITY, BODY, NUTRITION, PLAN
from wearable_gateway.developers.settings import ApiVersion

RANGES = {
    "getActivity": "activity",
    "getBody": "body",
    "getDaily": "daily",
    "getMenstruation": "menstruation",
    "getNutrition": "nutrition",
    "getPlannedWorkouts": "plannedWorkout",
    "getSleep": "sleep",
}
ITEMS = {"activity": ACTIVITY, "body": BODY, "nutrition": NUTRITION, "plannedWorkout": PLAN}
VERSIONS = pytest.mark.parametrize("version", ApiVersion)


def check(world: World, path: str, answer: httpx.Response) -> None:
    """Raises when the document does not tell of such an answer."""
    schema = schemathesis.openapi.from_dict(world.document)
    schema[path][answer.request.method].validate_response(answer)


async def _get(world: World, kind: str, **params: Any) -> httpx.Response:
    answer = await world.company.http.get(f"/v2/{kind}", params={"user_id": world.user_id, **params})
    assert answer.status_code == 200, answer.text
    check(world, f"/v2/{kind}", answer)
    return answer


@VERSIONS
@pytest.mark.parametrize("operation_id", RANGES)
async def test_a_month_of_data_with_its_samples_is_as_the_document_says(
    world: World, operation_id: str, version: ApiVersion
) -> None:
    await world.restore(api_version=version)
    assert "data" in OPERATIONS[operation_id]["tags"]
    days = {"start_date": DAYS[0].isoformat(), "end_date": DAYS[-1].isoformat()}
    samples = {} if operation_id == "getPlannedWorkouts" else {"with_samples": "true"}
    answer = await _get(world, RANGES[operation_id], to_webhook="false", **days, **samples)
    assert len(answer.json()["data"]) > 1


@VERSIONS
async def test_everything_else_that_asking_can_lead_to_is_as_the_document_says(
    world: World, version: ApiVersion
) -> None:
    await world.restore(api_version=version)
    assert (await _get(world, "athlete", to_webhook="false")).json()["athlete"]
    day = {"start_date": "2026-11-20", "end_date": "2026-11-20"}
    accepted = (await _get(world, "daily", **day)).json()
    assert accepted["type"] == ("webhook" if version is ApiVersion.CLASSIC else "daily")
    large = await _get(world, "daily", start_date="2026-08-01", end_date="2026-10-31")
    assert large.json()["type"] == "large_request_processing"
    for status, kind in ((429, "rate_limit"), (202, "processing")):
        await world.gateway.control("fail", endpoint="data", status=status, times=1, retry_after=17)
        assert (await _get(world, "daily", to_webhook="false", **day)).json()["type"] == kind
    looked = await world.company.http.get(f"/v2/dataRequests/{large.json()['reference']}")
    assert len(looked.json()["windows"]) > 1
    check(world, "/v2/dataRequests/{reference}", looked)


@pytest.mark.parametrize("kind", ITEMS)
async def test_what_is_written_and_removed_is_answered_as_the_document_says(world: World, kind: str) -> None:
    await world.restore()
    user = {"user_id": world.user_id}
    http, path = world.company.http, f"/v2/{kind}"
    written = await http.post(path, params=user, json={"data": [ITEMS[kind], ITEMS[kind]]})
    assert written.status_code == 201, written.text
    check(world, path, written)
    if kind != "activity":
        ids = written.json()["log_ids"]
        for status in (200, 207):
            removed = await http.request("DELETE", path, params=user, json={"log_ids": ids})
            assert removed.status_code == status, removed.text
            check(world, path, removed)


async def test_connections_in_every_state_are_as_the_document_says(world: World) -> None:
    await world.restore()
    http = world.company.http
    for params in (
        {"user_id": world.user_id},
        {"user_id": world.pending_user_id},
        {"reference_id": "ann"},
        {"reference_id": "nobody"},
    ):
        answer = await http.get("/v2/userInfo", params=params)
        assert answer.status_code == 200
        check(world, "/v2/userInfo", answer)
