"""The simulated WHOOP: it answers as the vendor's documentation says."""

from datetime import timedelta
from typing import Any

import pytest

from .accounts import EVERYTHING, TODAY, Account, connected, refresh

API = "/developer/v2"
COLLECTIONS = ["cycle", "recovery", "activity/sleep", "activity/workout"]


async def read(account: Account, path: str, **query: Any) -> Any:
    answer = await account.http.get(f"{API}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", COLLECTIONS)
async def test_a_collection_comes_newest_first_in_pages_and_the_last_names_no_next(
    account: Account, path: str
) -> None:
    page = await read(account, path, limit=25)
    assert len(page["records"]) == 25
    later = await read(account, path, limit=25, nextToken=page["next_token"])
    last = await read(account, path, limit=25, nextToken=later["next_token"])
    assert "next_token" not in last
    times = [record.get("start", record["created_at"]) for record in page["records"] + later["records"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("path", COLLECTIONS)
async def test_ten_are_a_page_unless_more_are_asked_for(account: Account, path: str) -> None:
    assert len((await read(account, path))["records"]) == 10


@pytest.mark.parametrize("path", COLLECTIONS)
@pytest.mark.parametrize(
    "query",
    [
        {"limit": "26"},
        {"limit": "0"},
        {"limit": "many"},
        {"nextToken": "?"},
        {"start": "yesterday"},
        {"start": "2026-11-20T00:00:00"},
        {"start": "2026-11-21T00:00:00Z", "end": "2026-11-20T00:00:00Z"},
    ],
)
async def test_a_question_that_cannot_be_read_is_refused(
    account: Account, path: str, query: dict[str, str]
) -> None:
    assert (await account.http.get(f"{API}/{path}", params=query)).status_code == 400


async def test_the_start_is_counted_in_and_the_end_is_not(account: Account) -> None:
    (run,) = (await read(account, "activity/workout", limit=1))["records"]
    up_to = await read(account, "activity/workout", end=run["start"], limit=1)
    assert up_to["records"][0]["id"] != run["id"]
    since = await read(account, "activity/workout", start=run["end"])
    assert [record["id"] for record in since["records"]] == [run["id"]]


async def test_the_cycle_that_goes_on_has_no_end(account: Account) -> None:
    now, before = (await read(account, "cycle", limit=2))["records"]
    assert "end" not in now
    assert before["end"] == now["start"]


async def test_what_belongs_together_names_each_other(account: Account) -> None:
    (cycle,) = (await read(account, "cycle", limit=1))["records"]
    sleep = await read(account, f"cycle/{cycle['id']}/sleep")
    recovery = await read(account, f"cycle/{cycle['id']}/recovery")
    assert sleep == await read(account, f"activity/sleep/{sleep['id']}")
    assert cycle == await read(account, f"cycle/{cycle['id']}")
    assert (recovery["cycle_id"], recovery["sleep_id"]) == (cycle["id"], sleep["id"])
    assert sleep["cycle_id"] == cycle["id"]


@pytest.mark.parametrize("path", ["cycle/1", "cycle/1/recovery", "cycle/1/sleep", "activity/sleep/x"])
async def test_what_is_not_there_is_not_found(account: Account, path: str) -> None:
    assert (await account.http.get(f"{API}/{path}")).status_code == 404


async def test_a_scope_opens_what_it_names_and_nothing_else() -> None:
    needed = {
        "cycle": "read:cycles",
        "recovery": "read:recovery",
        "activity/sleep": "read:sleep",
        "activity/workout": "read:workout",
        "user/profile/basic": "read:profile",
        "user/measurement/body": "read:body_measurement",
    }
    for path, scope in needed.items():
        others = tuple(one for one in EVERYTHING if one != scope)
        for scopes, status in ((("offline", scope), 200), (others, 401)):
            async with connected(scopes=scopes) as account:
                assert (await account.http.get(f"{API}/{path}")).status_code == status


async def test_a_refresh_that_does_not_ask_for_offline_is_the_last(account: Account) -> None:
    first = (await refresh(account.http, account.tokens["refresh_token"], scope="offline")).json()
    last = (await refresh(account.http, first["refresh_token"])).json()
    assert "access_token" in last
    assert "refresh_token" not in last


async def test_giving_back_is_answered_with_nothing_and_ends_the_notices(account: Account) -> None:
    assert (await account.http.delete(f"{API}/user/access")).status_code == 204
    assert (await account.http.delete(f"{API}/user/access")).status_code == 401
    again = await refresh(account.http, account.tokens["refresh_token"], scope="offline")
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_person_who_withdraws_is_told_of_by_nothing(account: Account) -> None:
    await account.order("revoke", account="ada")
    await account.order("push", account="ada", kind="sleep", date=TODAY.isoformat())
    assert account.told() == []


async def test_a_scored_sleep_is_told_of_with_its_recovery(account: Account) -> None:
    await account.order("push", account="ada", kind="sleep", date=TODAY.isoformat())
    item = account.told()[0]["id"]
    states = [(await read(account, f"activity/sleep/{item}"))["score_state"] for _ in range(2)]
    assert states == ["PENDING_SCORE", "SCORED"]
    assert [told["type"] for told in account.told()] == ["sleep.updated", "sleep.updated", "recovery.updated"]
    assert {told["id"] for told in account.told()} == {item}
    assert len({told["trace_id"] for told in account.told()}) == 3


async def test_a_sync_changes_the_day_it_is_of_and_no_other(account: Account) -> None:
    def strains(records: list[dict[str, Any]]) -> list[float]:
        return [record["score"]["strain"] for record in records]

    # Today's run is not over at noon, so yesterday's is the newest.
    before = strains((await read(account, "activity/workout"))["records"])
    yesterday = TODAY - timedelta(days=1)
    await account.order("push", account="ada", kind="activity", date=yesterday.isoformat())
    await read(account, "activity/workout")
    after = strains((await read(account, "activity/workout"))["records"])
    assert [old == new for old, new in zip(before, after, strict=True)] == [False] + [True] * 9
