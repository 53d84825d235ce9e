"""WHOOP: straps by WHOOP, by version 2 of its API (https://developer.whoop.com/api).

This file holds the protocol. `reading` knows which calls bring what, `signing` what proves a notice, and each kind of
data has a file with the vendor's documents of it and what they are in Terra's words.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import NoticeRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import delete, get_json
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, Limit, OAuth2, Poll, Scopes, Usage
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers.whoop import reading
from wearable_gateway.providers.whoop.bodies import Measured, body, skin
from wearable_gateway.providers.whoop.days import CycleDay, daily
from wearable_gateway.providers.whoop.document import SLUG, Document
from wearable_gateway.providers.whoop.profile import Profile, athlete
from wearable_gateway.providers.whoop.rates import read_rates
from wearable_gateway.providers.whoop.signing import is_signed
from wearable_gateway.providers.whoop.sleeps import Night, sleep
from wearable_gateway.providers.whoop.workouts import Workout, activity
from wearable_gateway.unified.records import DataType, Record

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_READERS: Mapping[DataType, tuple[type[Document], Callable[[Any], Record | None]]] = {
    DataType.DAILY: (CycleDay, daily),
    DataType.ACTIVITY: (Workout, activity),
    DataType.SLEEP: (Night, sleep),
    DataType.BODY: (Measured, body),
    DataType.ATHLETE: (Profile, athlete),
}
_CHANGED = {
    "workout.updated": (DataType.ACTIVITY,),
    "sleep.updated": (DataType.SLEEP,),
    # What somebody recovered is told of the day, of the night it came from, and of the skin that night.
    "recovery.updated": (DataType.DAILY, DataType.SLEEP, DataType.BODY),
}
_DELETED = {"workout.deleted": (DataType.ACTIVITY,), "sleep.deleted": (DataType.SLEEP,)}
_RECOVERY: Scopes = ("read:recovery",)
_NAMES_ACCOUNT = {
    "read:profile": reading.PROFILE,
    "read:cycles": reading.CYCLES,
    "read:recovery": reading.RECOVERIES,
    "read:sleep": reading.SLEEPS,
    "read:workout": reading.WORKOUTS,
}
"""Whatever may be read names the account that it is of."""


class _NoticeBody(Document):
    user_id: int
    id: str | int
    type: str
    trace_id: str


class Whoop(Provider):
    slug = SLUG
    name = "WHOOP"
    oauth = OAuth2(
        authorize_path="/oauth/oauth2/auth",
        token_path="/oauth/oauth2/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=(
            "offline",
            "read:recovery",
            "read:cycles",
            "read:workout",
            "read:sleep",
            "read:profile",
            "read:body_measurement",
        ),
        client_auth=ClientAuth.POST,
        pkce=False,
        # https://developer.whoop.com/docs/tutorials/refresh-token-javascript
        refresh_extra={"scope": "offline"},
    )
    default_hosts: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("authorize", "token", "api"), "https://api.prod.whoop.com"
    )
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.DAILY: ("read:cycles",),
        DataType.ACTIVITY: ("read:workout",),
        DataType.SLEEP: ("read:sleep",),
        DataType.BODY: ("read:body_measurement", "read:recovery"),
        DataType.ATHLETE: ("read:profile",),
    }
    part_scopes: ClassVar[Mapping[DataType, Mapping[str, Scopes]]] = {
        # The heart rates of a day are a cycle's and a recovery's together; they go with the more private of the two.
        DataType.DAILY: dict.fromkeys(("heart_rate_data", "oxygen_data", "scores"), _RECOVERY),
        DataType.SLEEP: dict.fromkeys(("heart_rate_data", "readiness_data"), _RECOVERY),
        DataType.BODY: {
            "heart_data": ("read:body_measurement",),
            "measurements_data": ("read:body_measurement",),
            "temperature_data": _RECOVERY,
        },
    }
    polls = (
        # Nothing tells of cycles, and their strain grows all day.
        Poll((DataType.DAILY,), every=timedelta(hours=6), days=2),
        # Notices get lost: https://developer.whoop.com/docs/developing/webhooks asks for this.
        Poll(
            (DataType.ACTIVITY, DataType.SLEEP, DataType.BODY, DataType.ATHLETE),
            every=timedelta(days=1),
            days=3,
        ),
    )
    limits = (Limit(100, timedelta(minutes=1)), Limit(10_000, timedelta(days=1)))
    notices_are_signed = True

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        # Asked for `offline` at a refresh, it may answer that alone; what may be read has not changed for it.
        if answer.get("scope") == "offline":
            return {name: value for name, value in answer.items() if name != "scope"}
        return answer

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        answer = await _ask_whose(client, tokens.scopes)
        if isinstance(answer, dict) and isinstance(records := answer.get("records"), list):
            answer = next(iter(records), None)
        user_id = answer.get("user_id") if isinstance(answer, dict) else None
        if not isinstance(user_id, int) or isinstance(user_id, bool):
            raise ProviderUnavailableError(SLUG, "nothing that may be read says whose it is")
        return Account(str(user_id))

    async def probe(self, access: Access) -> None:
        await _ask_whose(access.client, access.scopes)

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        await delete(SLUG, access.client, "/developer/v2/user/access")

    def usage(self, headers: Mapping[str, str], now: datetime) -> Sequence[Usage]:
        return [
            Usage(timedelta(seconds=rate.window_seconds), rate.calls, rate.used, resets_in=rate.resets_in)
            for rate in read_rates(headers)
        ]

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        if not is_signed(request.headers, request.body, app.client_secret, request.received_at):
            raise NoticeRefusedError(SLUG, "the signature is missing, wrong or older than five minutes")

    def notices(self, body: bytes) -> Sequence[Notice]:
        try:
            read = _NoticeBody.model_validate_json(body)
        except ValidationError as error:
            raise NoticeRefusedError(SLUG, "the body is not a notice") from error
        item = str(read.id)
        deleted, named = read.type in _DELETED, _ID.fullmatch(item) is not None
        kinds = (_DELETED if deleted else _CHANGED).get(read.type, ())
        # Version 1 names things by numbers, which say nothing here: what changed is looked for among the last days.
        if not kinds or (deleted and not named):
            return []
        return [
            Notice(
                # One cause may be told in several notices, each with the cause's trace.
                key=f"{read.trace_id}/{read.type}/{item}",
                kind=NoticeKind.DATA_DELETED if deleted else NoticeKind.DATA_CHANGED,
                account_id=str(read.user_id),
                data_types=kinds,
                record_keys=(item,) if deleted else (),
                hints={"type": read.type, "id": item} if named else {},
            )
        ]

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        told, item = str(notice.hints.get("type")), notice.hints.get("id")
        if item is None:
            return await super().fetch_noticed(access, notice, kinds)
        if told.startswith("recovery."):
            return await self._recovery(access, notice, kinds)
        get = _getter(access.client)
        if told.startswith("workout."):
            workout = await reading.one(get, f"{reading.WORKOUTS}/{item}")
            return {DataType.ACTIVITY: [workout]} if workout else {}
        rest = await reading.one(get, f"{reading.SLEEPS}/{item}")
        return {DataType.SLEEP: [{"sleep": rest}]} if rest else {}

    async def _recovery(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        """A recovery is named by its sleep: https://developer.whoop.com/docs/developing/webhooks."""
        if "read:recovery" not in access.scopes:
            return {}
        get, rest = _getter(access.client), None
        if "read:sleep" in access.scopes:
            rest = await reading.one(get, f"{reading.SLEEPS}/{notice.hints['id']}")
            if rest is None:
                return {}
        if rest is None or not isinstance(rest.get("cycle_id"), int):
            return await super().fetch_noticed(access, notice, kinds)
        return await _after_a_night(get, rest, kinds)

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        get, recovers = _getter(access.client), "read:recovery" in access.scopes
        match ask.kind:
            case DataType.DAILY:
                return await reading.cycles_of(get, ask.start, ask.end, with_recovery=recovers)
            case DataType.ACTIVITY:
                return await reading.workouts_of(get, ask.start, ask.end)
            case DataType.SLEEP:
                return await reading.nights_of(get, ask.start, ask.end, with_recovery=recovers)
            case DataType.BODY:
                return await _bodies(get, access, ask)
            case _:
                profile = await reading.one(get, reading.PROFILE)
                return [profile] if profile else []

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        if kind is DataType.BODY and document.get("document") == "night":
            return skin(read_document(SLUG, Night, document))
        model, unify = _READERS[kind]
        return unify(read_document(SLUG, model, document))


