"""GARMIN: the Connect Developer Program's Health, Activity and Women's Health APIs, which push what they have.

Each kind of data has a file with the vendor's documents of it and what they are in Terra's words; `pushes` reads what is
pushed. What is known of the vendor, and how surely, is in docs/providers/garmin.md.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import (
    NoticeRefusedError,
    ProviderPendingError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers._base.client import delete, get_json, json_of, send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, OAuth2, Scopes
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers.garmin.document import SLUG
from wearable_gateway.providers.garmin.pushes import (
    Deregistration,
    PermissionsChange,
    Ping,
    Push,
    Told,
    permissions_in,
    read_pushes,
)
from wearable_gateway.providers.garmin.summaries import KINDS, documents, types_of
from wearable_gateway.unified.records import DataType, Record

_REST = "/wellness-api/rest/"
_USER_ID = _REST + "user/id"
_HISTORY = "HISTORICAL_DATA_EXPORT"
_SYNCED_LATE = timedelta(days=30)
"""For so long a device may have been away; what is older and comes now was asked for."""
_BACKFILLS = {
    DataType.ACTIVITY: ("activities", "activityDetails"),
    DataType.DAILY: ("dailies", "stressDetails", "hrv", "pulseOx"),
    DataType.SLEEP: ("sleeps",),
    DataType.BODY: ("bodyComps", "bloodPressures", "userMetrics", "pulseOx"),
    DataType.MENSTRUATION: ("mct",),
}
"""What a type of data is asked for with; the vendor does not always use the name it pushes under."""
_OF_TOKENS = ("access_token", "refresh_token", "expires_in", "token_type")
_NOT_SENT_AGAIN = {400, 409}
"""Further back than the vendor goes, and what was asked for before."""


class Garmin(Provider):
    slug = SLUG
    name = "Garmin"
    oauth = OAuth2(
        authorize_path="/oauth2Confirm",
        token_path="/di-oauth2-service/oauth/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=("ACTIVITY_EXPORT", "HEALTH_EXPORT", "MCT_EXPORT", _HISTORY),
        client_auth=ClientAuth.POST,
        # The end user chooses on the vendor's page, where history is not ticked unless they do.
        sends_scopes=False,
        refresh_early=timedelta(minutes=10),
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": "https://connect.garmin.com",
        "token": "https://diauth.garmin.com",
        "api": "https://apis.garmin.com",
    }
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = {
        DataType.ACTIVITY: ("ACTIVITY_EXPORT",),
        DataType.DAILY: ("HEALTH_EXPORT",),
        DataType.SLEEP: ("HEALTH_EXPORT",),
        DataType.BODY: ("HEALTH_EXPORT",),
        DataType.MENSTRUATION: ("MCT_EXPORT",),
    }
    window_days = 30
    backfills_by_notice = True
    notices_are_signed = False
    notice_status = 200
    largest_notice_bytes = 100 * 1024 * 1024
    # What is pushed needs no token, and a refresh token that is not used for 90 days ends.
    probe_every = timedelta(days=30)

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock

    def token_answer(self, status: int, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Its `scope` is the same for everybody and says nothing of what was allowed."""
        if status < httpx.codes.BAD_REQUEST:
            return {name: answer[name] for name in _OF_TOKENS if name in answer}
        if any("token is not active" in str(value).lower() for value in answer.values()):
            return {"error": "invalid_grant"}
        return answer

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        me = await get_json(SLUG, client, _USER_ID)
        if not isinstance(me, dict) or not isinstance(me.get("userId"), str) or not me["userId"]:
            raise ProviderUnavailableError(SLUG, "the account has no id")
        given = permissions_in(await get_json(SLUG, client, _REST + "user/permissions"))
        if given is None:
            raise ProviderUnavailableError(SLUG, "the account has no permissions")
        return Account(me["userId"], given)

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, _USER_ID)

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        """Ends the registration for good, whoever's tokens call it; the vendor tells it back as a deregistration."""
        await delete(SLUG, access.client, _REST + "user/registration")

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        """Nothing is signed: the address is the secret, and the header only shows whose notice went astray."""
        claimed = request.headers.get("garmin-client-id")
        if claimed is not None and not hmac.compare_digest(claimed.encode(), app.client_id.encode()):
            raise NoticeRefusedError(SLUG, "this notice is for another app")

    def notices(self, body: bytes) -> Sequence[Notice]:
        now = self._clock()
        return [_notice(told, now) for told in read_pushes(body)]

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        raise NotImplementedError(f"{SLUG} is asked with backfill")

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        """What was pushed; what was only announced is pulled from the address that came with it, as it is."""
        if "url" not in notice.hints:
            return await super().fetch_noticed(access, notice, kinds)
        found: dict[DataType, list[Mapping[str, Any]]] = {}
        for summary in await _pulled(access, notice.hints["url"]):
            for kind, document in documents(notice.hints["summaries"], summary):
                if kind in kinds:
                    found.setdefault(kind, []).append(document)
        return found

    async def backfill(self, access: Access, ask: Ask) -> bool:
        """Without the end user's leave for history it would be refused each time: nothing more is to come then."""
        if _HISTORY not in access.scopes:
            return False
        # Today is pushed anyway, and an end that lies ahead might be refused.
        last = min(ask.end, self._clock().date() - timedelta(days=1))
        if ask.start > last:
            return False
        asked = [await _backfilled(access, name, ask.start, last) for name in _BACKFILLS[ask.kind]]
        return any(asked)

    def limited_to(self, record: Record, scopes: Collection[str]) -> Record | None:
        """Old days are history: a push of them may have been asked for in another developer's name."""
        synced_late_at_most = self._clock().date() - _SYNCED_LATE
        if record.day < synced_late_at_most and _HISTORY not in scopes:
            return None
        return super().limited_to(record, scopes)

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        summary = KINDS.get(str(document.get("document")))
        if summary is None or summary.data_type is not kind:
            return None
        return summary.unify(read_document(SLUG, summary.model, document))


