"""What has to happen for an event of each type to be sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.contract.vendor_documents import EVERYTHING, FIRST, LAST, full_day
from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving
from wearable_gateway.connect.recovery import close_all_expired
from wearable_gateway.deliveries import healthcheck
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.clock import utc_now

LONG_AGO = FIRST.replace(month=FIRST.month - 3)


@dataclass(frozen=True)
class Stage:
    """A company that is sent its events, and a wearable account that nobody else uses."""

    gateway: Gateway
    company: Company
    account: str

    async def connected(self) -> str:
        return await self.gateway.connected(self.company, self.account, "ann", scopes=EVERYTHING)

    async def set(self, **settings: object) -> None:
        async with self.gateway.db.transaction() as session:
            await change_settings(session, self.company.dev_id, settings, actor="test:events")

    async def fetch(self, kind: str, **query: str) -> None:
        answer = await self.company.http.get(f"/v2/{kind}", params=query)
        assert answer.status_code == 200, answer.text


Cause = Callable[[Stage], Awaitable[None]]


async def connect(stage: Stage) -> None:
    await stage.connected()


async def refuse_consent(stage: Stage) -> None:
    begun = await stage.company.auth_url(reference_id="ann")
    await stage.gateway.end_user().connect(begun["auth_url"], stage.account, allow=False)


async def refuse_consent_the_classic_way(stage: Stage) -> None:
    await stage.set(failed_auth="classic")
    await refuse_consent(stage)


async def abandon_a_widget_the_classic_way(stage: Stage) -> None:
    """Its page is opened, and its quarter of an hour passes without a provider chosen."""
    await stage.set(failed_auth="classic")
    answer = await stage.company.http.post("/v2/auth/generateWidgetSession", json={"reference_id": "ann"})
    page = await stage.gateway.end_user().browser.get(answer.json()["url"])
    assert page.status_code == 200
    await stage.gateway.db.autocommit.execute(
        "UPDATE flows SET expires_at = $3 WHERE dev_id = $1 AND id = $2",
        stage.company.dev_id,
        UUID(answer.json()["session_id"]),
        utc_now(),
    )
    await close_all_expired(stage.gateway.db, clock=utc_now)


async def deauthenticate(stage: Stage) -> None:
    answer = await stage.company.deauthenticate(await stage.connected())
    assert answer.status_code == 200


async def connect_again(stage: Stage) -> None:
    await stage.connected()
    await stage.connected()


async def revoke_at_the_vendor(stage: Stage) -> None:
    await stage.connected()
    await stage.gateway.control("revoke", account=stage.account)


async def be_refused_by_the_vendor(stage: Stage) -> None:
    user_id = await stage.connected()
    await stage.gateway.control("fail", endpoint="data", status=403, times=1)
    query = {"user_id": user_id, "start_date": str(LAST), "end_date": str(LAST), "to_webhook": "false"}
    answer = await stage.company.http.get("/v2/daily", params=query)
    assert answer.status_code == 502, answer.text


async def share_less(stage: Stage) -> None:
    await stage.connected()
    await stage.gateway.control(
        "scopes", account=stage.account, client_id="gateway", scopes=["daily", "sleep"]
    )


def sync(kind: EventType) -> Cause:
    async def cause(stage: Stage) -> None:
        await stage.connected()
        day = full_day(stage.account)
        assert day is not None
        await stage.gateway.control("push", account=stage.account, date=str(day), kinds=[kind.value])

    return cause


async def ask_for_months(stage: Stage) -> None:
    await stage.set(large_request_completed=True)
    user_id = await stage.connected()
    await stage.fetch("daily", user_id=user_id, start_date=str(LONG_AGO), end_date=str(LAST))


async def use_up_the_vendors_limit(stage: Stage) -> None:
    user_id = await stage.connected()
    await stage.gateway.control("fail", endpoint="data", status=429, times=1, retry_after=1)
    await stage.fetch("daily", user_id=user_id, start_date=str(LAST), end_date=str(LAST))


async def let_an_hour_pass(stage: Stage) -> None:
    await stage.gateway.db.autocommit.execute(
        "UPDATE developers SET healthcheck_at = $2 WHERE dev_id = $1", stage.company.dev_id, utc_now()
    )
    await healthcheck.send_due(stage.gateway.db, now=utc_now())


async def be_gone(stage: Stage) -> None:
    """Another destination of the company's wants nothing any more."""
    async with receiving() as leaving:
        leaving.status = 410
        await stage.gateway.destination(stage.company, leaving.url)
        await stage.connected()
        await leaving.wait_for("auth")


async def answer_again(stage: Stage) -> None:
    """Another destination of the company's was parked for hours until now."""
    async with receiving() as returning:
        await stage.gateway.destination(stage.company, returning.url)
        await stage.gateway.db.autocommit.execute(
            "UPDATE destinations SET failing_since = $3, parked_until = $4, parkings = 9"
            " WHERE dev_id = $1 AND url = $2",
            stage.company.dev_id, returning.url, utc_now() - timedelta(hours=2), utc_now(),
        )  # fmt: skip
        await stage.connected()
        await returning.wait_for("destination.recovered")


_OF_DATA = (
    EventType.ACTIVITY,
    EventType.ATHLETE,
    EventType.BODY,
    EventType.DAILY,
    EventType.HEALTH_OBSERVATION,
    EventType.HORMONE,
    EventType.MENSTRUATION,
    EventType.NUTRITION,
    EventType.PLANNED_WORKOUT,
    EventType.SLEEP,
)
CAUSES: Mapping[EventType, Cause] = {
    EventType.AUTH: connect,
    EventType.AUTH_CANCELLED: refuse_consent,
    EventType.DEAUTH: deauthenticate,
    EventType.USER_REAUTH: connect_again,
    EventType.ACCESS_REVOKED: revoke_at_the_vendor,
    EventType.CONNECTION_ERROR: be_refused_by_the_vendor,
    EventType.PERMISSION_CHANGE: share_less,
    **{kind: sync(kind) for kind in _OF_DATA},
    EventType.LARGE_REQUEST_PROCESSING: ask_for_months,
    EventType.LARGE_REQUEST_SENDING: ask_for_months,
    EventType.LARGE_REQUEST_COMPLETED: ask_for_months,
    EventType.RATE_LIMIT_HIT: use_up_the_vendors_limit,
    EventType.HEALTHCHECK: let_an_hour_pass,
    EventType.DELIVERY_EXHAUSTED: be_gone,
    EventType.DESTINATION_DISABLED: be_gone,
    EventType.DESTINATION_RECOVERED: answer_again,
}

LAST_EVENTS: Mapping[EventType, EventType] = dict.fromkeys(
    (EventType.LARGE_REQUEST_PROCESSING, EventType.LARGE_REQUEST_SENDING), EventType.LARGE_REQUEST_COMPLETED
)
"""What comes after all others of the same cause, where that is another type."""
