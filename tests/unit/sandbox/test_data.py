from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from wearable_gateway.sandbox.data import day_of, profile_of, sleeps_of, workouts_of
from wearable_gateway.sandbox.kinds import READ_BY_DAY

from .walks import EVERYTHING, Walk

DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(60)]
PROFILES = [profile_of(f"acc_{number}") for number in range(8)]
PATHS = [f"/v1/{kind.name}" for kind in READ_BY_DAY]
NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}


@pytest.mark.parametrize("path", PATHS)
async def test_the_same_account_and_day_always_read_the_same(walk: Walk, path: str) -> None:
    first, second = await walk.connect(asked=EVERYTHING), await Walk().connect(asked=EVERYTHING)
    others = await walk.connect(account="bob", asked=EVERYTHING)
    items = (await walk.get(path, first["access_token"], **NOVEMBER)).json()["items"]
    assert items
    assert (await Walk().get(path, second["access_token"], **NOVEMBER)).status_code == 401
    again = (await walk.get(path, (await walk.connect(asked=EVERYTHING))["access_token"], **NOVEMBER)).json()[
        "items"
    ]
    assert again == items
    assert (await walk.get(path, others["access_token"], **NOVEMBER)).json()["items"] != items


async def test_a_sync_raises_the_revision_and_the_totals_and_keeps_the_ids(walk: Walk) -> None:
    token = (await walk.connect())["access_token"]
    before = await _november(walk, token)
    for _ in range(2):
        await walk.control("push", account="ADA", date="2026-11-21")
    after = await _november(walk, token)
    (old,), (new,) = ([day for day in days if day["date"] == "2026-11-21"] for days in (before[0], after[0]))
    assert (old["revision"], new["revision"]) == (0, 2)
    assert old["steps"] < new["steps"] < old["steps"] * 1.2
    assert [day for day in before[0] if day != old] == [day for day in after[0] if day != new]
    for kind in (1, 2):
        assert [item["id"] for item in before[kind]] == [item["id"] for item in after[kind]]


async def _november(walk: Walk, token: str) -> list[list[dict[str, Any]]]:
    paths = ("/v1/days", "/v1/workouts", "/v1/sleeps")
    return [(await walk.get(path, token, **NOVEMBER)).json()["items"] for path in paths]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.account_id)
def test_days_are_credible(profile: Any) -> None:
    for measured in DAYS:
        day = day_of(profile, measured, 0)
        assert 1500 < day["steps"] < 45_000
        assert 0.5 < day["distance_km"] / day["steps"] * 1000 < 1
        assert 40 < day["resting_heart_rate"] < day["average_heart_rate"] < day["max_heart_rate"] < 205
        assert len(day["heart_rate_series"]) == 96
        assert all(sample["at"].startswith(day["date"]) for sample in day["heart_rate_series"])
        assert all(sample["at"].endswith(day["utc_offset"]) for sample in day["heart_rate_series"])
        done = sum(workout["energy_kj"] for workout in workouts_of(profile, measured, 0))
        assert done < day["active_energy_kj"] < 16_000


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.account_id)
def test_workouts_are_credible(profile: Any) -> None:
    workouts = [workout for day in DAYS for workout in workouts_of(profile, day, 0)]
    assert len(workouts) > len(DAYS) / 4
    assert len({workout["id"] for workout in workouts}) == len(workouts)
    for one, following in pairwise(workouts):
        started, ended = (datetime.fromisoformat(one[name]) for name in ("started_at", "ended_at"))
        assert timedelta(minutes=15) < ended - started < timedelta(hours=3)
        assert ended < datetime.fromisoformat(following["started_at"])
        assert (one["average_heart_rate"] is None) == one["manual"]
        assert one["distance_km"] is None or 0 < one["distance_km"] < 90
        rows = one["series"]
        assert bool(rows) != one["manual"]
        assert all(40 < row["heart_rate"] <= one["max_heart_rate"] for row in rows)
        assert [row["second"] for row in rows] == list(range(0, 15 * len(rows), 15))
        assert not rows or rows[-1]["second"] == (ended - started).total_seconds()
        assert all(("kmh" in row) == (one["distance_km"] is not None) for row in rows[::4])


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.account_id)
def test_nights_are_credible(profile: Any) -> None:
    sleeps = [(day, sleep) for day in DAYS for sleep in sleeps_of(profile, day, 0)]
    assert sum(sleep["nap"] for _, sleep in sleeps) > 0
    for day, sleep in sleeps:
        started, ended = (datetime.fromisoformat(sleep[name]) for name in ("started_at", "ended_at"))
        assert ended.date() == day
        minutes = sum(stage["minutes"] for stage in sleep["stages"])
        assert ended - started == timedelta(minutes=minutes)
        assert sleep["nap"] or 4 * 60 < minutes < 11 * 60
        assert 60 < sleep["efficiency_percent"] < 100
        assert 40 <= sleep["score"] <= 100
        assert sleep["lowest_heart_rate"] < sleep["average_heart_rate"]
        for one, following in pairwise(sleep["stages"]):
            ends = datetime.fromisoformat(one["started_at"]) + timedelta(minutes=one["minutes"])
            assert ends == datetime.fromisoformat(following["started_at"])
