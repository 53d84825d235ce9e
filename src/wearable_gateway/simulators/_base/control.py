"""How do command lines and tests play the person, the wearable and a failing vendor?"""

import base64
import datetime as dt
import hmac
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Push(_Order):
    """The wearable syncs: new or changed data of one kind and day, and whatever the vendor says of it."""

    account: Name
    kind: str
    date: dt.date | None = None


class OfAccount(_Order):
    account: Name


class Delete(_Order):
    account: Name
    kind: str
    date: dt.date | None = None


class Scopes(_Order):
    account: Name
    scopes: list[str]


class Fail(_Order):
    """The next `times` calls whose path starts with `path` are answered `status`."""

    path: str = "/"
    status: int = Field(503, ge=400, le=599)
    times: int = Field(1, ge=0)
    retry_after: int | None = None


class LimitTo(_Order):
    """So many more calls of data; then refusals, until the seconds are over."""

    calls: int = Field(ge=0)
    seconds: float = Field(gt=0)


class Control:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    def routes(self) -> list[Route]:
        orders: dict[str, Any] = {
            "push": (Push, self._push),
            "delete": (Delete, self._delete),
            "revoke": (OfAccount, self._revoke),
            "expire": (OfAccount, self._expire),
            "scopes": (Scopes, self._scopes),
            "fail": (Fail, self._fail),
            "limit": (LimitTo, self._limit),
            "resend": (_Order, self._resend),
            "calm": (_Order, self._calm),
        }
        return [
            *(
                Route(f"/control/{name}", self._order(model, do), methods=["POST"])
                for name, (model, do) in orders.items()
            ),
            Route("/control/counters", self._count),
            Route("/control/notices", self._notices),
        ]

    def _order(self, model: type[BaseModel], do: Any) -> Any:
        async def answer(request: Request) -> Response:
            if not self._allowed(request):
                return JSONResponse({"message": "the control token is missing or wrong"}, 401)
            try:
                order = model.model_validate_json(await request.body() or b"{}")
                return JSONResponse(await do(order))
            except (ValidationError, ValueError) as error:
                return JSONResponse({"message": str(error)}, 400)

        return answer

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._vendor.config.control_token}".encode())

    def _day(self, day: dt.date | None) -> dt.date:
        return day or dt.datetime.fromtimestamp(self._vendor.clock(), dt.UTC).date()

    async def _push(self, order: Push) -> dict[str, Any]:
        if order.kind not in self._vendor.kinds:
            raise ValueError(f"kind must be one of {', '.join(self._vendor.kinds)}")
        person, day = self._vendor.person(order.account), self._day(order.date)
        revision = person.revise(order.kind, day)
        await self._vendor.changed(person, order.kind, day)
        return {"revision": revision}

    async def _delete(self, order: Delete) -> dict[str, Any]:
        person, day = self._vendor.person(order.account), self._day(order.date)
        return {"deleted": await self._vendor.delete(person, order.kind, day)}

    async def _revoke(self, order: OfAccount) -> dict[str, Any]:
        person = self._vendor.person(order.account)
        had = person.scopes is not None
        self._vendor.withdraw(person)
        await self._vendor.withdrawn(person)
        return {"revoked": int(had)}

    async def _expire(self, order: OfAccount) -> dict[str, Any]:
        """Every access token of the account is over; refresh tokens are not."""
        sets = self._vendor.book.sets_of(self._vendor.person(order.account))
        for tokens in sets:
            tokens.ends = 0
        return {"expired": len(sets)}

    async def _scopes(self, order: Scopes) -> dict[str, Any]:
        person = self._vendor.person(order.account)
        self._vendor.consent(person, order.scopes)
        for tokens in self._vendor.book.sets_of(person):
            tokens.scopes = order.scopes
        await self._vendor.scopes_changed(person)
        return {"scopes": order.scopes}

    async def _fail(self, order: Fail) -> dict[str, Any]:
        self._vendor.frame.failures.append(order)
        return {"planned": order.times}

    async def _limit(self, order: LimitTo) -> dict[str, Any]:
        self._vendor.frame.limit(order.calls, order.seconds)
        return {"calls": order.calls}

    async def _calm(self, _order: BaseModel) -> dict[str, Any]:
        """No order to fail and no limit stands any more, the vendor's own counts included."""
        self._vendor.frame.failures.clear()
        self._vendor.frame.limit(0, 0)
        self._vendor.forgive()
        return {}

    async def _resend(self, _order: BaseModel) -> dict[str, Any]:
        """The last notice once more, as vendors do that missed the answer."""
        sent = self._vendor.sender.sent
        if sent:
            self._vendor.sender.again(sent[-1])
        return {"sent": int(bool(sent))}

    async def _count(self, request: Request) -> Response:
        if not self._allowed(request):
            return JSONResponse({"message": "the control token is missing or wrong"}, 401)
        return JSONResponse({"calls": self._vendor.frame.calls})

    async def _notices(self, request: Request) -> Response:
        """What was sent, newest last, for tests that send it again or tamper with it."""
        if not self._allowed(request):
            return JSONResponse({"message": "the control token is missing or wrong"}, 401)
        return JSONResponse(
            [
                {
                    "url": one.url,
                    "headers": one.sent_headers,
                    "body": base64.b64encode(one.body).decode(),
                    "attempts": one.attempts,
                    "status": one.status,
                }
                for one in self._vendor.sender.sent
            ]
        )
