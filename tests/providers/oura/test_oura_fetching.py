"""Which documents are asked for, and where they are put, against the simulated vendor."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.providers.oura.accounts import APP, DAY, NOON, URL, connected, simulated
from wearable_gateway.errors import ProviderRefusedError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.notices import Notice, NoticeKind
from wearable_gateway.providers._base.reaching import Access, Ask
from wearable_gateway.providers.oura import PROVIDER
from wearable_gateway.providers.oura.collections import today
from wearable_gateway.providers.oura.heart_rate_days import by_day
from wearable_gateway.unified.records import ALWAYS, DataType, Record

_DATA = "/v2/usercollection"
OXYGEN = {"avg_saturation_percentage": 97.0, "vo2max_ml_per_min_per_kg": 44.0}


@pytest.mark.parametrize("kind", [DataType.DAILY, DataType.SLEEP, DataType.ACTIVITY])
async def test_the_days_asked_for_come_whole_and_no_others(kind: DataType) -> None:
    account = await connected(simulated())
    records = await account.records(kind, DAY - timedelta(days=1), DAY)
    assert {record.day for record in records} == {DAY - timedelta(days=1), DAY}


async def test_today_is_there_although_the_vendor_counts_the_last_day_out() -> None:
    account = await connected(simulated())
    today_there = datetime.fromtimestamp(NOON, UTC).date()
    (record,) = await account.records(DataType.DAILY, today_there, today_there)
    assert record.body["distance_data"]["steps"] > 0


async def test_a_day_holds_what_all_collections_know_of_it() -> None:
    account = await connected(simulated())
    (record,) = await account.records(DataType.DAILY)
    body = record.body
    assert body["metadata"]["start_time"] == "2026-11-20T04:00:00.000000+01:00"
    assert body["scores"]["activity"]
    assert body["scores"]["sleep"]
    assert body["scores"]["recovery"]
    assert body["oxygen_data"]["avg_saturation_percentage"] > 90
    assert body["oxygen_data"]["vo2max_ml_per_min_per_kg"] > 30
    assert body["tag_data"]["tags"][0]["tag_name"] == "tag_generic_sauna"
    pulse = body["heart_rate_data"]["detailed"]["hr_samples"]
    assert [pulse[0]["timestamp"], pulse[-1]["timestamp"]] == [
        "2026-11-20T03:00:00.000000+00:00",
        "2026-11-21T02:00:00.000000+00:00",
    ]


async def test_without_samples_no_pulse_is_asked_for() -> None:
    account = await connected(simulated())
    (day,) = await account.documents(DataType.DAILY, samples=False)
    assert "heartrate" not in day
    assert f"GET {_DATA}/heartrate" not in account.calls()


async def test_only_what_the_scopes_reach_is_asked_for() -> None:
    account = await connected(simulated(), ["spo2", "workout"])
    (day,) = await account.documents(DataType.DAILY)
    activities = await account.documents(DataType.ACTIVITY)
    assert set(day) == {"day", "daily_spo2"}
    assert {one["collection"] for one in activities} == {"workout"}
    assert sum(number for call, number in account.vendor.frame.calls.items() if _DATA in call) == 2


async def test_a_collection_that_is_refused_does_not_cost_the_day() -> None:
    """Which scope it takes is known from clients only, and has changed before."""
    account = await connected(simulated(), ["daily"])
    access = Access(account.access.client, APP, "user-1", frozenset({"daily", "heart_health"}))
    (day,) = await PROVIDER.fetch(access, Ask(DataType.DAILY, DAY, DAY, samples=False))
    assert "daily_activity" in day
    assert "vO2_max" not in day


async def test_a_day_of_which_everything_is_refused_is_refused() -> None:
    account = await connected(simulated(), [])
    access = Access(account.access.client, APP, "user-1", frozenset({"daily", "tag"}))
    with pytest.raises(ProviderRefusedError):
        await PROVIDER.fetch(access, Ask(DataType.DAILY, DAY, DAY, samples=True))


async def test_many_pages_are_read_to_the_last() -> None:
    account = await connected(simulated())
    records = await account.records(DataType.SLEEP, DAY - timedelta(days=119), DAY)
    assert len({record.key for record in records}) == 120
    assert account.vendor.frame.calls[f"GET {_DATA}/sleep"] == 3


@pytest.mark.parametrize("answer", [[], {"data": None}, {}, {"data": [], "next_token": "the same again"}])
async def test_pages_that_hold_nothing_or_do_not_end_are_tried_again_later(answer: Any) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        with pytest.raises(ProviderUnavailableError):
            await PROVIDER.fetch(
                Access(client, APP, "u", frozenset()), Ask(DataType.SLEEP, DAY, DAY, samples=True)
            )


async def test_a_question_the_vendor_does_not_take_is_not_asked_for_ever() -> None:
    account = await connected(simulated())
    with pytest.raises(ProviderRejectedError):
        await account.documents(DataType.SLEEP, DAY, DAY - timedelta(days=30))


async def test_weight_and_height_are_said_of_the_day_they_are_read_on_and_of_no_other() -> None:
    account = await connected(simulated())
    long_ago = await account.documents(DataType.BODY)
    (record,) = await account.records(DataType.BODY, today() - timedelta(days=2), today())
    assert long_ago == []
    assert record.day == today()
    assert record.body["measurements_data"]["measurements"][0]["weight_kg"] == 72.5


async def test_the_athlete_is_of_no_day_and_lists_rings_where_the_scope_is_given() -> None:
    account = await connected(simulated())
    (record,) = await account.records(DataType.ATHLETE)
    assert (record.key, record.day) == ("athlete", ALWAYS)
    assert record.body["provider_user_id"] == account.access.account_id
    assert [device["hardware_version"] for device in record.body["devices"]] == ["gen4"]
    other = await connected(simulated(), ["personal"])
    (bare,) = await other.records(DataType.ATHLETE)
    assert (bare.body["devices"], bare.body["email"], bare.body["age"]) == (None, None, 34)


def notice(collection: str, object_id: str, kind: DataType) -> Notice:
    return Notice(
        key="key",
        kind=NoticeKind.DATA_CHANGED,
        account_id="user-1",
        data_types=(kind,),
        start=DAY - timedelta(days=1),
        end=DAY + timedelta(days=1),
        hints={"collection": collection, "id": object_id},
    )


async def test_a_notice_of_a_night_fetches_that_night_alone() -> None:
    account = await connected(simulated())
    object_id = account.vendor.identifier(account.vendor.person("ann"), "sleep", DAY)
    found = await PROVIDER.fetch_noticed(
        account.access, notice("sleep", object_id, DataType.SLEEP), [DataType.SLEEP]
    )
    assert [one["id"] for one in found[DataType.SLEEP]] == [object_id]
    assert [call for call in account.calls() if _DATA in call] == [f"GET {_DATA}/sleep/{{id}}"]


@pytest.mark.parametrize("collection", ["vo2_max", "enhanced_tag", "daily_stress"])
async def test_a_notice_of_a_part_of_a_day_fetches_that_day_whole(collection: str) -> None:
    account = await connected(simulated())
    name = "vO2_max" if collection == "vo2_max" else collection
    object_id = account.vendor.identifier(account.vendor.person("ann"), name, DAY)
    found = await PROVIDER.fetch_noticed(
        account.access, notice(collection, object_id, DataType.DAILY), [DataType.DAILY]
    )
    assert [one["day"] for one in found[DataType.DAILY]] == [DAY.isoformat()]
    assert {"daily_activity", "daily_sleep", name} <= set(found[DataType.DAILY][0])


async def test_a_tag_that_is_gone_is_missing_from_the_days_around_it() -> None:
    account = await connected(simulated())
    person = account.vendor.person("ann")
    await account.vendor.delete(person, "tag", DAY)
    gone = account.vendor.identifier(person, "enhanced_tag", DAY)
    found = await PROVIDER.fetch_noticed(
        account.access, notice("enhanced_tag", gone, DataType.DAILY), [DataType.DAILY]
    )
    tags = {day["day"]: len(day["enhanced_tag"]) for day in found[DataType.DAILY]}
    assert tags == {"2026-11-19": 1, "2026-11-20": 0, "2026-11-21": 1}
    record = PROVIDER.normalise(DataType.DAILY, found[DataType.DAILY][1])
    assert record is not None
    assert record.body["tag_data"] == {"tags": []}


def pulse(at: str) -> dict[str, Any]:
    return {"timestamp": at, "bpm": 60}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-10-24T02:00:00Z", "2026-10-24"),
        ("2026-10-24T01:59:59Z", "2026-10-23"),
        ("2026-10-25T01:59:59.999Z", "2026-10-24"),
        ("2026-10-25T02:30:00Z", "2026-10-24"),
        ("2026-10-25T03:00:00Z", "2026-10-25"),
        ("2026-10-27T02:59:00Z", "2026-10-26"),
    ],
)
def test_a_pulse_belongs_to_the_24_hours_from_4_in_the_morning(at: str, day: str) -> None:
    """The clocks go back between the two days that are known."""
    days = {
        "2026-10-24": {"daily_activity": {"timestamp": "2026-10-24T04:00:00+02:00"}},
        "2026-10-25": {"daily_activity": {"timestamp": "2026-10-25T04:00:00+01:00"}},
    }
    assert list(by_day([pulse(at)], days)) == [day]


def test_without_any_day_of_activity_a_pulse_is_counted_in_utc() -> None:
    rows = [pulse("2026-10-25T01:59:00Z"), pulse("at night"), {"bpm": 60}, pulse("2026-10-25T01:00:00")]
    assert by_day(rows, {"2026-10-25": {"daily_activity": {"timestamp": "4 a.m."}}}) == {
        "2026-10-25": [rows[0]]
    }


@pytest.mark.parametrize(
    ("scopes", "left"),
    [
        ({"daily", "spo2", "heart_health"}, OXYGEN),
        ({"daily", "spo2"}, OXYGEN | {"vo2max_ml_per_min_per_kg": None}),
        ({"daily", "heart_health"}, OXYGEN | {"avg_saturation_percentage": None}),
        ({"daily"}, None),
    ],
)
def test_saturation_and_fitness_go_to_those_alone_whose_end_user_agreed(
    scopes: set[str], left: dict[str, float] | None
) -> None:
    record = Record(DataType.DAILY, "2026-11-20", date(2026, 11, 20), {"oxygen_data": dict(OXYGEN)})
    limited = PROVIDER.limited_to(record, scopes)
    assert limited is not None
    assert limited.body["oxygen_data"] == left
    assert record.body["oxygen_data"] == OXYGEN


async def test_the_pulse_of_a_month_is_asked_for_in_pieces_that_the_vendor_answers() -> None:
    account = await connected(simulated())
    first = DAY - timedelta(days=30)
    records = await account.records(DataType.DAILY, first, DAY)
    pulse = [
        sample["timestamp"]
        for record in records
        for sample in record.body["heart_rate_data"]["detailed"]["hr_samples"]
    ]
    assert len(records) == 31
    assert len(pulse) == len(set(pulse))
    (shorter,) = await account.records(DataType.DAILY, DAY - timedelta(days=3), DAY - timedelta(days=3))
    (same,) = [record for record in records if record.key == shorter.key]
    assert same.body["heart_rate_data"] == shorter.body["heart_rate_data"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"])
def test_a_pulse_at_no_time_of_a_living_person_is_left_out(at: str) -> None:
    day = {"daily_activity": {"timestamp": "2026-11-20T04:00:00+01:00"}}
    assert by_day([{"bpm": 60, "timestamp": at}], {"2026-11-20": day}) == {}
    assert by_day([{"bpm": 60, "timestamp": at}], {"2026-11-20": {"daily_activity": {"timestamp": at}}}) == {}
