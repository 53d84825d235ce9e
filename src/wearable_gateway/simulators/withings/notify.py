"""Who is told of what: a subscription for each person, kind of event (`appli`) and callback; forms without signature."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import httpx
from starlette.requests import Request
from starlette.responses import Response

from wearable_gateway.simulators._base.book import Person
from wearable_gateway.simulators._base.sending import Sent
from wearable_gateway.simulators.withings.envelopes import (
    CALLBACK_WRONG,
    INVALID,
    NOT_ALLOWED,
    NOT_THERE,
    envelope,
    fault,
)

if TYPE_CHECKING:
    from wearable_gateway.simulators.withings import Withings

SCOPES = {
    1: "user.metrics",
    2: "user.metrics",
    4: "user.metrics",
    16: "user.activity",
    44: "user.activity",
    46: "user.info",
    50: "user.sleepevents",
    51: "user.sleepevents",
    54: "user.activity",
}
_LONGEST_URL = 255
_NEVER = 2_147_483_647

Profile = dict[str, Any]


class Notify:
    def __init__(self, vendor: "Withings") -> None:
        self._vendor = vendor
        vendor.sender.gave_up = self._forget

    async def answer(self, request: Request) -> Response:
        person = self._vendor.caller(request)
        form = {name: str(value) for name, value in (await request.form()).items()}
        match form.get("action"):
            case "subscribe":
                return await self._subscribe(person, form)
            case "list":
                wanted = form.get("appli")
                found = [one for one in profiles_of(person) if wanted in {None, str(one["appli"])}]
                return envelope({"profiles": found})
            case "revoke":
                return self._revoke(person, form)
            case _:
                return fault(NOT_THERE, "Not implemented")

    async def _subscribe(self, person: Person, form: Mapping[str, str]) -> Response:
        appli, url = form.get("appli", ""), form.get("callbackurl", "")
        if not appli.isdigit() or int(appli) not in SCOPES:
            return fault(INVALID, "Invalid Params: invalid appli")
        if SCOPES[int(appli)] not in (person.scopes or ()):
            return fault(NOT_ALLOWED, "Unauthorized")
        if len(url) > _LONGEST_URL or not await _is_there(url):
            return fault(CALLBACK_WRONG, "Callback URL is either absent or incorrect")
        known = {(one["appli"], one["callbackurl"]) for one in profiles_of(person)}
        if (int(appli), url) not in known:
            made = {"appli": int(appli), "callbackurl": url, "expires": _NEVER}
            profiles_of(person).append({**made, "comment": form.get("comment", "")})
        return envelope({})

    def _revoke(self, person: Person, form: Mapping[str, str]) -> Response:
        gone = [
            one
            for one in profiles_of(person)
            if one["callbackurl"] == form.get("callbackurl")
            and form.get("appli") in {None, str(one["appli"])}
        ]
        if not gone:
            return fault(INVALID, "Invalid Params: no such subscription")
        person.more["profiles"] = [one for one in profiles_of(person) if one not in gone]
        return envelope({})

    def tell(self, person: Person, appli: int, **fields: str) -> None:
        """To every callback that asked for it."""
        body = urlencode({"userid": person.id, "appli": appli, **fields}).encode()
        for profile in profiles_of(person):
            if profile["appli"] == appli:
                self._vendor.tell(body, _headers, profile["callbackurl"])

    def _forget(self, sent: Sent) -> None:
        """A subscription whose callback failed to the end is over, and nobody is told."""
        form = parse_qs(sent.body.decode())
        person = self._vendor.find(form["userid"][0])
        if person is not None:
            gone = (int(form["appli"][0]), sent.url)
            person.more["profiles"] = [
                one for one in profiles_of(person) if (one["appli"], one["callbackurl"]) != gone
            ]


def profiles_of(person: Person) -> list[Profile]:
    found: list[Profile] = person.more.setdefault("profiles", [])
    return found


def _headers(_body: bytes) -> Mapping[str, str]:
    return {"content-type": "application/x-www-form-urlencoded"}


async def _is_there(url: str) -> bool:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        try:
            return (await http.head(url)).is_success
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
