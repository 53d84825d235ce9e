"""POLAR: Polar Flow, by AccessLink v3 (https://www.polar.com/accesslink-api/).

This file holds the protocol; each kind of data has a file with the vendor's documents of it and what they are in
Terra's words.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from wearable_gateway.errors import NoticeRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import send
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.facts import ClientAuth, Limit, OAuth2, Poll, Scopes, Usage
from wearable_gateway.providers._base.notices import Notice, NoticeAnswer, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Account, AppAccess, Ask, Documents, Tokens
from wearable_gateway.providers.polar import calls
from wearable_gateway.providers.polar.document import SLUG, with_one_spelling
from wearable_gateway.providers.polar.notices import (
    ACTIVITY_SUMMARY,
    CONTINUOUS_HEART_RATE,
    EXERCISE,
    SLEEP,
    is_ping,
    read_notice,
)
from wearable_gateway.providers.polar.records import READERS, reader_of
from wearable_gateway.providers.polar.registration import is_registered, register
from wearable_gateway.providers.polar.webhook import SECRET, look_after
from wearable_gateway.unified.records import DataType, Record

_SCOPE = "accesslink.read_all"
_SIGNATURE = "polar-webhook-signature"
_LONGEST_NUMBER = 10
_WINDOWS = (timedelta(minutes=15), timedelta(days=1))
_OF_ONE_DAY = {
    SLEEP: calls.night_of,
    ACTIVITY_SUMMARY: calls.activity_of,
    CONTINUOUS_HEART_RATE: calls.heart_rates_of,
}


class Polar(Provider):
    slug = SLUG
    name = "Polar"
    oauth = OAuth2(
        authorize_path="/oauth2/authorization",
        token_path="/v2/oauth2/token",  # noqa: S106 - a path
        revoke_path=None,
        scopes=(_SCOPE,),
        client_auth=ClientAuth.BASIC,
        pkce=False,
    )
    default_hosts: ClassVar[Mapping[str, str]] = {
        "authorize": "https://flow.polar.com",
        "token": "https://polarremote.com",
        "api": "https://www.polaraccesslink.com",
    }
    data_scopes: ClassVar[Mapping[DataType, Scopes]] = dict.fromkeys(READERS, (_SCOPE,))
    window_days = calls.LONGEST_RANGE_DAYS
    # Neither a Nightly Recharge nor a test on the wrist is told of.
    polls = (Poll((DataType.SLEEP, DataType.BODY), every=timedelta(hours=6), days=2),)
    # For an app without users; 20 and 100 more for each, which the vendor's answers say.
    limits = (Limit(500, _WINDOWS[0]), Limit(5000, _WINDOWS[1]))
    notices_are_signed = True
    notice_status = 200
    app_upkeep_every = timedelta(days=1)
    probe_every = timedelta(days=1)

    async def account(self, client: httpx.AsyncClient, app: AppAccess, tokens: Tokens) -> Account:
        user_id = str(tokens.extra.get("x_user_id", ""))
        if not user_id.isascii() or not user_id.isdigit():
            raise ProviderUnavailableError(SLUG, "the token answer does not say whose it is")
        await register(client, app, user_id)
        return Account(user_id, (_SCOPE,))

    async def probe(self, access: Access) -> None:
        if not await is_registered(access.client, access.account_id):
            # The token was taken, so it lives; that nobody is registered under the id is not explained.
            raise ProviderUnavailableError(SLUG, "the vendor does not know the account just now")

    async def revoke(self, access: Access, tokens: Tokens) -> None:
        # https://www.polar.com/accesslink-api/#delete-user
        await send(SLUG, access.client, "DELETE", f"/v3/users/{access.account_id}")

    def usage(self, headers: Mapping[str, str], now: datetime) -> Sequence[Usage]:
        used, most, resets = (
            _numbers(headers.get(f"ratelimit-{name}", "")) for name in ("usage", "limit", "reset")
        )
        known = zip(_WINDOWS, most, used, (*resets, None, None), strict=False)
        return [
            Usage(window, calls=limit, used=taken, resets_in=reset) for window, limit, taken, reset in known
        ]

    def answer(self, request: NoticeRequest, app: AppAccess) -> NoticeAnswer | None:
        # A webhook is tried before its secret is told: nobody could sign this, and it changes nothing.
        return NoticeAnswer(200) if request.method == "POST" and is_ping(request.body) else None

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        secret = app.extra.get(SECRET, "")
        wanted = hmac.digest(secret.encode(), request.body, "sha256").hex()
        given = request.headers.get(_SIGNATURE, "").lower()
        if not secret or not hmac.compare_digest(given.encode(), wanted.encode()):
            raise NoticeRefusedError(
                SLUG, "the signature is missing or wrong, or there is no webhook of ours"
            )

    def notices(self, body: bytes) -> Sequence[Notice]:
        notice = read_notice(body)
        return [] if notice is None else [notice]

    async def subscribe_app(
        self, client: httpx.AsyncClient, app: AppAccess, notice_url: str
    ) -> Mapping[str, str]:
        return await look_after(client, app, notice_url)

    async def fetch_noticed(self, access: Access, notice: Notice, kinds: Collection[DataType]) -> Documents:
        if not set(notice.data_types) & set(kinds):
            return {}
        (kind,), event = notice.data_types, str(notice.hints["event"])
        if event == EXERCISE:
            return {kind: await calls.exercise(access, str(notice.hints["id"]))}
        of_one_day = _OF_ONE_DAY.get(event)
        if of_one_day is None or notice.start is None or notice.start != notice.end:
            return await super().fetch_noticed(access, notice, kinds)
        return {kind: await of_one_day(access, notice.start)}

    async def fetch(self, access: Access, ask: Ask) -> Sequence[Mapping[str, Any]]:
        match ask.kind:
            case DataType.ACTIVITY:
                return await calls.exercises(access, ask.start, ask.end, samples=ask.samples)
            case DataType.DAILY:
                return await calls.days(access, ask.start, ask.end, samples=ask.samples)
            case DataType.SLEEP:
                return await calls.nights(access, ask.start, ask.end)
            case DataType.BODY:
                return await calls.bodies(access, ask.start, ask.end)
            case _:
                return await calls.user(access)

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        model, unify = reader_of(kind, document)
        return unify(read_document(SLUG, model, with_one_spelling(document)))


def _numbers(text: str) -> list[int]:
    """The numbers of a header, the short window's first; none where there is anything else in it."""
    parts = [part.strip() for part in text.split(",")]
    are_numbers = all(part.isascii() and part.isdigit() and len(part) < _LONGEST_NUMBER for part in parts)
    return [int(part) for part in parts] if are_numbers else []


PROVIDER = Polar()
