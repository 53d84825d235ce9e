"""OURA: rings by Oura (https://cloud.ouraring.com/v2/docs).

This file holds the protocol, with what the vendor tells us in `told.py`; each kind of data has a file with the vendor's
documents of it and what they are in Terra's words.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import (
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.client import get_json, send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, Limit, OAuth2, Per, Poll, Scopes, Usage
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers._base.times import FIRST_YEAR, LAST_YEAR
from wearable_gateway.providers.oura.collections import collection, day_of, items_of, today, whole_days
from wearable_gateway.providers.oura.days import Day, daily
from wearable_gateway.providers.oura.document import SLUG
from wearable_gateway.providers.oura.profile import Profile, Stature, athlete, body
from wearable_gateway.providers.oura.sleeps import Rest, sleep
from wearable_gateway.providers.oura.subscriptions import subscribe_all
from wearable_gateway.providers.oura.told import SINGLE, answer_challenge, check_signature, read_notice
from wearable_gateway.providers.oura.workouts import Session, Workout, activity, session_activity
from wearable_gateway.unified.records import DataType, Record

_PROFILE, _RINGS = collection("personal_info"), collection("ring_configuration")
_REVOKE = "/oauth/revoke"
_NUMBER = re.compile(r"[0-9]{1,10}")
_OF_ACTIVITY = (
    "active_durations_data", "calories_data", "distance_data", "MET_data", "scores", "stress_data",
)  # fmt: skip
_OF_OXYGEN = {"avg_saturation_percentage": "spo2", "vo2max_ml_per_min_per_kg": "heart_health"}


class Oura(Provider):
    slug = SLUG
    name = "Oura"
    oauth = OAuth2(
        authorize_path="/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=(
            "email",
            "personal",
            "daily",
            "heartrate",
            "workout",
            "tag",
            "session",
            "spo2",
            "heart_health",
        ),
        client_auth=ClientAuth.POST,
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": "https://cloud.ouraring.com",
        "token": "https://api.ouraring.com",
        "api": "https://api.ouraring.com",
    }
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.DAILY: ("daily", "heartrate", "spo2", "heart_health", "tag"),
        DataType.SLEEP: ("daily",),
        DataType.ACTIVITY: ("workout", "session"),
        DataType.BODY: ("personal",),
        DataType.ATHLETE: ("personal", "email"),
    }
    part_scopes: ClassVar[Mapping[DataType, Mapping[str, Scopes]]] = {
        DataType.DAILY: {
            **dict.fromkeys(_OF_ACTIVITY, ("daily",)),
            "heart_rate_data": ("heartrate",),
            "oxygen_data": tuple(_OF_OXYGEN.values()),
            "tag_data": ("tag",),
        },
        DataType.ACTIVITY: {
            "calories_data": ("workout",),
            "distance_data": ("workout",),
            "heart_rate_data": ("session",),
        },
        DataType.ATHLETE: {"email": ("email",), "age": ("personal",), "sex": ("personal",)},
    }
    polls = (
        # The vendor tells of days, but of no heart rate, and nobody of a notice that was missed for an hour.
        Poll((DataType.DAILY,), every=timedelta(hours=6), days=2),
        Poll(
            (DataType.SLEEP, DataType.ACTIVITY, DataType.BODY, DataType.ATHLETE),
            every=timedelta(days=1),
            days=3,
        ),
    )
    limits = (Limit(5000, timedelta(minutes=5)),)
    notices_are_signed = True
    notice_status = 200
    app_upkeep_every = timedelta(days=1)
    probe_every = timedelta(days=1)

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Since 2026 the vendor grants `daily` and the like under longer names."""
        if isinstance(scope := answer.get("scope"), str):
            return {**answer, "scope": " ".join(_bare(scope.split()))}
        return answer

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        me = await get_json(SLUG, client, _PROFILE)
        if not isinstance(me, dict) or not isinstance(me.get("id"), str) or not me["id"]:
            raise ProviderUnavailableError(SLUG, "the account has no id")
        # Where neither the token's answer nor the way back named them, it is what the app asks for.
        scopes = tokens.scopes or tuple(app.extra.get("scopes", "").split())
        return Account(me["id"], _bare(scopes) or None)

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, _PROFILE)

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        """The vendor names the address and no method; its clients use either."""
        query = {"access_token": tokens.access}
        try:
            await send(SLUG, access.client, "POST", _REVOKE, params=query)
        except ProviderRejectedError as error:
            if error.status not in {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED}:
                raise
            await send(SLUG, access.client, "GET", _REVOKE, params=query)

    def usage(self, headers: Mapping[str, str], now: datetime) -> Sequence[Usage]:
        """Only a refusal says something (https://cloud.ouraring.com/v2/docs#section/Rate-Limits)."""
        calls, window = _number(headers, "limit"), _number(headers, "window")
        if not calls or not window:
            return ()
        # Which layer refused is named, with which words is not.
        per = Per.APP if "app" in headers.get("x-ratelimit-tier", "").lower() else Per.GRANT
        reset = _number(headers, "reset")
        resets_in = max(reset - now.timestamp(), 0.0) if reset else None
        return (Usage(timedelta(seconds=window), calls, used=calls, per=per, resets_in=resets_in),)

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        return answer_challenge(request, app)

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        check_signature(request, app)

    def notices(self, body: bytes) -> Sequence[Notice]:
        return read_notice(body)

    async def subscribe_app(
        self, client: httpx.AsyncClient, app: AppAccess, notice_url: str
    ) -> Mapping[str, str]:
        await subscribe_all(client, app, notice_url)
        return {}

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        """The document itself where it is a record, or the whole day that it is a part of."""
        name, object_id = str(notice.hints["collection"]), str(notice.hints["id"])
        try:
            found = await get_json(SLUG, access.client, f"{collection(name)}/{object_id}")
        except ProviderRejectedError:
            found = None  # gone again: what is left of the days around is looked at
        if not isinstance(found, dict):
            return await super().fetch_noticed(access, notice, kinds)
        if name in SINGLE:
            return {SINGLE[name]: [{**found, "collection": name}]}
        try:
            day = date.fromisoformat(day_of(name, found))
        except ValueError as error:
            raise ProviderUnavailableError(SLUG, "the document has no day") from error
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ProviderUnavailableError(SLUG, "the document is of no day of a living person")
        return {DataType.DAILY: await whole_days(access, Ask(DataType.DAILY, day, day, samples=True))}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        match ask.kind:
            case DataType.DAILY:
                return await whole_days(access, ask)
            case DataType.SLEEP:
                return await items_of(access, "sleep", ask.start, ask.end)
            case DataType.ACTIVITY:
                return [
                    {**item, "collection": name}
                    for name in ("workout", "session")
                    if name in access.scopes
                    for item in await items_of(access, name, ask.start, ask.end)
                ]
            case DataType.BODY:
                # The vendor keeps no history of these: what it says is true of the day it says it on.
                read_on = today()
                asked = ask.start <= read_on <= ask.end
                return [{**await _profile(access), "read_on": read_on.isoformat()}] if asked else []
            case _:
                return [{**await _profile(access), "rings": await _rings(access)}]

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        match kind:
            case DataType.DAILY:
                return daily(read_document(SLUG, Day, document))
            case DataType.SLEEP:
                return sleep(read_document(SLUG, Rest, document))
            case DataType.ACTIVITY if document.get("collection") == "session":
                return session_activity(read_document(SLUG, Session, document))
            case DataType.ACTIVITY:
                return activity(read_document(SLUG, Workout, document))
            case DataType.BODY:
                return body(read_document(SLUG, Stature, document))
            case _:
                return athlete(read_document(SLUG, Profile, document))

    def limited_to(self, record: Record, scopes: Collection[str]) -> Record | None:
        """Saturation and fitness stand in one group, and need a scope each."""
        limited = super().limited_to(record, scopes)
        if limited is None:
            return None
        oxygen = limited.body.get("oxygen_data")
        hidden = [name for name, scope in _OF_OXYGEN.items() if scope not in scopes]
        if record.type is not DataType.DAILY or not oxygen or not hidden:
            return limited
        return replace(limited, body={**limited.body, "oxygen_data": {**oxygen, **dict.fromkeys(hidden)}})


def _bare(scopes: Iterable[str]) -> tuple[str, ...]:
    """`extapi:daily` is `daily`, and `spo2Daily` what `spo2` was called before."""
    names = (scope.removeprefix("extapi:") for scope in scopes)
    return tuple("spo2" if name == "spo2Daily" else name for name in names)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(f"x-ratelimit-{name}", "")
    return int(text) if _NUMBER.fullmatch(text) else None


async def _profile(access: Access) -> dict[str, Any]:
    found = await get_json(SLUG, access.client, _PROFILE)
    if not isinstance(found, dict):
        raise ProviderUnavailableError(SLUG, "the answer is no profile")
    return found


async def _rings(access: Access) -> list[Any]:
    """Only for apps that ask for `ring_configuration`, a scope the vendor's pages do not list."""
    if "ring_configuration" not in access.scopes:
        return []
    try:
        found = await get_json(SLUG, access.client, _RINGS)
    except ProviderRefusedError:
        return []
    data = found.get("data") if isinstance(found, dict) else None
    return data if isinstance(data, list) else []


PROVIDER = Oura()
