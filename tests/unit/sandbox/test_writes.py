"""What clients add: read back with the day, told, removed, and refused when it makes no sense."""

from typing import Any

import pytest

from .walks import EVERYTHING, Walk

DAY = "2026-11-21"
AT = f"{DAY}T07:30:00+01:00"
WORKOUT: dict[str, Any] = {
    "started_at": AT,
    "ended_at": f"{DAY}T08:00:00+01:00",
    "sport": "rowing",
    "title": "On the lake",
    "distance_km": 6.1,
    "energy_kj": 1210.5,
    "series": [{"second": 0, "heart_rate": 101}, {"second": 60, "heart_rate": 131, "kmh": 12.1}],
}
MEASURED: dict[str, Any] = {
    "started_at": AT,
    "weigh_ins": [{"at": AT, "weight_g": 71_200, "fat_share": 0.214}],
    "blood_pressures": [{"at": AT, "systolic_mmhg": 118, "diastolic_mmhg": 76}],
    "glucose_series": [{"at": AT, "mmol_per_l": 20.0}],
    "temperature_series": [{"at": AT, "place": "mouth", "fahrenheit": 98.2}],
    "water_l": 0.5,
}
EATEN: dict[str, Any] = {
    "started_at": AT,
    "meals": [{"at": AT, "name": "Muesli", "occasion": "breakfast", "nutrients": {"energy_kj": 1500}}],
    "drinks": [{"at": AT, "name": "Water", "ml": 300}, {"at": AT, "name": "Tea", "ml": 200}],
}
PLAN: dict[str, Any] = {
    "starts_at": AT,
    "sport": "ride",
    "title": "Hills",
    "steps": [{"times": 3, "steps": [{"effort": "hard", "lasts": {"seconds": 60}}]}],
}
EVERY: list[tuple[str, dict[str, Any]]] = [
    ("workouts", WORKOUT),
    ("body", MEASURED),
    ("meals", EATEN),
    ("plans", PLAN),
]


@pytest.fixture
async def token(walk: Walk) -> str:
    return str((await walk.connect(asked=EVERYTHING))["access_token"])


async def add(walk: Walk, token: str, name: str, item: Any) -> str:
    answer = await walk.post(f"/v1/{name}", token, item)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("name", ["workouts", "plans"])
async def test_an_added_item_stands_beside_those_of_its_day(walk: Walk, token: str, name: str) -> None:
    before = await walk.items(f"/v1/{name}", token, "2026-11-20", "2026-11-22")
    added = await add(walk, token, name, dict(EVERY)[name])
    after = await walk.items(f"/v1/{name}", token, "2026-11-20", "2026-11-22")
    (item,) = [item for item in after if item not in before]
    assert [item for item in after if item["id"] != added] == before
    assert item["id"] == added
    assert item["title"] == dict(EVERY)[name]["title"]
    assert item in await walk.items(f"/v1/{name}", token, DAY, DAY)


async def test_added_measurements_are_part_of_their_day(walk: Walk, token: str) -> None:
    (before,) = await walk.items("/v1/body", token, DAY, DAY)
    await add(walk, token, "body", MEASURED)
    (after,) = await walk.items("/v1/body", token, DAY, DAY)
    for name in ("weigh_ins", "blood_pressures", "glucose_series", "temperature_series"):
        assert after[name] == before[name] + MEASURED[name]
    assert after["water_l"] == pytest.approx(before["water_l"] + 0.5)
    assert after["glucose_average_mmol_per_l"] > before["glucose_average_mmol_per_l"]
    assert after["glucose_in_range_share"] < before["glucose_in_range_share"]
    assert after["revision"] == before["revision"]


async def test_added_meals_are_part_of_their_day_and_its_totals(walk: Walk, token: str) -> None:
    (before,) = await walk.items("/v1/meals", token, DAY, DAY)
    added = await add(walk, token, "meals", EATEN)
    (after,) = await walk.items("/v1/meals", token, DAY, DAY)
    assert after["meals"] == [*before["meals"], {**EATEN["meals"][0], "id": f"{added}-1"}]
    assert after["totals"]["water_ml"] == before["totals"]["water_ml"] + 300
    assert after["totals"]["other_drinks_ml"] == before["totals"]["other_drinks_ml"] + 200
    energies = [day["totals"]["nutrients"]["energy_kj"] for day in (before, after)]
    assert energies[1] == pytest.approx(energies[0] + 1500)


@pytest.mark.parametrize(("name", "item"), EVERY[1:])
async def test_a_removed_item_leaves_its_day_as_it_was(walk: Walk, token: str, name: str, item: Any) -> None:
    before = await walk.items(f"/v1/{name}", token, DAY, DAY)
    added = await add(walk, token, name, item)
    assert (await walk.delete(f"/v1/{name}/{added}", token)).status_code == 204
    assert await walk.items(f"/v1/{name}", token, DAY, DAY) == before
    again = await walk.delete(f"/v1/{name}/{added}", token)
    assert (again.status_code, again.json()) == (404, {"error": "not_found"})


async def test_a_workout_that_happened_cannot_be_removed(walk: Walk, token: str) -> None:
    added = await add(walk, token, "workouts", WORKOUT)
    assert (await walk.delete(f"/v1/workouts/{added}", token)).status_code == 404


