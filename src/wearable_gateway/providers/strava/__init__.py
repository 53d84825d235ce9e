"""STRAVA: activities, and who the athlete is.

Each kind of data has a file with the vendor's documents of it and what they are in Terra's words. This one holds the
protocol, and alone knows the base of all providers. https://developers.strava.com/docs/
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import (
    NoticeRefusedError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.kit.signatures import verify_timed_signature
from wearable_gateway.providers._base.client import get_json, json_of, send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import (
    AppField,
    ClientAuth,
    Limit,
    OAuth2,
    Poll,
    Scopes,
    Usage,
)
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers.strava.activities import DetailedActivity, Started, activity
from wearable_gateway.providers.strava.document import SLUG
from wearable_gateway.providers.strava.events import Event
from wearable_gateway.providers.strava.limits import WINDOWS, calls_used
from wearable_gateway.providers.strava.profile import Profile, athlete
from wearable_gateway.providers.strava.streams import KEYS
from wearable_gateway.providers.strava.token_answers import in_rfc_words
from wearable_gateway.unified.records import DataType, Record

_ATHLETE = "/athlete"
_SUBSCRIPTIONS = "/push_subscriptions"
_PER_PAGE = 200
_MOST_PAGES = 500
_A_DAY = timedelta(days=1)


class Strava(Provider):
    slug = SLUG
    name = "Strava"
    own_app_only = True
    oauth = OAuth2(
        authorize_path="/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106 - a path
        revoke_path=None,
        # The end user may take the box of private activities off; what is left is in the redirect's query.
        scopes=("read", "activity:read", "activity:read_all"),
        client_auth=ClientAuth.POST,
        scope_separator=",",
        pkce=False,
        authorize_extra={"approval_prompt": "auto"},
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": "https://www.strava.com",
        "token": "https://www.strava.com",
        "revoke": "https://www.strava.com",
        # From 2027-06-01 at https://www.api-v3.strava.com.
        "api": "https://www.strava.com/api/v3",
    }
    app_fields = (
        AppField(
            "signing_secret",
            "Verifies X-Strava-Signature of what Strava pushes; without it the header is not looked at.",
            required=False,
        ),
        AppField(
            "revocation",
            "How a grant is given back: deauthorize (until 2027-06-01, taken when this is empty) or revoke.",
            required=False,
        ),
    )
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.ACTIVITY: ("activity:read", "activity:read_all"),
        DataType.ATHLETE: ("read",),
    }
    # A push is tried three times at most, and none tells that a profile has changed.
    polls = (Poll((DataType.ACTIVITY,), _A_DAY, days=2), Poll((DataType.ATHLETE,), 7 * _A_DAY, days=1))
    # What a new app has for reading; what an older one has is in the headers of the first answer.
    limits = tuple(Limit(calls, window) for calls, window in zip((100, 1000), WINDOWS, strict=True))
    # Clients contradict each other on which key signs, if any does.
    notices_are_signed = False
    notice_status = 200
    app_upkeep_every = timedelta(hours=12)

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        return in_rfc_words(status, answer)

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        stated = tokens.extra.get("athlete_id")
        if isinstance(stated, int):
            return Account(str(stated))
        try:
            return Account(str(read_document(SLUG, Profile, await _object(client, _ATHLETE)).id))
        except ValidationError as error:
            raise ProviderUnavailableError(SLUG, "the athlete has no id") from error

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, _ATHLETE)

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        """https://developers.strava.com/docs/authentication/#deauthorization. Raises ProviderError."""
        host = access.app.hosts["revoke"]
        if access.app.extra.get("revocation") != "revoke":
            try:
                await send(SLUG, access.client, "POST", f"{host}/oauth/deauthorize")
            except ProviderRejectedError:
                # Its days are numbered; that it is no more must not pass for a grant that is.
                pass
            else:
                return
        form = {"token": tokens.refresh or tokens.access}
        client = httpx.BasicAuth(access.app.client_id, access.app.client_secret)
        await send(SLUG, access.client, "POST", f"{host}/oauth/revoke", data=form, auth=client)

    def usage(self, headers: Mapping[str, str], now: datetime) -> Sequence[Usage]:
        return [Usage(window, calls, used) for window, calls, used in calls_used(headers)]

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        """The challenge, which comes while the subscription is being asked for."""
        challenge = request.query.get("hub.challenge")
        if request.method != "GET" or request.query.get("hub.mode") != "subscribe" or not challenge:
            return None
        if not _same(request.query.get("hub.verify_token", ""), app.notice_secret):
            raise NoticeRefusedError(SLUG, "the verify token is not ours")
        return NoticeAnswer(200, {"hub.challenge": challenge})

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        """Its secret address has already been looked at."""
        secret = app.extra.get("signing_secret")
        signature = request.headers.get("x-strava-signature", "")
        if secret and not verify_timed_signature(
            signature, secret, request.body, request.received_at.timestamp()
        ):
            raise NoticeRefusedError(SLUG, "the signature is not good")
        known = app.extra.get("subscription_id")
        if known and not _same(str(_event(request.body).subscription_id), known):
            raise NoticeRefusedError(SLUG, "it is of another subscription")

    def notices(self, body: bytes) -> Sequence[Notice]:
        event = _event(body)
        kind = _kind(event)
        return [
            Notice(
                key=event.key,
                kind=kind,
                account_id=str(event.owner_id),
                occurred_at=event.occurred_at,
                data_types=(DataType.ACTIVITY,) if event.is_of_activity else (),
                record_keys=(str(event.object_id),) if kind is NoticeKind.DATA_DELETED else (),
                hints={"activity_id": event.object_id} if kind is NoticeKind.DATA_CHANGED else {},
            )
        ]

    async def subscribe_app(
        self, client: httpx.AsyncClient, app: AppAccess, notice_url: str
    ) -> Mapping[str, str]:
        """https://developers.strava.com/docs/webhooks/#subscriptions: an app may have one."""
        own = {"client_id": app.client_id, "client_secret": app.client_secret}
        for found in _objects(await get_json(SLUG, client, _SUBSCRIPTIONS, **own)):
            if found.get("callback_url") == notice_url:
                return {"subscription_id": str(found.get("id", ""))}
            if not _is_of_same_app(str(found.get("callback_url")), notice_url):
                raise ProviderRejectedError(
                    SLUG, "the app's one push subscription is in use elsewhere; delete it there", 409
                )
            await send(SLUG, client, "DELETE", f"{_SUBSCRIPTIONS}/{found.get('id')}", params=own)
        form = {**own, "callback_url": notice_url, "verify_token": app.notice_secret}
        made = json_of(SLUG, await send(SLUG, client, "POST", _SUBSCRIPTIONS, data=form))
        if not isinstance(made, dict) or not made.get("id"):
            raise ProviderUnavailableError(SLUG, "the subscription has no id")
        return {"subscription_id": str(made["id"])}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        if ask.kind is DataType.ATHLETE:
            return [await _object(access.client, _ATHLETE)]
        found: list[Mapping[str, Any]] = []
        for listed in await _listed(access.client, ask.start, ask.end):
            found.extend(await _activities(access.client, listed, samples=ask.samples))
        return found

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        number = notice.hints.get("activity_id")
        if number is None or DataType.ACTIVITY not in kinds:
            return await super().fetch_noticed(access, notice, kinds)
        return {DataType.ACTIVITY: await _activities(access.client, int(number), samples=True)}

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        if kind is DataType.ATHLETE:
            return athlete(read_document(SLUG, Profile, document))
        return activity(read_document(SLUG, DetailedActivity, document))


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


