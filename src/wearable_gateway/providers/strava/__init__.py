"""STRAVA: activities, and who the athlete is.

This file holds the protocol; each kind of data has a file with the vendor's documents of it and what they are in
Terra's words. https://developers.strava.com/docs/
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import (
    NoticeRefusedError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.kit.signatures import verify_timed_signature
from wearable_gateway.providers._base.client import get_json, send
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
from wearable_gateway.providers.strava.activities import READ_ALL, DetailedActivity, activity
from wearable_gateway.providers.strava.document import SLUG
from wearable_gateway.providers.strava.events import Event
from wearable_gateway.providers.strava.fetching import (
    ATHLETE,
    activity_documents,
    athlete_document,
    list_activities,
)
from wearable_gateway.providers.strava.limits import WINDOWS, calls_used
from wearable_gateway.providers.strava.profile import Profile, athlete
from wearable_gateway.providers.strava.subscriptions import subscribe
from wearable_gateway.providers.strava.token_answers import in_rfc_words
from wearable_gateway.unified.records import DataType, Record

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
        scopes=("read", "activity:read", READ_ALL),
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
        DataType.ACTIVITY: ("activity:read", READ_ALL),
        DataType.ATHLETE: ("read",),
    }
    # So that what a week holds is fetched within a quarter of an hour, or each try would begin anew and none would end.
    window_days = 7
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
        if isinstance(stated, int) and not isinstance(stated, bool):
            return Account(str(stated))
        try:
            return Account(str(read_document(SLUG, Profile, await athlete_document(client)).id))
        except ValidationError as error:
            raise ProviderUnavailableError(SLUG, "the athlete has no id") from error

    async def probe(self, access: Access) -> None:
        await get_json(SLUG, access.client, ATHLETE)

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
        try:
            await send(SLUG, access.client, "POST", f"{host}/oauth/revoke", data=form, auth=client)
        except (ProviderRefusedError, ProviderRejectedError) as error:
            # It answers 200 for a token that is dead already, so this is no grant that is gone.
            raise ProviderUnavailableError(SLUG, f"revocation {error.detail}") from error

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
        return {"subscription_id": await subscribe(client, app, notice_url)}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        if ask.kind is DataType.ATHLETE:
            return [await athlete_document(access.client)]
        return [
            document
            for number in await list_activities(access.client, ask.start, ask.end)
            for document in await activity_documents(access.client, number, samples=ask.samples)
        ]

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        number = notice.hints.get("activity_id")
        if number is None or DataType.ACTIVITY not in kinds:
            return await super().fetch_noticed(access, notice, kinds)
        return {DataType.ACTIVITY: await activity_documents(access.client, int(number), samples=True)}

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


PROVIDER = Strava()
