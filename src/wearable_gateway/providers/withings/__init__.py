"""WITHINGS: scales, cuffs, watches and sleep mats of Withings (https://developer.withings.com).

Each kind of data has a file with the vendor's documents of it and what they are in Terra's words; `fetching` and
`measured_days` have the calls that make them. This one holds the protocol, and alone knows the base of all providers.
"""

import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel

from wearable_gateway.errors import (
    NoticeRefusedError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.client import json_of, send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, Limit, OAuth2, Poll, Scopes
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Tokens
from wearable_gateway.providers.withings import fetching
from wearable_gateway.providers.withings.bodies import body
from wearable_gateway.providers.withings.days import DaySummary, daily
from wearable_gateway.providers.withings.document import SLUG
from wearable_gateway.providers.withings.envelope import InBodyStatus
from wearable_gateway.providers.withings.measured_days import fetch_bodies
from wearable_gateway.providers.withings.measures import MeasuredDay
from wearable_gateway.providers.withings.profile import Profile, athlete
from wearable_gateway.providers.withings.signing import signed
from wearable_gateway.providers.withings.sleeps import Night, sleep
from wearable_gateway.providers.withings.token_answers import in_rfc_words
from wearable_gateway.providers.withings.told import SCOPES, Told, read_notice
from wearable_gateway.providers.withings.workouts import Workout, activity
from wearable_gateway.unified.records import DataType, Record

_ACCOUNTS, _API = "https://account.withings.com", "https://wbsapi.withings.net"
_OAUTH, _NOTIFY, _SIGNATURE = "/v2/oauth2", "/notify", "/v2/signature"
_INFO, _METRICS, _ACTIVITY = "user.info", "user.metrics", "user.activity"
_READERS: Mapping[DataType, tuple[type[BaseModel], Callable[[Any], Record | None]]] = {
    DataType.DAILY: (DaySummary, daily),
    DataType.ACTIVITY: (Workout, activity),
    DataType.SLEEP: (Night, sleep),
    DataType.BODY: (MeasuredDay, body),
    DataType.ATHLETE: (Profile, athlete),
}


class Withings(Provider):
    slug = SLUG
    name = "Withings"
    oauth = OAuth2(
        authorize_path="/oauth2_user/authorize2",
        token_path=_OAUTH,
        revoke_path=None,
        scopes=(_INFO, _METRICS, _ACTIVITY),
        client_auth=ClientAuth.POST,
        scope_separator=",",
        pkce=False,
        token_extra={"action": "requesttoken"},
    )
    default_hosts: ClassVar[Mapping[str, str]] = {"authorize": _ACCOUNTS, "token": _API, "api": _API}
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.DAILY: (_ACTIVITY,),
        DataType.ACTIVITY: (_ACTIVITY,),
        DataType.SLEEP: (_ACTIVITY,),
        DataType.BODY: (_METRICS,),
        DataType.ATHLETE: (_INFO,),
    }
    window_days = 5
    """A day, a night and a workout cost a call each for their series, of the 120 a minute that all users share."""
    polls: ClassVar[tuple[Poll, ...]] = (Poll(tuple(_READERS), every=timedelta(days=1), days=2),)
    """The vendor drops a subscription that failed too often, and tells nobody: a day later it is made good."""
    limits: ClassVar[tuple[Limit, ...]] = (Limit(120, timedelta(minutes=1)),)
    notices_are_signed = False
    notices_are_told_apart = False
    notice_status = 200
    largest_notice_bytes = 16 * 1024
    grant_upkeep_every = timedelta(days=1)

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        return in_rfc_words(answer)

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        stated = tokens.extra.get("userid")
        if isinstance(stated, bool) or not isinstance(stated, int | str) or not str(stated):
            # No call of the vendor's tells it.
            raise ProviderRejectedError(SLUG, "the token answer names no user", httpx.codes.BAD_GATEWAY)
        return Account(str(stated))

    async def probe(self, access: Access) -> None:
        await self._subscribed(access)

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        """All tokens of the app for this user, and its subscriptions, at once; it needs no living token."""
        asked = {"client_id": access.app.client_id, "timestamp": str(int(time.time()))}
        nonce = (await _signed(access, _SIGNATURE, {"action": "getnonce", **asked})).get("nonce")
        if not isinstance(nonce, str):
            raise ProviderUnavailableError(SLUG, "the answer has no nonce")
        form = {"action": "revoke", "client_id": access.app.client_id, "nonce": nonce}
        await _signed(access, _OAUTH, {**form, "userid": access.account_id})

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        """Whoever subscribes is first looked at with HEAD, and by older parts of the vendor with GET or an empty POST."""
        if request.method != "POST" or not request.body.strip():
            return NoticeAnswer(httpx.codes.OK)
        return None

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        """The vendor signs nothing: who calls has shown that it knows the secret address."""

    def notices(self, body: bytes) -> Sequence[Notice]:
        try:
            told = read_notice(body)
        except ValueError as error:
            raise NoticeRefusedError(SLUG, "the body is not a notice") from error
        return [] if told is None else _notices(told)

    async def subscribe(self, access: Access, notice_url: str) -> None:
        """Each kind of event that the grant's scopes reach; failing often enough, we lose one without being told.

        One that is refused does not cost the others; the first refusal is raised once all were tried.
        """
        have = await self._subscribed(access)
        fault: ProviderRefusedError | ProviderRejectedError | None = None
        for appli, scope in SCOPES.items():
            if scope not in access.scopes or (str(appli), notice_url) in have:
                continue
            try:
                await _call(access, _NOTIFY, "subscribe", callbackurl=notice_url, appli=str(appli))
            except (ProviderRefusedError, ProviderRejectedError) as error:
                if error.status == httpx.codes.UNAUTHORIZED:
                    raise
                fault = fault or error
        if fault is not None:
            raise fault

    async def _subscribed(self, access: Access) -> set[tuple[str, str]]:
        profiles = fetching.of_rows((await _call(access, _NOTIFY, "list")).get("profiles"))
        return {(str(profile.get("appli")), str(profile.get("callbackurl"))) for profile in profiles}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        async def call(path: str, action: str, **form: str) -> Mapping[str, Any]:
            return await _call(access, path, action, **form)

        match ask.kind:
            case DataType.DAILY:
                return await fetching.fetch_days(call, ask.start, ask.end, samples=ask.samples)
            case DataType.ACTIVITY:
                return await fetching.fetch_workouts(call, ask.start, ask.end, samples=ask.samples)
            case DataType.SLEEP:
                return await fetching.fetch_nights(call, ask.start, ask.end, samples=ask.samples)
            case DataType.BODY:
                return await fetch_bodies(call, ask.start, ask.end, hearts=_ACTIVITY in access.scopes)
            case _:
                return await fetching.fetch_devices(call, access.account_id)

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        model, unify = _READERS[kind]
        return unify(read_document(SLUG, model, document))

    def limited_to(self, record: Record, scopes: Collection[str]) -> Record | None:
        """Electrocardiograms stand beside a body's measures, and need a scope of their own."""
        limited = super().limited_to(record, scopes)
        heart = limited.body.get("heart_data") if limited else None
        if limited is None or limited.type is not DataType.BODY or not heart or _ACTIVITY in scopes:
            return limited
        return replace(limited, body={**limited.body, "heart_data": {**heart, "ecg_signal": None}})


