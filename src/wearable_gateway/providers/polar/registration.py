"""An account that consented has to be registered with the app before it can be asked for anything.

https://www.polar.com/accesslink-api/#register-user
"""

import hmac

import httpx

from wearable_gateway.errors import ProviderRejectedError
from wearable_gateway.providers._base.client import get_json, post_json
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.polar.document import SLUG, with_one_spelling


def member_id(app: AppAccess, user_id: str) -> str:
    """What the vendor is to call the account by: the same for all who link it, and telling nobody's name."""
    return hmac.digest(app.notice_secret.encode(), f"member/{user_id}".encode(), "sha256").hex()[:32]


async def register(client: httpx.AsyncClient, app: AppAccess, user_id: str) -> None:
    """Return once the account is registered with the app, by us now or at any time before.

    Raises ProviderRefusedError with 403 while the user has not given the vendor all mandatory consents,
    ProviderRejectedError when the vendor will not have the account, another ProviderError.
    """
    try:
        answer = await post_json(SLUG, client, "/v3/users", {"member-id": member_id(app, user_id)})
    except ProviderRejectedError as error:
        if error.status != httpx.codes.CONFLICT:
            raise
        answer = None
    if answer is None and not await is_registered(client, user_id):
        # The conflict was about the member id, or 204 meant that there is no such user.
        raise ProviderRejectedError(SLUG, "the account could not be registered", httpx.codes.CONFLICT)


async def is_registered(client: httpx.AsyncClient, user_id: str) -> bool:
    """Whether the vendor knows the account as the app's. Raises ProviderError."""
    known = with_one_spelling(await get_json(SLUG, client, f"/v3/users/{user_id}"))
    return isinstance(known, dict) and str(known.get("polar_user_id")) == user_id
