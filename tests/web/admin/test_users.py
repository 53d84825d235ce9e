"""Users, bulk jobs and erasures as operators' programs handle them."""

from typing import Any

import httpx
import pytest

from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.bulk.work import work_next
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.admin_tokens import AdminToken

A = "/admin/v1/developers/company-a"
B = "/admin/v1/developers/company-b"


async def _finish(db: Database) -> None:
    while await work_next(db):
        pass


async def test_users_are_listed_page_by_page_and_filtered(
    admin: httpx.AsyncClient, callers: Callers, a: Caller, b: Caller
) -> None:
    made = [await callers.connected(a, f"acc-{number}", f"ann-{number}") for number in range(3)]
    foreign = await callers.connected(b, "acc-1", "ann-1")
    seen, query = [], "limit=2"
    while query:
        page = (await admin.get(f"{A}/users?{query}")).json()
        seen += [user["user_id"] for user in page["users"]]
        query = f"limit=2&after={page['next']}" if page["next"] else ""
    assert seen == made[::-1]
    for query, wanted in (
        ("search=ann-1", [made[1]]),
        (f"search={foreign}", []),
        ("state=paused", []),
        ("without_reference_id=true", []),
        ("silent_days=1&provider=SANDBOX&connected_since=2026-01-01T00:00:00Z", made[::-1]),
        ("connected_until=2026-01-01T00:00:00Z", []),
    ):
        found = (await admin.get(f"{A}/users?{query}")).json()["users"]
        assert [user["user_id"] for user in found] == wanted, query
    refused(await admin.get(f"{A}/users?connected_since=x"), 400, "invalid connected_since")
    refused(await admin.get("/admin/v1/developers/nobody/users"), 404, "developer not found")


async def test_a_user_is_shown_with_a_diagnosis_changed_and_removed(
    admin: httpx.AsyncClient, callers: Callers, a: Caller, b: Caller, issued: tuple[AdminToken, str]
) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    foreign = await callers.connected(b, "acc-ann", "their-ann")
    shown = (await admin.get(f"{A}/users/{user_id}")).json()
    assert shown["user"]["reference_id"] == "ann"
    assert shown["diagnosis"]["verdict"] == "problem"
    assert "no destination" in shown["diagnosis"]["summary"]
    assert "their" not in str(shown)

    changed = await admin.patch(f"{A}/users/{user_id}", json={"reference_id": "ben", "active": False})
    assert (changed.json()["user"]["reference_id"], changed.json()["user"]["state"]) == ("ben", "paused")
    entry, *_ = await audit.history(callers.db.autocommit, a.dev_id, f"connection:{user_id}")
    assert entry.actor == issued[0].actor

    rehearsed = await admin.delete(f"{A}/users/{user_id}", params={"dry_run": "true"})
    assert rehearsed.json()["dry_run"] is True
    for path in (f"{B}/users/{user_id}", f"{A}/users/{foreign}", f"{A}/users/{NOBODY}"):
        for method in ("GET", "PATCH", "DELETE"):
            answer = await admin.request(method, path, json={} if method == "PATCH" else None)
            refused(answer, 404, "user not found")
    removed = await admin.delete(f"{A}/users/{user_id}")
    assert removed.json()["user"]["user_id"] == user_id
    refused(await admin.delete(f"{A}/users/{user_id}"), 404)
    assert (await admin.get(f"{B}/users/{foreign}")).json()["user"]["active"] is True


