"""Refusals arrive as the client's own errors, with the keys of both of Terra's generations."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from terra.core.api_error import ApiError
from terra.errors.bad_request_error import BadRequestError
from terra.errors.not_found_error import NotFoundError
from terra.errors.unauthorized_error import UnauthorizedError

from tests.contract.calls import records
from tests.contract.calls.writing import for_user
from tests.contract.clients import open_client
from tests.contract.vendor_documents import EVERYTHING, FIRST, LAST
from tests.fakes.gateway import Company, Gateway

NOBODY = "01a20425-b71b-77e5-9bd9-d8a42cd85b62"
NO_ID = "ann@example.org"
GROUPS = ("activity", "body", "daily", "menstruation", "nutrition", "plannedworkout", "sleep")
DAYS = {"start_date": str(FIRST), "end_date": str(LAST), "to_webhook": False}

Call = Callable[[Any, str], Awaitable[Any]]


def as_told(error: ApiError) -> dict[str, Any]:
    """The body of an error; it has to have what clients of either generation read."""
    body: dict[str, Any] = error.body
    assert body["status"] == "error"
    assert body["message"] == body["detail"]
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["instance"].startswith("/v2/")
    return body


ABOUT_A_USER: dict[str, tuple[type[ApiError], Call]] = {
    "user.getinfoforuserid": (NotFoundError, lambda t, who: t.user.getinfoforuserid(user_id=who)),
    "user.modifyuser": (BadRequestError, lambda t, who: t.user.modifyuser(who, active=False)),
    "authentication.deauthenticateuser": (
        NotFoundError,
        lambda t, who: t.authentication.deauthenticateuser(user_id=who),
    ),
    "athlete.fetch": (NotFoundError, lambda t, who: t.athlete.fetch(user_id=who)),
    **{
        f"{group}.fetch": (
            NotFoundError,
            lambda t, who, group=group: getattr(t, group).fetch(user_id=who, **DAYS),  # type: ignore[misc]
        )
        for group in GROUPS
    },
    "activity.write": (
        NotFoundError,
        lambda t, who: t.activity.write(data=[records.activity("x")], **for_user(who)),
    ),
    "body.write": (NotFoundError, lambda t, who: t.body.write(data=[records.body(80)], **for_user(who))),
    "nutrition.write": (
        NotFoundError,
        lambda t, who: t.nutrition.write(data=[records.nutrition("x")], **for_user(who)),
    ),
    "plannedworkout.write": (
        NotFoundError,
        lambda t, who: t.plannedworkout.write(user_id=who, data=[records.planned_workout("x")]),
    ),
    "body.delete": (NotFoundError, lambda t, who: t.body.delete(user_id=who, log_ids=["x"])),
    "nutrition.delete": (NotFoundError, lambda t, who: t.nutrition.delete(user_id=who, data=["x"])),
    "plannedworkout.delete": (NotFoundError, lambda t, who: t.plannedworkout.delete(user_id=who, data=["x"])),
}
BAD: dict[str, tuple[type[ApiError], Call]] = {
    "neither id": (BadRequestError, lambda t, _: t.user.getinfoforuserid()),
    "an unknown provider": (NotFoundError, lambda t, _: t.authentication.authenticateuser(resource="NOBODY")),
    "a script for an address": (
        BadRequestError,
        lambda t, _: t.authentication.authenticateuser(
            resource="SANDBOX", auth_success_redirect_url="javascript:alert(1)"
        ),
    ),
    "an unknown provider in a widget": (
        BadRequestError,
        lambda t, _: t.authentication.generatewidgetsession(providers="NOBODY"),
    ),
    "a page before the first": (BadRequestError, lambda t, _: t.user.getalluserids(page=-1)),
    "a day that is none": (
        BadRequestError,
        lambda t, who: t.daily.fetch(user_id=who, start_date="2026-02-30", to_webhook=False),
    ),
    "an end before the start": (
        BadRequestError,
        lambda t, who: t.daily.fetch(user_id=who, start_date=str(LAST), end_date=str(FIRST)),
    ),
    "nothing to write": (BadRequestError, lambda t, who: t.body.write(data=[], **for_user(who))),
    "nothing to delete": (BadRequestError, lambda t, who: t.body.delete(user_id=who, log_ids=[])),
    "no ids to delete": (BadRequestError, lambda t, who: t.body.delete(user_id=who)),
}


@pytest.mark.parametrize("who", [NOBODY, NO_ID])
@pytest.mark.parametrize("call", ABOUT_A_USER)
async def test_a_user_nobody_has_is_the_clients_own_error(terra: Any, call: str, who: str) -> None:
    kind, use = ABOUT_A_USER[call]
    with pytest.raises(ApiError) as refused:
        await use(terra, who)
    assert type(refused.value) is kind
    assert "not found" in as_told(refused.value)["message"]


@pytest.mark.parametrize("what", BAD)
async def test_what_cannot_be_done_is_the_clients_own_error(
    gateway: Gateway, company: Company, terra: Any, what: str
) -> None:
    kind, use = BAD[what]
    user_id = await gateway.connected(company, "ann", scopes=EVERYTHING)
    with pytest.raises(ApiError) as refused:
        await use(terra, user_id)
    assert type(refused.value) is kind
    assert as_told(refused.value)["title"] in {"bad request", "not found"}


async def test_users_nobody_has_are_left_out_of_many(gateway: Gateway, company: Company, terra: Any) -> None:
    user_id = await gateway.connected(company, "ann")
    found = await terra.user.getinfoformultipleuserids(request=[NOBODY, user_id, NO_ID])
    assert [user.user_id for user in found] == [user_id]
    assert await terra.user.getinfoformultipleuserids(request=[]) == []


async def test_a_user_of_another_company_is_nobody(gateway: Gateway, company: Company, terra: Any) -> None:
    other = await gateway.company(f"Not {company.dev_id}")
    theirs = await gateway.connected(other, "ann", scopes=EVERYTHING)
    for call, (kind, use) in ABOUT_A_USER.items():
        with pytest.raises(kind) as refused:
            await use(terra, theirs)
        assert "not found" in as_told(refused.value)["message"], call
    assert await terra.user.getinfoformultipleuserids(request=[theirs]) == []


async def test_a_wrong_key_is_the_clients_unauthorized_error(
    gateway: Gateway, company: Company, mode: str
) -> None:
    """Where the client declares it; elsewhere it is its plain error, with the status."""
    stranger = Company(company.dev_id, company.api_key + "x", company.http)
    async with open_client(stranger, f"{gateway.url}/v2", mode=mode) as terra:
        for call in ("daily.fetch", "athlete.fetch", "body.delete"):
            with pytest.raises(UnauthorizedError) as refused:
                await ABOUT_A_USER[call][1](terra, NOBODY)
            as_told(refused.value)
        with pytest.raises(ApiError) as plain:
            await terra.user.getalluserids()
        assert (type(plain.value), plain.value.status_code) == (ApiError, 401)
        as_told(plain.value)


async def test_what_the_end_user_did_not_share_is_forbidden(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    user_id = await gateway.connected(company, "ann", scopes=["daily"])
    for call in ("sleep.fetch", "athlete.fetch", "body.write", "body.delete"):
        with pytest.raises(ApiError) as refused:
            await ABOUT_A_USER[call][1](terra, user_id)
        assert (type(refused.value), refused.value.status_code) == (ApiError, 403)
        assert "no permissions" in as_told(refused.value)["message"]
