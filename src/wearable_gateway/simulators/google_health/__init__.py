"""Google Health, simulated (https://developers.google.com/health): Google's sign-in and its Health API v4."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators._base.tokens import TokenEndpoint, rfc_body
from wearable_gateway.simulators.google_health import catalogue
from wearable_gateway.simulators.google_health.asking import days_rolled_up, page_of, span_of
from wearable_gateway.simulators.google_health.data import ZONE, Data, camel, civil_time
from wearable_gateway.simulators.google_health.errors import error
from wearable_gateway.simulators.google_health.signing import Credentials, NoticeKey
from wearable_gateway.simulators.google_health.subscribers import Subscribers, batch_of

_ME = "/v4/users/{user}"
_POINTS = f"{_ME}/dataTypes/{{data_type}}/dataPoints"
_MOST_REFRESH_TOKENS = 100
_FIRST_DAY = dt.date(2015, 1, 1)
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CLOUD = "https://www.googleapis.com/auth/cloud-platform"
_CREDENTIALS = Credentials()


class _Tokens(TokenEndpoint):
    """Google's token endpoint also serves service accounts."""

    def __init__(self, vendor: "GoogleHealth") -> None:
        super().__init__(vendor)
        self._google = vendor

    async def answer(self, request: Request) -> Response:
        form = await request.form()
        if form.get("grant_type") != _JWT_BEARER:
            return await super().answer(request)
        claims = _CREDENTIALS.signed(str(form.get("assertion")))
        if (
            claims is None
            or claims.get("aud") != str(request.url)
            or claims.get("scope") != _CLOUD
            or claims.get("exp", 0) <= self._google.clock()
        ):
            return JSONResponse({"error": "invalid_grant", "error_description": "Invalid JWT"}, 400)
        token = f"service-{secrets.token_urlsafe(24)}"
        self._google.subscribers.tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


