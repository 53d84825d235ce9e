"""OURA: rings by Oura (https://cloud.ouraring.com/v2/docs).

This file holds the protocol; each kind of data has a file with the vendor's documents of it and what they are in
Terra's words.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import NoticeRefusedError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json, send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, Limit, OAuth2, Poll, Scopes
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers.oura.collections import DAILY, collection, day_documents, items_of
from wearable_gateway.providers.oura.days import Day, daily
from wearable_gateway.providers.oura.document import Document
from wearable_gateway.providers.oura.profile import Profile, Stature, athlete, body
from wearable_gateway.providers.oura.sleeps import Rest, sleep
from wearable_gateway.providers.oura.subscriptions import SUBSCRIBED, subscribe_all
from wearable_gateway.providers.oura.workouts import Session, Workout, activity, session_activity
from wearable_gateway.unified.records import DataType, Record

SLUG = "OURA"
_HEADER_AT, _HEADER_SIGNATURE = "x-oura-timestamp", "x-oura-signature"
_ACTIVITIES = {"workout": (Workout, activity), "session": (Session, session_activity)}
_ONE = {"sleep": DataType.SLEEP, "workout": DataType.ACTIVITY, "session": DataType.ACTIVITY}
"""Collections whose items are records by themselves."""


class _NoticeBody(Document):
    event_type: str
    data_type: str
    object_id: str
    event_time: datetime
    user_id: str


class Oura(Provider):
    slug = SLUG
    name = "Oura"
    oauth = OAuth2(
        authorize_path="/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=("personal", "daily", "heartrate", "workout", "tag", "session", "spo2Daily"),
        client_auth=ClientAuth.POST,
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": "https://cloud.ouraring.com",
        "token": "https://api.ouraring.com",
        "api": "https://api.ouraring.com",
    }
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.DAILY: ("daily", "heartrate", "spo2Daily", "spo2", "tag"),
        DataType.SLEEP: ("daily",),
        DataType.ACTIVITY: ("workout", "session"),
        DataType.BODY: ("personal",),
        DataType.ATHLETE: ("personal",),
    }
    part_scopes: ClassVar[Mapping[DataType, Mapping[str, Scopes]]] = {
        DataType.DAILY: {
            **dict.fromkeys(
                (
                    "active_durations_data",
                    "calories_data",
                    "distance_data",
                    "MET_data",
                    "scores",
                    "stress_data",
                ),
                ("daily",),
            ),
            "heart_rate_data": ("heartrate",),
            "oxygen_data": ("spo2Daily", "spo2", "daily"),
            "tag_data": ("tag",),
        }
    }
    polls = (Poll((DataType.DAILY,), every=timedelta(hours=6), days=2),)
    limits = (Limit(5000, timedelta(minutes=5)),)
    notices_are_signed = True
    notice_status = 200
    app_upkeep_every = timedelta(days=1)
    probe_every = timedelta(days=1)

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        me = await get_json(SLUG, client, "/v2/usercollection/personal_info")
        if not isinstance(me, dict) or not isinstance(me.get("id"), str):
            raise ProviderUnavailableError(SLUG, "the account has no id")
        return Account(me["id"])

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, "/v2/usercollection/personal_info")

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        await send(SLUG, access.client, "POST", "/oauth/revoke", params={"access_token": tokens.access})

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        if request.method != "GET":
            return None
        given = request.query.get("verification_token", "")
        if not hmac.compare_digest(given.encode(), app.notice_secret.encode()):
            raise NoticeRefusedError(SLUG, "the verification token is wrong")
        return NoticeAnswer(200, {"challenge": request.query.get("challenge", "")})

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        signed = request.headers.get(_HEADER_AT, "").encode() + request.body
        wanted = hmac.digest(app.client_secret.encode(), signed, "sha256").hex()
        given = request.headers.get(_HEADER_SIGNATURE, "").lower()
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise NoticeRefusedError(SLUG, "the signature is missing or wrong")

    def notices(self, body: bytes) -> Sequence[Notice]:
        try:
            read = _NoticeBody.model_validate_json(body)
        except ValidationError as error:
            raise NoticeRefusedError(SLUG, "the body is not a notice") from error
        kind = _ONE.get(read.data_type, DataType.DAILY if read.data_type.lower() in DAILY else None)
        if kind is None:
            return []
        deleted = read.event_type == "delete" and read.data_type in _ONE
        return [
            Notice(
                key=f"{read.user_id}/{read.data_type}/{read.object_id}/{read.event_type}/{read.event_time.isoformat()}",
                kind=NoticeKind.DATA_DELETED if deleted else NoticeKind.DATA_CHANGED,
                account_id=read.user_id,
                occurred_at=read.event_time,
                data_types=(kind,),
                start=read.event_time.date() - timedelta(days=1),
                end=read.event_time.date() + timedelta(days=1),
                record_keys=(read.object_id,) if deleted else (),
                hints={"collection": read.data_type, "id": read.object_id},
            )
        ]

    async def subscribe_app(
        self, client: httpx.AsyncClient, app: AppAccess, notice_url: str
    ) -> Mapping[str, str]:
        await subscribe_all(SLUG, client, app, notice_url)
        return {}

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        name, object_id = str(notice.hints["collection"]), str(notice.hints["id"])
        try:
            found = await get_json(SLUG, access.client, f"{collection(name)}/{object_id}")
        except ProviderRejectedError:
            found = None  # gone again, or its id is none any more
        if not isinstance(found, dict):
            return await super().fetch_noticed(access, notice, kinds)
        if name in _ONE:
            return {_ONE[name]: [{**found, "collection": name}]}
        day = date.fromisoformat(str(found.get("day")))
        return {DataType.DAILY: await day_documents(SLUG, access, day, day, samples=True)}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        match ask.kind:
            case DataType.DAILY:
                return await day_documents(SLUG, access, ask.start, ask.end, samples=ask.samples)
            case DataType.SLEEP:
                return await items_of(SLUG, access, "sleep", ask.start, ask.end)
            case DataType.ACTIVITY:
                names = [name for name in _ACTIVITIES if name in access.scopes]
                return [
                    {**item, "collection": name}
                    for name in names
                    for item in await items_of(SLUG, access, name, ask.start, ask.end)
                ]
            case _:
                found = await get_json(SLUG, access.client, "/v2/usercollection/personal_info")
                me = found if isinstance(found, dict) else {}
                return [{**me, "read_on": ask.end.isoformat()}]

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


PROVIDER = Oura()

__all__ = ["PROVIDER", "SUBSCRIBED"]
