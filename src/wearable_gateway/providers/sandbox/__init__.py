"""SANDBOX: the simulated vendor of `wearable_gateway.sandbox`, spoken to as if it were a real one.

Each kind of data has a file with the vendor's documents of it and what they are in Terra's words. This one holds the
protocol, and alone knows the base of all providers.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, Field, ValidationError

from wearable_gateway.errors import NoticeRefusedError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.kit.signatures import verify_timed_signature
from wearable_gateway.providers._base.client import delete, get_json, post_json
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import OAuth2, Scopes
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Tokens
from wearable_gateway.providers._base.times import windows
from wearable_gateway.providers.sandbox.bodies import Measured, body
from wearable_gateway.providers.sandbox.bodies_to_write import body_to_write
from wearable_gateway.providers.sandbox.cycles import CycleDay, menstruation
from wearable_gateway.providers.sandbox.days import DaySummary, daily
from wearable_gateway.providers.sandbox.document import SLUG, Document
from wearable_gateway.providers.sandbox.hormones import HormoneTest, hormone
from wearable_gateway.providers.sandbox.meals import DiaryDay, meals_to_write, nutrition
from wearable_gateway.providers.sandbox.observations import Observation, health_observation
from wearable_gateway.providers.sandbox.plans import Plan, plan_to_write, planned_workout
from wearable_gateway.providers.sandbox.profile import Profile, athlete
from wearable_gateway.providers.sandbox.sleeps import Rest, sleep
from wearable_gateway.providers.sandbox.workouts import Workout, activity
from wearable_gateway.providers.sandbox.workouts_to_write import workout_to_write
from wearable_gateway.providers.sandbox.writing import rejected
from wearable_gateway.unified.activity import Activity
from wearable_gateway.unified.body import Body
from wearable_gateway.unified.nutrition import Nutrition
from wearable_gateway.unified.planned_workout import PlannedWorkout
from wearable_gateway.unified.records import DataType, Record

_DAYS_PER_CALL = 31
_ID = re.compile(r"[a-z]+_[0-9a-f]+")
_PATHS = {
    DataType.DAILY: "/v1/days",
    DataType.ACTIVITY: "/v1/workouts",
    DataType.SLEEP: "/v1/sleeps",
    DataType.BODY: "/v1/body",
    DataType.MENSTRUATION: "/v1/cycles",
    DataType.NUTRITION: "/v1/meals",
    DataType.ATHLETE: "/v1/profile",
    DataType.PLANNED_WORKOUT: "/v1/plans",
    DataType.HORMONE: "/v1/hormones",
    DataType.HEALTH_OBSERVATION: "/v1/observations",
}
_READERS: Mapping[DataType, tuple[type[Document], Callable[[Any], Record]]] = {
    DataType.DAILY: (DaySummary, daily),
    DataType.ACTIVITY: (Workout, activity),
    DataType.SLEEP: (Rest, sleep),
    DataType.BODY: (Measured, body),
    DataType.MENSTRUATION: (CycleDay, menstruation),
    DataType.NUTRITION: (DiaryDay, nutrition),
    DataType.ATHLETE: (Profile, athlete),
    DataType.PLANNED_WORKOUT: (Plan, planned_workout),
    DataType.HORMONE: (HormoneTest, hormone),
    DataType.HEALTH_OBSERVATION: (Observation, health_observation),
}
_WRITERS: Mapping[DataType, tuple[type[BaseModel], Callable[[Any], dict[str, Any]]]] = {
    DataType.ACTIVITY: (Activity, workout_to_write),
    DataType.BODY: (Body, body_to_write),
    DataType.NUTRITION: (Nutrition, meals_to_write),
    DataType.PLANNED_WORKOUT: (PlannedWorkout, plan_to_write),
}
_NOTICES = {
    "data.updated": NoticeKind.DATA_CHANGED,
    "authorization.revoked": NoticeKind.REVOKED,
    "authorization.scopes_changed": NoticeKind.SCOPES_CHANGED,
    "ping": NoticeKind.PING,
}


class _NoticeBody(Document):
    id: str
    type: str
    account_id: str | None = None
    occurred_at: datetime | None = None
    kinds: tuple[str, ...] = ()
    day: date | None = Field(default=None, alias="date")
    scopes: tuple[str, ...] | None = None


class Sandbox(Provider):
    slug = SLUG
    name = "Sandbox Wearables"
    oauth = OAuth2(
        authorize_path="/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106 - a path
        revoke_path="/oauth/revoke",
        scopes=(
            "daily",
            "activity",
            "sleep",
            "body",
            "menstruation",
            "nutrition",
            "athlete",
            "planned_workout",
            "hormone",
            "health_observation",
            "write",
        ),
    )
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {kind: (kind.value,) for kind in _READERS}
    write_scopes: ClassVar[Mapping[DataType, str]] = dict.fromkeys(_WRITERS, "write")
    notices_are_signed = True

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        header = request.headers.get("sandbox-signature", "")
        if not verify_timed_signature(header, app.notice_secret, request.body, time.time()):
            raise NoticeRefusedError(SLUG, "the signature is missing, wrong or older than five minutes")

    def notices(self, body: bytes) -> Sequence[Notice]:
        try:
            read = _NoticeBody.model_validate_json(body)
        except ValidationError as error:
            raise NoticeRefusedError(SLUG, "the body is not a notice") from error
        kind = _NOTICES.get(read.type)
        if kind is None:
            return []
        return [
            Notice(
                key=read.id,
                kind=kind,
                account_id=read.account_id,
                occurred_at=read.occurred_at,
                data_types=tuple(DataType(name) for name in read.kinds if name in set(DataType)),
                start=read.day,
                end=read.day,
                scopes=read.scopes,
            )
        ]

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        if isinstance(stated := tokens.extra.get("account_id"), str):
            return Account(stated)
        me = await get_json(SLUG, client, "/v1/me")
        if not isinstance(me, dict) or not isinstance(me.get("account_id"), str):
            raise ProviderUnavailableError(SLUG, "the account has no id")
        return Account(str(me["account_id"]))

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, "/v1/me")

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        if ask.kind is DataType.ATHLETE:
            return [await _profile(access.client)]
        found: list[Mapping[str, Any]] = []
        for start, last in windows(ask.start, ask.end, _DAYS_PER_CALL):
            found.extend(
                await _items(access.client, ask.kind, start, last, "full" if ask.samples else "summary")
            )
        return found

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        model, unify = _READERS[kind]
        return unify(read_document(SLUG, model, document))

    async def write(self, access: Access, kind: DataType, item: Mapping[str, Any]) -> str:
        if kind not in _WRITERS:
            return await super().write(access, kind, item)
        model, for_vendor = _WRITERS[kind]
        try:
            answer = await post_json(
                SLUG, access.client, _PATHS[kind], for_vendor(read_document(SLUG, model, item))
            )
        except UnicodeEncodeError as error:
            raise rejected("the record", "holds text that is no Unicode") from error
        except ValidationError as error:
            place = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
            raise rejected(
                ".".join(map(str, place)) or "the record", "is missing or cannot be read"
            ) from error
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise ProviderUnavailableError(SLUG, "the answer has no id")
        return str(answer["id"])

    async def delete(self, access: Access, kind: DataType, log_id: str) -> None:
        if kind not in _WRITERS:
            return await super().delete(access, kind, log_id)
        if not _ID.fullmatch(log_id):
            raise ProviderRejectedError(SLUG, "no id here looks like this", httpx.codes.NOT_FOUND)
        await delete(SLUG, access.client, f"{_PATHS[kind]}/{log_id}")
        return None


async def _profile(client: httpx.AsyncClient) -> Mapping[str, Any]:
    answer = await get_json(SLUG, client, _PATHS[DataType.ATHLETE])
    if not isinstance(answer, dict):
        raise ProviderUnavailableError(SLUG, "the answer is no profile")
    return answer


async def _items(
    client: httpx.AsyncClient, kind: DataType, first: date, last: date, detail: str
) -> list[Mapping[str, Any]]:
    days = {"from": first.isoformat(), "to": last.isoformat()}
    answer = await get_json(SLUG, client, _PATHS[kind], **days, detail=detail)
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise ProviderUnavailableError(SLUG, "the answer has no items")
    return [item for item in items if isinstance(item, dict)]


PROVIDER = Sandbox()