class GoogleHealth(Simulator):
    name = "Google Health"
    authorize_path = "/o/oauth2/v2/auth"
    token_path = "/token"  # noqa: S105 - a path
    data_paths = ("/v4/users",)
    scopes = catalogue.SCOPES
    kinds = tuple(catalogue.CHANGED)
    extra: ClassVar[Mapping[str, str]] = _CREDENTIALS
    code_prefix = "4/0"
    access_seconds = 3599
    rotates = False
    retry_schedule: ClassVar[Sequence[float]] = tuple(min(10 * 2**number, 86_400) for number in range(20))

    def __init__(self, config: SimulatorConfig, clock: Clock | None = None) -> None:
        super().__init__(config, *(() if clock is None else (clock,)))
        self.token_endpoint = _Tokens(self)
        self.subscribers = Subscribers(self)
        self.key = NoticeKey()
        self.signature_header = "GOOGLE-HEALTH-API-SIGNATURE"
        self._data = Data(self)

    def routes(self) -> list[Route]:
        return [
            Route("/revoke", self._revoke, methods=["POST"]),
            Route("/googlehealthapi/webhooks/webhooks_public_keyset.json", self._keyset),
            Route("/1/{path:path}", self._gone, methods=["GET", "POST", "DELETE"]),
            Route("/oauth2/{path:path}", self._gone, methods=["GET", "POST"]),
            *self.subscribers.routes(),
            Route(f"{_ME}/identity", self._identity),
            Route(f"{_ME}/profile", self._profile),
            Route(f"{_ME}/pairedDevices", self._devices),
            Route(_POINTS, self._list),
            Route(f"{_POINTS}:dailyRollUp", self._roll_up, methods=["POST"]),
        ]

    # --- tokens ---

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        """A refresh answers without a refresh token: the first one stays. The oldest of too many dies in silence."""
        body = rfc_body(tokens, self.access_seconds)
        if not first:
            body.pop("refresh_token", None)
            return JSONResponse(body)
        live = [one for one in self.book.sets_of(person) if one.refresh]
        for old in live[:-_MOST_REFRESH_TOKENS]:
            old.refresh = None
        return JSONResponse(body)

    def token_error(self, error: str) -> Response:
        words = {
            "invalid_grant": "Token has been expired or revoked.",
            "invalid_client": "The OAuth client was not found.",
        }
        body = {"error": error, "error_description": words.get(error, error)}
        return JSONResponse(body, 401 if error == "invalid_client" else 400)

    async def _revoke(self, request: Request) -> Response:
        """Either token takes the whole grant of the person along (https://developers.google.com/identity)."""
        given = (await request.form()).get("token")
        found = next(
            (one for one in self.book.tokens.values() if given in {one.access, one.refresh} and given), None
        )
        if found is None:
            return JSONResponse(
                {"error": "invalid_token", "error_description": "Token expired or revoked"}, 400
            )
        self.withdraw(self.book.people[found.name])
        return JSONResponse({})

    def unauthorized(self) -> Response:
        return error(401, "Request had invalid authentication credentials.")

    def too_many(self, seconds: float) -> Response:
        """The vendor does not say when there is room again."""
        return error(429, "Quota exceeded.")

    # --- notices ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        changes = [_change(person, "UPSERT", data_type, day) for data_type in catalogue.CHANGED[kind]]
        self._tell(person, changes)

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        data_type = catalogue.CHANGED[kind][0]
        points = self._data.points(data_type, person, day)
        gone = [str(point.value["name"]).rpartition("/")[2] for point in points if "name" in point.value]
        person.deleted.extend(gone)
        self._tell(
            person, [{**_change(person, "DELETE", data_type, day), "recordId": record} for record in gone]
        )
        return len(gone)

    def _tell(self, person: Person, changes: list[dict[str, Any]]) -> None:
        """Nothing is told of somebody whose consent has ended, not even that."""
        for subscriber in list(self.subscribers.all.values()):
            wanted = [
                change for change in changes if subscriber in self.subscribers.told_of(change["dataType"])
            ]
            if wanted and person.scopes:
                secret = subscriber["endpointAuthorization"]["secret"]
                self.tell(batch_of(wanted), self._headers(secret), subscriber["endpointUri"])

    def _headers(self, secret: str) -> Any:
        def headers(body: bytes) -> Mapping[str, str]:
            return {
                "content-type": "application/json",
                "user-agent": "Google-Health-API-Webhooks",
                "authorization": secret,
                self.signature_header: self.key.sign(body),
            }

        return headers

    async def _keyset(self, _request: Request) -> Response:
        return JSONResponse(self.key.keyset())

    # --- data ---

    async def _gone(self, _request: Request) -> Response:
        """Fitbit's own API, which was switched off on 2026-11-02."""
        return JSONResponse({"errors": [{"errorType": "gone"}]}, 410)

    async def _identity(self, request: Request) -> Response:
        person = self._entitled(request, *catalogue.SCOPES)
        return JSONResponse(
            {"name": "users/me/identity", "healthUserId": person.id, "legacyUserId": person.id[:6].upper()}
        )

    async def _profile(self, request: Request) -> Response:
        self._entitled(request, catalogue.PROFILE)
        start = {"year": 2019, "month": 3, "day": 7}
        return JSONResponse({"name": "users/me/profile", "age": 41, "membershipStartDate": start})

    async def _devices(self, request: Request) -> Response:
        self._entitled(request, catalogue.SETTINGS)
        device = {
            "name": "users/me/pairedDevices/1",
            "deviceType": "TRACKER",
            "deviceVersion": "Pixel Watch",
        }
        return JSONResponse({"pairedDevices": [device]})

    async def _list(self, request: Request) -> Response:
        data_type = request.path_params["data_type"]
        if data_type not in catalogue.LISTED:
            return error(400, f"List is not supported for {data_type}.")
        record, scope = catalogue.LISTED[data_type]
        person = self._entitled(request, scope)
        span = span_of(request, data_type, record)
        first = max(span.start.date() - dt.timedelta(days=1), _FIRST_DAY)
        points = [
            point
            for day in self.days(first, span.end.date() + dt.timedelta(days=1))
            for point in self._data.points(data_type, person, day)
            if span.holds(point.civil, point.physical)
        ]
        points.sort(key=lambda point: point.physical, reverse=True)
        page, token = page_of(request, data_type, [point.value for point in points])
        body = {"dataPoints": page} if page else {}
        return JSONResponse({**body, "nextPageToken": token} if token else body)

    async def _roll_up(self, request: Request) -> Response:
        data_type = request.path_params["data_type"]
        if data_type not in catalogue.ROLLED_UP:
            return error(400, f"DailyRollUp is not supported for {data_type}.")
        person = self._entitled(request, catalogue.ROLLED_UP[data_type])
        first, last = days_rolled_up(await request.json(), data_type)
        values = [(day, self._data.total(data_type, person, day)) for day in self.days(first, last)]
        rolled_up = [
            {
                "civilStartTime": civil_time(day),
                "civilEndTime": civil_time(day + dt.timedelta(days=1)),
                camel(data_type): value,
            }
            for day, value in values
            if value is not None
        ]
        return JSONResponse({"rollupDataPoints": rolled_up} if rolled_up else {})

    def _entitled(self, request: Request, *scopes: str) -> Person:
        """Whose data is read, with any of the scopes. Raises Refusal."""
        person = self.caller(request)
        if request.path_params["user"] not in {"me", person.id}:
            raise Refusal(error(403, "The caller does not have permission."))
        if not set(scopes) & set(person.scopes or ()):
            raise Refusal(error(403, "Request had insufficient authentication scopes."))
        return person


def _change(person: Person, operation: str, data_type: str, day: dt.date) -> dict[str, Any]:
    start = dt.datetime(day.year, day.month, day.day, tzinfo=ZONE)
    end = start + dt.timedelta(hours=23, minutes=59)
    return {
        "version": "v4",
        "clientProvidedSubscriptionName": "",
        "healthUserId": person.id,
        "operation": operation,
        "dataType": data_type,
        "intervals": [
            {
                "physicalTimeInterval": {
                    "startTime": start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "endTime": end.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                },
                "civilDateTimeInterval": {
                    "startDateTime": civil_time(day),
                    "endDateTime": civil_time(day),
                },
                "civilIso8601TimeInterval": {
                    "startTime": start.replace(tzinfo=None).isoformat(),
                    "endTime": end.replace(tzinfo=None).isoformat(),
                },
            }
        ],
    }


SIMULATOR = GoogleHealth
