"""What stands behind the question mark: a misspelt word is refused, so that nothing is done in earnest by mistake."""

import httpx
import pytest

from tests.web.callers import NOBODY, Caller, Callers, refused

DEVELOPER = "/admin/v1/developers/company-a"


@pytest.mark.parametrize("misspelt", ["dryrun=true", "dry-run=true", "DRY_RUN=true", "dry_run=true&x"])
async def test_a_misspelt_dry_run_removes_nothing(
    a: Caller, callers: Callers, admin: httpx.AsyncClient, misspelt: str
) -> None:
    user_id = await callers.connected(a, "acc-1", "ann")
    answer = await admin.delete(f"{DEVELOPER}/users/{user_id}?{misspelt}")
    refused(answer, 400, "this call has no such parameter in its query; it takes dry_run")
    assert (await admin.get(f"{DEVELOPER}/users/{user_id}")).status_code == 200


async def test_a_dry_run_of_many_stands_in_the_body(
    a: Caller, callers: Callers, admin: httpx.AsyncClient
) -> None:
    user_id = await callers.connected(a, "acc-1", "ann")
    path = f"{DEVELOPER}/bulk-jobs"
    begun = await admin.post(
        path, params={"dry_run": "true"}, json={"kind": "pause", "rows": [{"user_id": user_id}]}
    )
    refused(begun, 400, "invalid 'dry_run': this call has no such parameter in its query; it takes none")
    person = await admin.post(
        f"{DEVELOPER}/erasures", params={"dry_run": "true"}, json={"reference_id": "ann"}
    )
    refused(person, 400, "invalid 'dry_run'")
    assert (await admin.get(path)).json()["jobs"] == []
    as_csv = await admin.post(
        path,
        params={"kind": "pause", "dry_run": "true"},
        content=f"user_id\n{user_id}\n",
        headers={"content-type": "text/csv"},
    )
    assert as_csv.json()["dry_run"] is True


@pytest.mark.parametrize(
    "path",
    [
        "/admin/v1/developers",
        "/admin/v1/tokens",
        "/admin/v1/accounts",
        "/admin/v1/audit",
        "/admin/v1/overview",
        "/admin/v1/operators",
        "/admin/v1/provider-apps",
        f"{DEVELOPER}/settings",
        f"{DEVELOPER}/users",
        f"{DEVELOPER}/events/log",
        f"{DEVELOPER}/destinations",
    ],
)
async def test_a_filter_that_there_is_not_is_refused(a: Caller, admin: httpx.AsyncClient, path: str) -> None:
    del a
    assert (await admin.get(path)).status_code == 200
    refused(await admin.get(path, params={"lim\x00it": "1"}), 400, "no such parameter in its query")


async def test_who_may_not_call_learns_no_parameters(callers: Callers, a: Caller) -> None:
    del a
    async with callers.http(authorization="Bearer nobody") as stranger:
        refused(await stranger.get(f"{DEVELOPER}/users?x=1"), 401)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/v1/tokens",
        "/admin/v1/accounts",
        "/admin/v1/audit",
        f"{DEVELOPER}/users",
        f"{DEVELOPER}/bulk-jobs",
        f"{DEVELOPER}/audit",
        f"{DEVELOPER}/events/log",
        f"/admin/v1/accounts/{NOBODY}",
    ],
)
@pytest.mark.parametrize("after", ["x", "a\x00b", "", "9" * 100])
async def test_a_place_that_no_page_named_is_refused_as_such(
    a: Caller, admin: httpx.AsyncClient, path: str, after: str
) -> None:
    del a
    refused(
        await admin.get(path, params={"after": after}), 400, "invalid after: the `next` of the page before"
    )
