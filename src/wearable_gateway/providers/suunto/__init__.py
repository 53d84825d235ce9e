"""SUUNTO: watches by Suunto, through the Suunto Cloud API (https://apizone.suunto.com).

This file holds the protocol; each kind of data has a file with the vendor's documents of it and what they are in
Terra's words.
"""

import base64
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import NoticeRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import AppField, ClientAuth, OAuth2, Poll, Scopes
from wearable_gateway.providers._base.notices import Notice, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers.suunto import asking
from wearable_gateway.providers.suunto.calls import ask
from wearable_gateway.providers.suunto.days import DayOfSamples, daily
from wearable_gateway.providers.suunto.document import SLUG
from wearable_gateway.providers.suunto.notices import read_notices
from wearable_gateway.providers.suunto.sleeps import SleepSample, sleep
from wearable_gateway.providers.suunto.workouts import Workout, activity
from wearable_gateway.unified.records import DataType, Record

_OAUTH_HOST = "https://cloudapi-oauth.suunto.com"
_SCOPE = "workout"
_KINDS = (DataType.ACTIVITY, DataType.SLEEP, DataType.DAILY)
_SIGNATURE = "x-hmac-sha256-signature"
_OF_TOKENS = frozenset({"access_token", "refresh_token", "expires_in", "token_type", "scope", "user"})
_RFC_ERRORS = {"invalid_token": "invalid_grant", "unauthorized": "invalid_client"}
"""What the vendor's identity server says of a refresh token and of a client, and what RFC 6749 says."""


class Suunto(Provider):
    slug = SLUG
    name = "Suunto"
    oauth = OAuth2(
        authorize_path="/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=(_SCOPE,),
        client_auth=ClientAuth.BASIC,
        sends_scopes=False,
        pkce=False,
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": _OAUTH_HOST,
        "token": _OAUTH_HOST,
        "revoke": _OAUTH_HOST,
        "api": "https://cloudapi.suunto.com",
    }
    app_fields = (
        AppField("subscription_key", "Primary or secondary key of the app's subscription, from the portal"),
        AppField("notification_secret", "The secret that signs notifications, from the portal"),
    )
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = dict.fromkeys(_KINDS, (_SCOPE,))
    window_days = asking.WINDOW_DAYS
    # Once notices have failed for a while the vendor sends none, and what it did not send it never sends. No more days
    # than one call of each product answers: an app that is in development has 200 calls a week.
    polls = (Poll(_KINDS, every=timedelta(days=1), days=asking.WINDOW_DAYS - 2),)
    notices_are_signed = True
    notice_status = 200

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if "access_token" in answer:
            return {name: value for name, value in answer.items() if name in _OF_TOKENS}
        meant = _RFC_ERRORS.get(str(answer.get("error")))
        return {**answer, "error": meant} if meant else answer

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        """The username, which notices are about; the answer with the tokens has it, and the token itself."""
        user = tokens.extra.get("user") or _claims(tokens.access).get("user")
        if not isinstance(user, str) or not user:
            raise ProviderUnavailableError(SLUG, "the tokens name no user")
        return Account(user)

    async def probe(self, access: Access) -> None:
        await ask(access.client, "/v3/workouts/", limit="1")

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        """All that the app was given for this user ends, whichever token it is asked with."""
        url = access.app.hosts["revoke"] + "/oauth/deauthorize"
        await ask(access.client, url, client_id=access.app.client_id)

    def headers(self, app: AppAccess) -> Mapping[str, str]:
        return {"Ocp-Apim-Subscription-Key": app.extra.get("subscription_key", "")}

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        secret = app.extra.get("notification_secret", "")
        wanted = hmac.digest(secret.encode(), request.body, "sha256").hex()
        given = request.headers.get(_SIGNATURE, "").lower()
        if not secret or not hmac.compare_digest(given.encode(), wanted.encode()):
            raise NoticeRefusedError(SLUG, "the signature is missing or wrong")

    def notices(self, body: bytes) -> Sequence[Notice]:
        return read_notices(body)

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        """The workout itself. Its watch is told only with the notice while the workout is fresh."""
        key = notice.hints.get("workout")
        if key is None or DataType.ACTIVITY not in kinds:
            return await super().fetch_noticed(access, notice, kinds)
        found = await asking.workout(access, str(key))
        if found is None:
            return {}
        return {DataType.ACTIVITY: [{**found, "gear": found.get("gear") or notice.hints.get("gear")}]}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        match ask.kind:
            case DataType.ACTIVITY:
                return await asking.workouts(access, ask.start, ask.end)
            case DataType.SLEEP:
                return await asking.sleeps(access, ask.start, ask.end)
            case _:
                return await asking.days(access, ask.start, ask.end, samples=ask.samples)

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        match kind:
            case DataType.ACTIVITY:
                return activity(read_document(SLUG, Workout, document))
            case DataType.SLEEP:
                return sleep(read_document(SLUG, SleepSample, document))
            case _:
                return daily(read_document(SLUG, DayOfSamples, document))


def _claims(token: str) -> Mapping[str, Any]:
    """What a JWT says; its signature is the vendor's business, who has just sent it over TLS."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


PROVIDER = Suunto()
