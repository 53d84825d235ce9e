"""`client.user` and `client.integrations`."""

from datetime import datetime

from terra.integrations.types.integrations_fetch_response import IntegrationsFetchResponse
from terra.types.integration_provider import IntegrationProvider
from terra.types.integrations_response import IntegrationsResponse
from terra.types.terra_user import TerraUser
from terra.user.types.user_get_all_user_i_ds_response_users import UserGetAllUserIDsResponseUsers
from terra.user.types.user_get_info_for_user_id_response_is_authenticated import (
    UserGetInfoForUserIdResponseIsAuthenticated,
)
from terra.user.types.user_modify_user_response import UserModifyUserResponse

from tests.contract.calls.using import Case, Using
from tests.contract.clients import typed
from tests.contract.vendor_documents import EVERYTHING


async def getinfoforuserid(using: Using) -> None:
    user_id = await using.connected("ann")
    answer = typed(
        await using.terra.user.getinfoforuserid(user_id=user_id), UserGetInfoForUserIdResponseIsAuthenticated
    )
    assert (answer.status, answer.is_authenticated) == ("success", True)
    user = typed(answer.user, TerraUser)
    assert (user.user_id, user.provider, user.reference_id, user.active) == (user_id, "SANDBOX", "ann", True)
    assert user.scopes.split(",") == EVERYTHING
    assert datetime.fromisoformat(user.created_at).tzinfo


async def getalluserids(using: Using) -> None:
    user_id = await using.connected("ann")
    answer = typed(await using.terra.user.getalluserids(), UserGetAllUserIDsResponseUsers)
    (user,) = answer.users
    assert typed(user, TerraUser).user_id == user_id


async def getinfoformultipleuserids(using: Using) -> None:
    user_id = await using.connected("ann")
    (user,) = await using.terra.user.getinfoformultipleuserids(request=[user_id])
    assert typed(user, TerraUser).user_id == user_id


async def modifyuser(using: Using) -> None:
    user_id = await using.connected("ann")
    answer = typed(
        await using.terra.user.modifyuser(user_id, reference_id="anna", active=False), UserModifyUserResponse
    )
    assert answer.status == "success"
    user = typed(answer.user, TerraUser)
    assert (user.user_id, user.reference_id, user.active) == (user_id, "anna", False)


async def integrations_fetch(using: Using) -> None:
    answer = typed(await using.terra.integrations.fetch(), IntegrationsFetchResponse)
    assert answer.status == "success"
    assert "SANDBOX" in answer.providers
    assert answer.sdk_resource == answer.sdk_providers == []


async def integrations_detailedfetch(using: Using) -> None:
    answer = typed(await using.terra.integrations.detailedfetch(), IntegrationsResponse)
    assert answer.status == "success"
    (sandbox,) = [one for one in answer.providers if one.provider == "SANDBOX"]
    assert typed(sandbox, IntegrationProvider).enabled is True
    assert (sandbox.name, sandbox.setup) == ("Sandbox Wearables", "API_KEYS_MANAGED")
    assert sandbox.icon.startswith(using.gateway.url)
    assert all(sandbox.types.model_dump().values())
    assert (await using.terra.integrations.detailedfetch(sdk=True)).providers == []


CASES: dict[str, Case] = {
    "user.getinfoforuserid": getinfoforuserid,
    "user.getalluserids": getalluserids,
    "user.getinfoformultipleuserids": getinfoformultipleuserids,
    "user.modifyuser": modifyuser,
    "integrations.fetch": integrations_fetch,
    "integrations.detailedfetch": integrations_detailedfetch,
}