def _notices(told: Told) -> list[Notice]:
    """Nothing tells a repeat from news: a day's every sync is told in the same words, so each is looked into."""
    if not told.gone and not told.kinds:
        return []
    kind = NoticeKind.REVOKED if told.gone else NoticeKind.DATA_CHANGED
    return [
        Notice(
            key=uuid.uuid4().hex,
            kind=kind,
            account_id=told.account_id,
            data_types=told.kinds,
            start=told.start,
            end=told.end,
        )
    ]


async def _call(access: Access, path: str, action: str, **form: str) -> Mapping[str, Any]:
    """The body of what is answered to `form`. Raises ProviderError."""
    return await _post(access, path, {"action": action, **form}, InBodyStatus(access.client.auth))


async def _signed(access: Access, path: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    """The same in the app's own name, without a token."""
    return await _post(access, path, signed(form, access.app.client_secret), InBodyStatus())


async def _post(access: Access, path: str, form: Mapping[str, str], auth: httpx.Auth) -> Mapping[str, Any]:
    answer = json_of(SLUG, await send(SLUG, access.client, "POST", path, data=dict(form), auth=auth))
    if not isinstance(answer, dict) or answer.get("status") != 0:
        raise ProviderUnavailableError(SLUG, "the answer is none of its envelopes")
    found = answer.get("body")
    return found if isinstance(found, dict) else {}


PROVIDER = Withings()
