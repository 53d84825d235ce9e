"""DEXCOM: glucose sensors by Dexcom (https://developer.dexcom.com/docs/dexcomv3/endpoint-overview).

This file holds the protocol; each kind of data has a file with the vendor's records of it and what they are in Terra's
words.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, Limit, OAuth2, Poll, Scopes
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Tokens
from wearable_gateway.providers.dexcom.bodies import BodyDay, body
from wearable_gateway.providers.dexcom.devices import Devices, athlete
from wearable_gateway.providers.dexcom.document import SLUG
from wearable_gateway.providers.dexcom.meals import EventDay, nutrition
from wearable_gateway.providers.dexcom.records import WINDOW_DAYS, body_days, meal_days
from wearable_gateway.unified.records import DataType, Record

_HOST = "https://api.dexcom.com"
_DATA_RANGE = "/v3/users/self/dataRange"
_SCOPE = "offline_access"
_OF_TOKENS = frozenset({"access_token", "refresh_token", "expires_in", "token_type", "scope"})


class Dexcom(Provider):
    slug = SLUG
    name = "Dexcom"
    oauth = OAuth2(
        authorize_path="/v2/oauth2/login",
        token_path="/v2/oauth2/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=(_SCOPE,),
        client_auth=ClientAuth.POST,
        pkce=False,
    )
    default_hosts: ClassVar[Mapping[str, str]] = {"authorize": _HOST, "token": _HOST, "api": _HOST}
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = dict.fromkeys(
        (DataType.BODY, DataType.NUTRITION, DataType.ATHLETE), (_SCOPE,)
    )
    window_days = WINDOW_DAYS
    # The vendor holds data back for an hour in the United States and for three elsewhere.
    polls = (
        Poll((DataType.BODY,), every=timedelta(minutes=15), days=1),
        Poll((DataType.NUTRITION,), every=timedelta(hours=1), days=1),
        Poll((DataType.ATHLETE,), every=timedelta(days=1), days=1),
        # A receiver is read out by hand, and a smoothed estimate replaces the first one.
        Poll((DataType.BODY, DataType.NUTRITION), every=timedelta(days=1), days=14),
    )
    limits = (Limit(60_000, timedelta(hours=1)),)
    takes_notices = False
    notices_are_signed = False

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Without the session and the policy that the vendor's identity server speaks of."""
        if "access_token" not in answer:
            return answer
        return {name: value for name, value in answer.items() if name in _OF_TOKENS}

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        """By a call: no token tells. The id is this app's alone, another app's of the same person differs."""
        answer = await get_json(SLUG, client, _DATA_RANGE)
        user = answer.get("userId") if isinstance(answer, dict) else None
        if not isinstance(user, str) or not user:
            raise ProviderUnavailableError(SLUG, "the account has no id")
        return Account(user)

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, _DATA_RANGE)

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        match ask.kind:
            case DataType.BODY:
                return await body_days(SLUG, access, ask.start, ask.end)
            case DataType.NUTRITION:
                return await meal_days(SLUG, access, ask.start, ask.end)
            case _:
                answer = await get_json(SLUG, access.client, "/v3/users/self/devices")
                if not isinstance(answer, dict):
                    raise ProviderUnavailableError(SLUG, "the answer is no list of devices")
                return [answer]

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        match kind:
            case DataType.BODY:
                return body(read_document(SLUG, BodyDay, document))
            case DataType.NUTRITION:
                return nutrition(read_document(SLUG, EventDay, document))
            case _:
                return athlete(read_document(SLUG, Devices, document))


PROVIDER = Dexcom()
