"""The story of a connection as Terra's clients live it: a link, a consent, changes, the end."""

import re
from typing import Any

import pytest
from terra.errors.not_found_error import NotFoundError
from terra.types.terra_user import TerraUser
from terra.user.types.user_get_all_user_i_ds_response_users import UserGetAllUserIDsResponseUsers
from terra.user.types.user_get_info_for_user_id_response_is_authenticated import (
    UserGetInfoForUserIdResponseIsAuthenticated,
)

from tests.contract.clients import typed
from tests.fakes.gateway import Company, Gateway


@pytest.mark.parametrize("choices", [{}, {"reference_id": "ann"}])
async def test_a_user_is_there_from_the_link_on_and_authenticated_after_it(
    gateway: Gateway, terra: Any, choices: dict[str, str]
) -> None:
    begun = await terra.authentication.authenticateuser(resource="SANDBOX", **choices)
    pending = typed(
        await terra.user.getinfoforuserid(user_id=begun.user_id), UserGetInfoForUserIdResponseIsAuthenticated
    )
    assert (pending.is_authenticated, pending.user.active) == (False, False)
    assert (await gateway.end_user().connect(begun.auth_url, "ann")).status_code == 200
    connected = await terra.user.getinfoforuserid(user_id=begun.user_id)
    assert connected.is_authenticated is True
    user = typed(connected.user, TerraUser)
    assert (user.user_id, user.provider, user.active) == (begun.user_id, "SANDBOX", True)
    assert user.reference_id == choices.get("reference_id")
    assert user.scopes == "daily,activity,sleep"


async def test_a_widget_session_is_a_page_that_connects(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    session = await terra.authentication.generatewidgetsession(reference_id="ann")
    person = gateway.end_user()
    page = await person.browser.get(session.url)
    assert company.dev_id.replace("-", " ").title() in page.text
    (start,) = re.findall(r'action="(/connect/[^"]+)"', page.text)
    left = await person.browser.post(gateway.url + start, data={"provider": "SANDBOX"})
    assert left.status_code == 303
    back = await person.browser.get(await person.answer(left.headers["location"], "ann"))
    assert back.status_code == 200
    assert len(await company.users("ann")) == 1


async def test_users_are_listed_whole_by_page_and_by_reference(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    ids = [await gateway.connected(company, account, "ann") for account in ("ann", "ann-2", "ann-3")]

    everyone = typed(await terra.user.getalluserids(), UserGetAllUserIDsResponseUsers)
    assert [typed(user, TerraUser).user_id for user in everyone.users] == ids
    pages = [await terra.user.getalluserids(page=number, per_page=2) for number in (0, 1)]
    assert [[user["user_id"] for user in page.data["results"]] for page in pages] == [ids[:2], ids[2:]]
    assert [(page.data["next"], page.data["max_page"]) for page in pages] == [(1, 1), (None, 1)]

    by_reference = await terra.user.getinfoforuserid(reference_id="ann")
    assert [user["user_id"] for user in by_reference.users] == ids
    assert (await terra.user.getinfoforuserid(reference_id="nobody")).users == []
    many = await terra.user.getinfoformultipleuserids(request=[ids[2], ids[0]])
    assert {user.user_id for user in many} == {ids[2], ids[0]}


async def test_a_user_is_given_to_another_reference_paused_and_removed(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    user_id = await gateway.connected(company, "ann", "ann")
    assert (await terra.user.modifyuser(user_id, reference_id="anna")).user.reference_id == "anna"
    paused = (await terra.user.modifyuser(user_id, active=False)).user
    assert (paused.reference_id, paused.active) == ("anna", False)
    assert (await terra.user.modifyuser(user_id, active=True)).user.active is True
    assert (await terra.authentication.deauthenticateuser(user_id=user_id)).status == "success"
    with pytest.raises(NotFoundError):
        await terra.user.getinfoforuserid(user_id=user_id)
    with pytest.raises(NotFoundError):
        await terra.authentication.deauthenticateuser(user_id=user_id)


async def test_a_token_of_the_front_end_begins_one_flow(
    gateway: Gateway, company: Company, terra: Any
) -> None:
    token = (await terra.authentication.generateauthtoken()).token
    headers = {"dev-id": company.dev_id, "authorization": f"Bearer {token}"}
    person = gateway.end_user().browser
    url = f"{gateway.url}/v2/auth/authenticateUser?resource=SANDBOX"
    assert [(await person.post(url, headers=headers)).status_code for _ in range(2)] == [200, 401]
