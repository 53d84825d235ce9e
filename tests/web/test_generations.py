"""A developer who chose the newer form gets it everywhere: in events, in answers, in what is accepted."""

from typing import Any

import pytest

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving

DAY = "2026-11-20"
EVERY = (
    "daily",
    "activity",
    "sleep",
    "body",
    "menstruation",
    "nutrition",
    "athlete",
    "planned_workout",
    "hormone",
    "health_observation",
)


async def _company(gateway: Gateway, version: str) -> Company:
    company = await gateway.company(f"Company {version}")
    await gateway.db.autocommit.execute(
        "UPDATE developers SET settings = $2 WHERE dev_id = $1", company.dev_id, {"api_version": version}
    )
    return company


def _cycle(record: dict[str, Any]) -> tuple[type, ...]:
    data = record["menstruation_data"]
    return tuple(type(data[name]) for name in ("cycle_length_days", "is_predicted_cycle", "current_phase"))


@pytest.mark.parametrize(
    ("version", "drink_unit", "cycle"),
    [("classic", str, (str, str, str)), ("current", int, (int, bool, int))],
)
async def test_every_type_comes_in_the_form_that_was_chosen(
    gateway: Gateway, version: str, drink_unit: type, cycle: tuple[type, ...]
) -> None:
    company = await _company(gateway, version)
    # The client reads the classic form alone.
    async with receiving(judged=version == "classic") as server:
        await gateway.destination(company, server.url)
        user_id = await gateway.connected(company, "ann", "ann", scopes=list(EVERY))
        for day in ("2026-11-18", "2026-11-19", DAY):
            await gateway.control("push", account="ann", date=day, kinds=list(EVERY))
        for kind in set(EVERY) - {"activity", "planned_workout", "hormone", "health_observation", "athlete"}:
            await server.wait_for(kind, 3)
        assert len(await server.wait_for("athlete")) == 1
        records = [record for event in server.events("menstruation") for record in event["data"]]
        assert {_cycle(record) for record in records} == {cycle}
        drinks = [
            drink
            for event in server.events("nutrition")
            for record in event["data"]
            for drink in record["drink_samples"] or ()
        ]
        assert {type(drink["drink_unit"]) for drink in drinks} == {drink_unit}

        days = {"user_id": user_id, "start_date": DAY, "end_date": DAY}
        answer = await company.http.get("/v2/menstruation", params={**days, "to_webhook": "false"})
        assert {_cycle(record) for record in answer.json()["data"]} == {cycle}
        accepted = (await company.http.get("/v2/nutrition", params=days)).json()
        assert accepted["type"] == ("webhook" if version == "classic" else "nutrition")
        months = {**days, "start_date": "2026-09-01", "with_samples": "true"}
        for kind in ("menstruation", "nutrition", "body", "plannedWorkout", "activity", "sleep"):
            assert (await company.http.get(f"/v2/{kind}", params=months)).json()["status"] == "processing"
        await server.wait_for("large_request_sending", 6)
        chunks = [one for one in server.events("menstruation") if len(one["data"]) > 1]
        assert {_cycle(record) for chunk in chunks for record in chunk["data"]} == {cycle}