def _notice(told: Told, now: datetime) -> Notice:
    """Neither what is pushed nor a deregistration says when it came to be, and each may rightly come again.

    So the minute tells a deregistration from one before the user came back, and summaries from the same asked for after
    a new consent. A repeat that looks new for it does no harm: a revocation is confirmed by a call before it is
    believed, and data is compared with what is stored.
    """
    match told:
        case Deregistration(user):
            return Notice(f"deregistration:{user}:{now:%Y-%m-%dT%H:%M}", NoticeKind.REVOKED, user)
        case PermissionsChange(user, changed, permissions):
            key = f"permissions:{user}:{changed or now:%Y-%m-%dT%H:%M:%S}:{','.join(permissions)}"
            return Notice(key, NoticeKind.SCOPES_CHANGED, user, occurred_at=changed, scopes=permissions)
        case Ping(user, name, url):
            return Notice(
                f"ping:{user}:{name}:{url}",
                NoticeKind.DATA_CHANGED,
                user,
                data_types=types_of(name),
                hints={"summaries": name, "url": url},
            )
        case Push(user, found):
            return Notice(
                f"push:{user}:{now:%Y-%m-%dT%H:%M}:{_digest(found)}",
                NoticeKind.DATA_CHANGED,
                user,
                data_types=tuple(found),
                documents=found,
            )


def _digest(found: Mapping[DataType, Any]) -> str:
    try:
        return hashlib.sha256(json.dump_sorted(list(found.items()))).hexdigest()
    except TypeError as error:
        # Read, but too deep to be written again, and so to be kept.
        raise NoticeRefusedError(SLUG, "the body is no list of summaries") from error


async def _pulled(access: Access, url: str) -> list[Mapping[str, Any]]:
    """The summaries at a callback URL, if it is the vendor's: it came unsigned, and our token goes where it points."""
    home = access.client.base_url
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ProviderRejectedError(SLUG, "a callback URL is none", httpx.codes.BAD_REQUEST) from error
    if (target.scheme, target.host, target.port) != (home.scheme, home.host, home.port):
        raise ProviderRejectedError(SLUG, "a callback URL points elsewhere", httpx.codes.BAD_REQUEST)
    if not target.path.startswith(_REST):
        raise ProviderRejectedError(SLUG, "a callback URL is none of data", httpx.codes.BAD_REQUEST)
    answer = json_of(SLUG, await send(SLUG, access.client, "GET", url))
    if not isinstance(answer, list):
        raise ProviderUnavailableError(SLUG, "the answer is no list of summaries")
    return [
        summary
        for summary in answer
        if isinstance(summary, dict) and summary.get("userId", access.account_id) == access.account_id
    ]


async def _backfilled(access: Access, name: str, first: date, last: date) -> bool:
    """Whether the vendor will push these days now. The same days always make the same request, and no two overlap."""
    days = {
        "summaryStartTimeInSeconds": str(_midnight(first)),
        "summaryEndTimeInSeconds": str(_midnight(last + timedelta(days=1))),
    }
    try:
        await send(SLUG, access.client, "GET", f"{_REST}backfill/{name}", params=days)
    except ProviderPendingError:
        return True
    except ProviderRejectedError as error:
        if error.status not in _NOT_SENT_AGAIN:
            raise
        return False
    return True


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


PROVIDER = Garmin()