async def test_a_bulk_job_is_rehearsed_begun_followed_and_read(
    admin: httpx.AsyncClient, callers: Callers, a: Caller
) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    rows = [{"user_id": user_id, "reference_id": "ben"}, {"user_id": NOBODY, "reference_id": "x"}]
    body: dict[str, Any] = {"kind": "assign", "rows": rows}
    for more, dry in (({"dry_run": True, "apply": "good"}, True), ({}, False), ({"apply": "none"}, False)):
        answer = await admin.post(f"{A}/bulk-jobs", json={**body, **more})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["dry_run"], found["good"], found["broken"]) == (dry, 1, 1)
        assert found["problems"][0]["line"] == 2
    assert (await admin.get(f"{A}/bulk-jobs")).json()["jobs"] == []

    begun = await admin.post(f"{A}/bulk-jobs", json={**body, "apply": "good"})
    assert begun.status_code == 202
    path = f"{A}/bulk-jobs/{begun.json()['job']['job_id']}"
    await _finish(callers.db)
    done = (await admin.get(path)).json()["job"]
    assert (done["state"], done["done"], done["broken"]) == ("completed", 1, 1)
    first = (await admin.get(f"{path}/rows", params={"limit": 1})).json()
    assert (first["rows"][0]["state"], first["next"]) == ("done", 1)
    broken = (await admin.get(f"{path}/rows", params={"state": "broken"})).json()
    assert [row["line"] for row in broken["rows"]] == [2]
    assert (await admin.post(f"{path}/cancel")).json()["job"]["state"] == "completed"
    assert (await admin.get(f"{A}/users?search=ben")).json()["users"][0]["user_id"] == user_id
    await callers.company("Company B")
    for method, last in (("GET", ""), ("GET", "/rows"), ("POST", "/cancel")):
        refused(await admin.request(method, path.replace("company-a", "company-b") + last), 404, "bulk job")


async def test_csv_is_taken_as_it_is(admin: httpx.AsyncClient, callers: Callers, a: Caller) -> None:
    await callers.connected(a, "acc-ann", "ann")
    csv = {"content-type": "text/csv"}
    path = f"{A}/bulk-jobs?kind=deauthenticate"
    answer = await admin.post(f"{path}&dry_run=true", content=b"reference_id\nann\n", headers=csv)
    assert answer.json()["good"] == 1, answer.text
    answer = await admin.post(path, content=b"\xef\xbb\xbfreference_id\r\nann\r\n", headers=csv)
    assert answer.status_code == 202
    await _finish(callers.db)
    assert (await admin.get(f"{A}/users")).json()["users"] == []
    for content, query, says in (
        (b"reference_id\n\xff", "kind=deauthenticate", "invalid csv: UTF-8; line 2"),
        (b"x", "kind=dance", "invalid kind"),
        (b"x", "", "invalid kind"),
        (b"x", "kind=assign&dry_run=maybe", "invalid dry_run"),
        (b"x", "kind=assign&colour=blue", "invalid colour"),
    ):
        refused(await admin.post(f"{A}/bulk-jobs?{query}", content=content, headers=csv), 400, says)


@pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": [{}], "csv": "x"}])
async def test_rows_come_in_one_way(admin: httpx.AsyncClient, a: Caller, body: dict[str, Any]) -> None:
    del a
    refused(await admin.post(f"{A}/bulk-jobs", json={"kind": "assign", **body}), 400, "invalid rows")


async def test_a_person_is_forgotten(
    admin: httpx.AsyncClient, callers: Callers, a: Caller, b: Caller
) -> None:
    mine = await callers.connected(a, "acc-ann", "ann")
    theirs = await callers.connected(b, "acc-ann", "ann")
    found = (await admin.post(f"{A}/erasures", json={"reference_id": "ann", "dry_run": True})).json()
    assert (found["user_ids"], found["events"]) == ([mine], 1)
    job = (await admin.post(f"{A}/erasures", json={"reference_id": "ann"})).json()["job"]
    assert (job["kind"], job["reference_id"]) == ("erase", "ann")
    await _finish(callers.db)
    done = (await admin.get(f"{A}/bulk-jobs/{job['job_id']}")).json()["job"]
    assert (done["state"], done["events_erased"]) == ("completed", 1)
    refused(await admin.post(f"{A}/erasures", json={"reference_id": "ann"}), 404, "user not found")
    refused(await admin.post(f"{A}/erasures", json={"reference_id": ""}), 400, "invalid reference_id")
    assert (await admin.get(f"{B}/users/{theirs}")).json()["user"]["active"] is True