async def test_nothing_of_another_account_or_kind_or_of_the_wearable_can_be_removed(
    walk: Walk, token: str
) -> None:
    bobs = (await walk.connect(account="bob", asked=EVERYTHING))["access_token"]
    added = await add(walk, token, "meals", EATEN)
    measured = (await walk.items("/v1/meals", token, DAY, DAY))[0]["meals"][0]["id"]
    for path, who in (
        (f"/v1/meals/{added}", bobs),
        (f"/v1/body/{added}", token),
        (f"/v1/plans/{added}", token),
        (f"/v1/meals/{measured}", token),
        ("/v1/meals/%2e%2e", token),
    ):
        assert (await walk.delete(path, who)).status_code == 404
    assert len((await walk.items("/v1/meals", token, DAY, DAY))[0]["meals"]) == 5


@pytest.mark.parametrize(("name", "item"), EVERY)
async def test_writing_needs_its_own_scope(walk: Walk, name: str, item: Any) -> None:
    reading = [scope for scope in EVERYTHING.split() if scope != "write"]
    token = (await walk.connect(asked=EVERYTHING, scopes=reading))["access_token"]
    for refused in (
        await walk.post(f"/v1/{name}", token, item),
        *([await walk.delete(f"/v1/{name}/x_1", token)] if name != "workouts" else []),
    ):
        assert (refused.status_code, refused.json()) == (403, {"error": "insufficient_scope"})
    writer = (await walk.connect(asked=EVERYTHING, scopes=["write"]))["access_token"]
    assert (await walk.post(f"/v1/{name}", writer, item)).status_code == 201
    assert (await walk.post(f"/v1/{name}", "nobody", item)).status_code == 401


@pytest.mark.parametrize(("name", "item"), EVERY)
@pytest.mark.parametrize(
    "change",
    [
        None,
        {},
        [],
        "item",
        {"started_at": None, "starts_at": None},
        {"started_at": "yesterday", "starts_at": "yesterday"},
        {"started_at": "0001-01-01T00:00:00Z", "starts_at": "0001-01-01T00:00:00Z"},
    ],
)
async def test_an_item_that_cannot_be_understood_is_refused(
    walk: Walk, token: str, name: str, item: dict[str, Any], change: Any
) -> None:
    broken = item | change if isinstance(change, dict) and change else change
    refused = await walk.post(f"/v1/{name}", token, broken)
    assert (refused.status_code, refused.json()["error"]) == (422, "invalid_item")
    assert walk.app.state.vendor.state.written == {}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\\ud800"', b"[" * 5000])
async def test_a_body_that_is_no_json_is_refused(walk: Walk, token: str, body: bytes) -> None:
    for name, _ in EVERY:
        refused = await walk.http.post(
            f"/v1/{name}", content=body, headers={"authorization": f"Bearer {token}"}
        )
        assert refused.status_code == 422


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("workouts", {"distance_km": -1}),
        ("workouts", {"ended_at": "2026-11-21T07:29:59+01:00"}),
        ("workouts", {"series": [{"second": 0, "lat": 123}]}),
        ("body", {"weigh_ins": [{"at": AT, "fat_share": 21.4}]}),
        ("body", {"weigh_ins": [{"weight_g": 70_000}]}),
        ("body", {"temperature_series": [{"at": AT, "place": "oven", "fahrenheit": 400}]}),
        ("meals", {"meals": [{"at": AT}]}),
        ("meals", {"meals": [{"at": AT, "name": "Soup", "nutrients": {"Salt!": 1}}]}),
        ("plans", {"steps": [{"times": 0}]}),
    ],
)
async def test_a_value_that_makes_no_sense_is_refused(
    walk: Walk, token: str, name: str, change: dict[str, Any]
) -> None:
    refused = await walk.post(f"/v1/{name}", token, dict(EVERY)[name] | change)
    assert refused.status_code == 422
    assert next(iter(change)) in refused.json()["error_description"]


async def test_only_the_start_is_needed(walk: Walk, token: str) -> None:
    for name, field in (("workouts", "started_at"), ("body", "started_at"), ("meals", "started_at")):
        await add(walk, token, name, {field: AT})
    await add(walk, token, "plans", {"starts_at": AT})


async def test_a_time_without_an_offset_is_on_the_clock_of_the_account(walk: Walk, token: str) -> None:
    (day,) = await walk.items("/v1/days", token, DAY, DAY)
    added = await add(walk, token, "workouts", {"started_at": f"{DAY}T23:59:00"})
    items = await walk.items("/v1/workouts", token, DAY, DAY)
    (item,) = [item for item in items if item["id"] == added]
    assert item["started_at"] == item["ended_at"] == f"{DAY}T23:59:00{day['utc_offset']}"


async def test_a_huge_item_is_refused(walk: Walk, token: str) -> None:
    rows = [{"second": second, "heart_rate": 120} for second in range(5000)]
    assert (await walk.post("/v1/workouts", token, WORKOUT | {"series": rows})).status_code == 201
    assert (await walk.post("/v1/workouts", token, WORKOUT | {"series": rows * 10})).status_code == 413