def _event(body: bytes) -> Event:
    try:
        return Event.model_validate_json(body)
    except ValidationError as error:
        raise NoticeRefusedError(SLUG, "it is no event of Strava's") from error


def _kind(event: Event) -> NoticeKind:
    if event.ends_consent:
        return NoticeKind.REVOKED
    if not event.is_of_activity:
        return NoticeKind.PING
    return NoticeKind.DATA_DELETED if event.aspect_type == "delete" else NoticeKind.DATA_CHANGED


def _is_of_same_app(callback_url: str, notice_url: str) -> bool:
    """Whether it is an earlier address of ours: this gateway elsewhere, or with another secret at the end."""
    earlier, current = (urlsplit(url).path.rpartition("/")[0] for url in (callback_url, notice_url))
    return earlier == current


async def _listed(client: httpx.AsyncClient, start: date, end: date) -> list[int]:
    """The ids of the activities that began on a local day from `start` to `end`."""
    # The vendor compares with UTC, from which no place is a whole day away.
    asked = {
        "after": str(_midnight(start - _A_DAY)),
        "before": str(_midnight(end + 2 * _A_DAY)),
        "per_page": str(_PER_PAGE),
    }
    found: list[int] = []
    # A page may be short of what the athlete hides, and yet not be the last.
    for page in range(1, _MOST_PAGES + 1):
        items = _objects(await get_json(SLUG, client, "/athlete/activities", **asked, page=str(page)))
        if not items:
            return found
        found.extend(
            started.id for started in map(_started, items) if started and start <= started.day <= end
        )
    raise ProviderUnavailableError(SLUG, "the list of activities does not end")


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _started(item: Mapping[str, Any]) -> Started | None:
    try:
        return read_document(SLUG, Started, item)
    except ValidationError:
        return None


async def _activities(client: httpx.AsyncClient, number: int, *, samples: bool) -> list[Mapping[str, Any]]:
    """The activity with its series and zones; none when it went away or was made private meanwhile."""
    path = f"/activities/{number}"
    try:
        document = await _object(client, path, include_all_efforts="false")
    except ProviderRejectedError as error:
        if error.status != httpx.codes.NOT_FOUND:
            raise
        return []
    parts: dict[str, object] = {}
    if samples:
        parts["streams"] = await _if_any(client, f"{path}/streams", keys=KEYS, key_by_type="true")
    if "heartrate" in (document.get("available_zones") or ()):
        parts["zones"] = await _if_any(client, f"{path}/zones")
    return [{**document, **{name: part for name, part in parts.items() if part is not None}}]


async def _if_any(client: httpx.AsyncClient, path: str, **params: str) -> object:
    """What stands at `path`; None where the activity has no such thing, or the athlete does not pay for it."""
    try:
        return await get_json(SLUG, client, path, **params)
    except ProviderRejectedError:
        return None
    except ProviderRefusedError as error:
        if error.status == httpx.codes.UNAUTHORIZED:
            raise
        return None


async def _object(client: httpx.AsyncClient, path: str, **params: str) -> Mapping[str, Any]:
    answer = await get_json(SLUG, client, path, **params)
    if not isinstance(answer, dict):
        raise ProviderUnavailableError(SLUG, "the answer is no object")
    return answer


def _objects(answer: object) -> list[Mapping[str, Any]]:
    if not isinstance(answer, list):
        raise ProviderUnavailableError(SLUG, "the answer is no list")
    return [item for item in answer if isinstance(item, dict)]


PROVIDER = Strava()