def _getter(client: httpx.AsyncClient) -> reading.Get:
    async def get(path: str, **params: str) -> object:
        return await get_json(SLUG, client, path, **params)

    return get


async def _ask_whose(client: httpx.AsyncClient, scopes: Collection[str]) -> object:
    """The cheapest answer that says whose it is. Raises ProviderError."""
    path = next((path for scope, path in _NAMES_ACCOUNT.items() if scope in scopes), reading.PROFILE)
    one = {} if path == reading.PROFILE else {"limit": "1"}
    return await get_json(SLUG, client, path, **one)


async def _after_a_night(get: reading.Get, rest: reading.Item, kinds: Collection[DataType]) -> Documents:
    """What a recovery says, wherever it belongs."""
    recovery = await reading.recovery_of(get, rest)
    found: dict[DataType, Sequence[reading.Item]] = {
        DataType.SLEEP: [{"sleep": rest, "recovery": recovery}],
        DataType.BODY: [{"document": "night", "sleep": rest, "recovery": recovery}],
    }
    if DataType.DAILY in kinds:
        cycle = await reading.one(get, f"{reading.CYCLES}/{rest['cycle_id']}")
        found[DataType.DAILY] = [{"cycle": cycle, "recovery": recovery}] if cycle else []
    return {kind: documents for kind, documents in found.items() if kind in kinds}


async def _bodies(get: reading.Get, access: Access, ask: Ask) -> list[reading.Item]:
    """What the account says of the body today, if today is asked for, and how warm the skin was each night."""
    nights: list[reading.Item] = []
    if "read:sleep" in access.scopes:
        recovers = "read:recovery" in access.scopes
        nights = await reading.nights_of(get, ask.start, ask.end, with_recovery=recovers)
    found: list[reading.Item] = [{"document": "night", **night} for night in nights]
    today, offset = reading.today_of(nights, datetime.now(UTC))
    if "read:body_measurement" not in access.scopes or not ask.start <= today <= ask.end:
        return found
    measurement = await reading.one(get, reading.MEASUREMENT)
    if measurement is None:
        return found
    said = {"day": today.isoformat(), "timezone_offset": offset, "measurement": measurement}
    return [{"document": "measurement", **said}, *found]


PROVIDER = Whoop()
