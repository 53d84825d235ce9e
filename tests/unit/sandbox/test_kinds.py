"""What every kind of data has in common: scopes, days, detail; and that its numbers are credible."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from wearable_gateway.sandbox.data import account_of, body_of, cycles_of, diary_of, hormones_of, profile_of
from wearable_gateway.sandbox.data.people import person_of
from wearable_gateway.sandbox.kinds import READ_BY_DAY, Kind

from .walks import EVERYTHING, Walk

DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(60)]
PROFILES = [profile_of(f"acc_{number}") for number in range(8)]
EVERY = pytest.mark.parametrize("kind", READ_BY_DAY, ids=lambda kind: kind.name)
OTHERS = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.account_id)


@EVERY
async def test_a_kind_can_be_read_with_its_own_scope_and_no_other(walk: Walk, kind: Kind) -> None:
    days = {"from": "2026-11-01", "to": "2026-11-30"}
    only = (await walk.connect(asked=EVERYTHING, scopes=[kind.scope]))["access_token"]
    assert (await walk.get(f"/v1/{kind.name}", only, **days)).json()["items"]
    others = [scope for scope in EVERYTHING.split() if scope != kind.scope]
    without = (await walk.connect(asked=EVERYTHING, scopes=others))["access_token"]
    refused = await walk.get(f"/v1/{kind.name}", without, **days)
    assert (refused.status_code, refused.json()) == (403, {"error": "insufficient_scope"})


@EVERY
async def test_days_read_together_are_those_read_one_by_one(walk: Walk, kind: Kind) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    days = [f"2026-11-{number:02}" for number in range(9, 16)]
    together = await walk.items(f"/v1/{kind.name}", token, days[0], days[-1])
    one_by_one = [item for day in days for item in await walk.items(f"/v1/{kind.name}", token, day, day)]
    assert together == one_by_one


@EVERY
async def test_a_summary_is_the_whole_without_its_series(walk: Walk, kind: Kind) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    read = (f"/v1/{kind.name}", token, "2026-11-01", "2026-11-30")
    full, summary = await walk.items(*read, detail="full"), await walk.items(*read, detail="summary")
    assert full == await walk.items(*read)
    assert summary == [
        {name: value for name, value in item.items() if name not in kind.series} for item in full
    ]
    assert (summary == full) == (not kind.series)


@EVERY
async def test_another_detail_is_refused(walk: Walk, kind: Kind) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    days = {"from": "2026-11-01", "to": "2026-11-01"}
    assert (await walk.get(f"/v1/{kind.name}", token, **days, detail="some")).status_code == 400


@EVERY
async def test_a_sync_keeps_every_id(walk: Walk, kind: Kind) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    read = (f"/v1/{kind.name}", token, "2026-11-01", "2026-11-30")
    before = await walk.items(*read)
    for number in range(1, 31):
        await walk.control("push", account="ada", date=f"2026-11-{number:02}")
    after = await walk.items(*read)
    assert [item.get("id", item.get("date")) for item in after] == [
        item.get("id", item.get("date")) for item in before
    ]
    assert {item["revision"] for item in before} == {0}
    assert {item["revision"] for item in after} == {1}


async def test_the_profile_is_of_the_account_and_needs_its_scope(walk: Walk) -> None:
    tokens = await walk.connect(asked=EVERYTHING)
    profile = (await walk.get("/v1/profile", tokens["access_token"])).json()
    assert profile["account_id"] == tokens["account_id"]
    assert profile["email"].endswith("@sandbox.example")
    assert (await Walk().connect(asked=EVERYTHING))["account_id"] == tokens["account_id"]
    bobs = (await walk.connect(account="bob", asked=EVERYTHING))["access_token"]
    assert (await walk.get("/v1/profile", bobs)).json() != profile
    narrow = (await walk.connect(asked=EVERYTHING, scopes=["daily", "write"]))["access_token"]
    assert (await walk.get("/v1/profile", narrow)).status_code == 403


def test_a_person_grows_a_year_older_on_their_birthday() -> None:
    born_on = person_of(PROFILES[0]).born_on
    birthday = born_on.replace(year=2026)
    ages = [account_of(PROFILES[0], birthday + timedelta(days=days))["age"] for days in (-1, 0)]
    assert ages == [2025 - born_on.year, 2026 - born_on.year]


@OTHERS
def test_bodies_are_credible(profile: Any) -> None:
    for day in DAYS:
        body = body_of(profile, day, 0)
        assert all(38_000 < weighed["weight_g"] < 130_000 for weighed in body["weigh_ins"])
        assert all(1.5 < weighed["height_m"] < 1.95 for weighed in body["weigh_ins"])
        assert all(0.1 < weighed["fat_share"] < 0.4 for weighed in body["weigh_ins"])
        assert all(
            60 < read["diastolic_mmhg"] + 15 < read["systolic_mmhg"] < 150 for read in body["blood_pressures"]
        )
        assert len(body["glucose_series"]) == 96
        assert all(3.5 < read["mmol_per_l"] < 11 for read in body["glucose_series"])
        assert 4.5 < body["glucose_average_mmol_per_l"] < 8
        assert all(90 < read["fahrenheit"] < 100 for read in body["temperature_series"])
        assert 1 < body["water_l"] < 3
        for name in ("weigh_ins", "blood_pressures", "glucose_series", "temperature_series"):
            assert all(read["at"].startswith(body["date"]) for read in body[name])
            assert all(read["at"].endswith(body["utc_offset"]) for read in body[name])


@OTHERS
def test_meals_are_credible_and_add_up(profile: Any) -> None:
    for day in DAYS:
        diary = diary_of(profile, day, 0)
        assert [meal["occasion"] for meal in diary["meals"]] == ["breakfast", "lunch", "snack", "dinner"]
        energy = sum(meal["nutrients"]["energy_kj"] for meal in diary["meals"])
        assert diary["totals"]["nutrients"]["energy_kj"] == pytest.approx(energy)
        assert 5000 < energy < 11_000
        water = sum(drink["ml"] for drink in diary["drinks"] if drink["name"] == "Water")
        assert diary["totals"]["water_ml"] == water


def test_some_people_have_a_cycle_and_the_others_no_such_data() -> None:
    having = {profile.account_id: person_of(profile).has_cycle for profile in PROFILES}
    assert set(having.values()) == {True, False}
    for profile in PROFILES:
        cycles = [item for day in DAYS for item in cycles_of(profile, day, 0)]
        hormones = [item for day in DAYS for item in hormones_of(profile, day, 0)]
        assert bool(cycles) == bool(hormones) == having[profile.account_id]


def test_cycles_follow_each_other_day_by_day() -> None:
    profile = next(profile for profile in PROFILES if person_of(profile).has_cycle)
    (before,), *following = [cycles_of(profile, day, 0) for day in DAYS]
    for (now,) in following:
        ended = before["cycle_day"] == before["cycle_days"]
        assert now["cycle_day"] == (1 if ended else before["cycle_day"] + 1)
        assert (now["phase"] != before["phase"]) == (before["days_to_next_phase"] == 1)
        assert 20 < now["cycle_days"] < 40
        assert bool(now["flow"]) == (now["phase"] == "bleeding")
        assert now["phases"][0]["phase"] == "bleeding"
        assert now["fertile_from"] < now["ovulates_on"] == now["fertile_until"]
        before = now


def test_tests_of_hormones_show_a_surge_before_ovulation() -> None:
    profile = next(profile for profile in PROFILES if person_of(profile).has_cycle)
    for day in DAYS:
        for test in hormones_of(profile, day, 0):
            (cycle,) = cycles_of(profile, day, 0)
            to_ovulation = (date.fromisoformat(cycle["ovulates_on"]) - day).days
            assert (test["lh_iu_per_l"] > 20) == (to_ovulation in {0, 1})
            assert datetime.fromisoformat(test["taken_at"]).date() == day
