"""GOOGLE_HEALTH: Fitbit and Pixel wearables, and what else syncs there, through the Google Health API v4.

https://developers.google.com/health. This file holds the protocol; each kind of data has a file with the vendor's
documents of it and what they are in Terra's words.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import NoticeRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import AppField, ClientAuth, Limit, OAuth2, Per, Poll, Scopes
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Tokens
from wearable_gateway.providers.google_health import scopes
from wearable_gateway.providers.google_health.bodies import Measured, body
from wearable_gateway.providers.google_health.changes import is_handshake, notices_of
from wearable_gateway.providers.google_health.days import Day, daily
from wearable_gateway.providers.google_health.document import SLUG
from wearable_gateway.providers.google_health.gathering import (
    body_documents,
    day_documents,
    person_document,
    sleep_documents,
    workout_documents,
)
from wearable_gateway.providers.google_health.profile import Person, athlete
from wearable_gateway.providers.google_health.reading import Reader
from wearable_gateway.providers.google_health.signatures import is_forged, signature_of
from wearable_gateway.providers.google_health.sleeps import Rest, sleep
from wearable_gateway.providers.google_health.subscribers import (
    TOKEN_PATH,
    authorization,
    keep_subscribed,
    public_keys,
)
from wearable_gateway.providers.google_health.workouts import Workout, activity
from wearable_gateway.unified.records import DataType, Record

_IDENTITY = "/v4/users/me/identity"
_TOKEN_WORDS = frozenset(
    {"access_token", "expires_in", "refresh_token", "scope", "token_type", "error", "error_description"}
)


class GoogleHealth(Provider):
    slug = SLUG
    name = "Google Health"
    brands = ("Fitbit", "Pixel")
    aliases = ("FITBIT",)
    oauth = OAuth2(
        authorize_path="/o/oauth2/v2/auth",
        token_path=TOKEN_PATH,
        revoke_path="/revoke",
        scopes=scopes.ALL,
        client_auth=ClientAuth.POST,
        # Without these two there is no refresh token, or only at the first consent.
        authorize_extra={
            "access_type": "offline",
            "prompt": "consent",
            "include_granted_scopes": "true",
        },
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": "https://accounts.google.com",
        "token": "https://oauth2.googleapis.com",
        "revoke": "https://oauth2.googleapis.com",
        "api": "https://health.googleapis.com",
        "keys": "https://www.gstatic.com",
    }
    app_fields = (
        AppField(
            "service_account",
            "The JSON key file of a service account with the role Health Editor, to be told of changes;"
            " without it every account is polled.",
            required=False,
        ),
    )
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.DAILY: (scopes.ACTIVITY, scopes.METRICS),
        DataType.ACTIVITY: (scopes.ACTIVITY,),
        DataType.SLEEP: (scopes.SLEEP,),
        DataType.BODY: (scopes.METRICS, scopes.ECG),
        DataType.ATHLETE: (scopes.PROFILE,),
    }
    part_scopes: ClassVar[Mapping[DataType, Mapping[str, Scopes]]] = {
        DataType.DAILY: {
            **dict.fromkeys(("active_durations_data", "calories_data", "distance_data"), (scopes.ACTIVITY,)),
            **dict.fromkeys(("heart_rate_data", "oxygen_data"), (scopes.METRICS,)),
        },
        DataType.ACTIVITY: {"heart_rate_data": (scopes.METRICS,)},
        DataType.SLEEP: dict.fromkeys(
            ("heart_rate_data", "respiration_data", "temperature_data"), (scopes.METRICS,)
        ),
        DataType.BODY: {
            **dict.fromkeys(("glucose_data", "measurements_data", "temperature_data"), (scopes.METRICS,)),
            "heart_data": (scopes.ECG,),
        },
        DataType.ATHLETE: {"devices": (scopes.SETTINGS,)},
    }
    polls = (
        Poll((DataType.DAILY, DataType.BODY), every=timedelta(hours=6), days=3),
        Poll((DataType.SLEEP, DataType.ACTIVITY), every=timedelta(hours=12), days=3),
        Poll((DataType.ATHLETE,), every=timedelta(days=1), days=1),
    )
    # A project's own limit, 120 000 a minute, is out of reach; so a refusal is of one account and stops no other.
    limits = (Limit(300, timedelta(minutes=1), Per.GRANT),)
    window_days = 7
    notices_are_signed = True
    app_upkeep_every = timedelta(hours=12)
    probe_every = timedelta(days=1)

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in answer.items() if name in _TOKEN_WORDS}

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        me = await get_json(SLUG, client, _IDENTITY)
        if not isinstance(me, dict) or not isinstance(me.get("healthUserId"), str) or not me["healthUserId"]:
            raise ProviderUnavailableError(SLUG, "the account has no id")
        return Account(me["healthUserId"])

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, _IDENTITY)

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        if request.method != "POST" or not is_handshake(request.body):
            return None
        _check_secret(request, app)
        return NoticeAnswer(201)

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        _check_secret(request, app)
        keyset = app.extra.get("keyset")
        if keyset and is_forged(request.headers, request.body, keyset):
            raise NoticeRefusedError(SLUG, "the signature is wrong")

    def notices(self, body: bytes) -> Sequence[Notice]:
        return notices_of(body, "")

    def notices_in(self, request: NoticeRequest) -> Sequence[Notice]:
        # Without a signature nothing tells news from a repeat: a repeat costs a fetch, news taken for one is lost.
        mark = signature_of(request.headers) or request.received_at.isoformat()
        return notices_of(request.body, mark)

    async def subscribe_app(
        self, client: httpx.AsyncClient, app: AppAccess, notice_url: str
    ) -> Mapping[str, str]:
        if not app.extra.get("service_account"):
            return {}
        return {
            **await public_keys(client, app),
            **await keep_subscribed(client, app, notice_url),
        }

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        reader = Reader(access)
        match ask.kind:
            case DataType.DAILY:
                found = await day_documents(reader, ask.start, ask.end, samples=ask.samples)
            case DataType.ACTIVITY:
                found = await workout_documents(reader, ask.start, ask.end, samples=ask.samples)
            case DataType.SLEEP:
                found = await sleep_documents(reader, ask.start, ask.end, samples=ask.samples)
            case DataType.BODY:
                found = await body_documents(reader, ask.start, ask.end)
            case _:
                found = [await person_document(reader)]
        reader.finish()
        return found

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        match kind:
            case DataType.DAILY:
                return daily(read_document(SLUG, Day, document))
            case DataType.ACTIVITY:
                return activity(read_document(SLUG, Workout, document))
            case DataType.SLEEP:
                return sleep(read_document(SLUG, Rest, document))
            case DataType.BODY:
                return body(read_document(SLUG, Measured, document))
            case _:
                return athlete(read_document(SLUG, Person, document))


def _check_secret(request: NoticeRequest, app: AppAccess) -> None:
    given = request.headers.get("authorization", "")
    if not app.notice_secret or not hmac.compare_digest(given.encode(), authorization(app).encode()):
        raise NoticeRefusedError(SLUG, "the Authorization is missing or wrong")


PROVIDER = GoogleHealth()
