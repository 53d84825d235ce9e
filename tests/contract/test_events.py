"""Every event the gateway can send reaches a real receiver, is signed, and is what Terra's client has a type for."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError
from terra.types.auth_error_event import AuthErrorEvent
from terra.types.auth_success_event import AuthSuccessEvent
from terra.utils import verify_signature

from tests.contract.clients import typed
from tests.contract.event_causes import (
    CAUSES,
    LAST_EVENTS,
    LONG_AGO,
    Stage,
    abandon_a_widget_the_classic_way,
    refuse_consent_the_classic_way,
)
from tests.contract.sdk_events import JUDGES, WITHOUT_A_TYPE, judge
from tests.contract.vendor_documents import LAST
from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import Delivery, receiving
from wearable_gateway.events.catalog import EventType

NOBODYS_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def check_signatures(delivery: Delivery, secret: str) -> None:
    """By Terra's own verifier and by that of Standard Webhooks; neither takes another body or another secret."""
    text, header = delivery.body.decode(), delivery.headers["terra-signature"]
    assert verify_signature.verify_terra_webhook_signature(text, header, secret)
    assert delivery.headers["x-terra-signature"] == header
    Webhook(secret).verify(text, delivery.headers)
    for body, key in ((f"{text} ", secret), (text, NOBODYS_SECRET)):
        with pytest.raises(verify_signature.WebhookVerificationError):
            verify_signature.verify_terra_webhook_signature(body, header, key)
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body, delivery.headers)


@pytest.fixture
def stage(gateway: Gateway, company: Company, account: str) -> Stage:
    return Stage(gateway, company, account)


@pytest.mark.parametrize("kind", EventType)
async def test_an_event_of_every_type_is_received_verified_and_read(stage: Stage, kind: EventType) -> None:
    async with receiving() as at_company:
        secret = await stage.gateway.destination(stage.company, at_company.url)
        await CAUSES[kind](stage)
        await at_company.wait_for(kind.value)
        await at_company.wait_for(LAST_EVENTS.get(kind, kind).value, within=30)
        for delivery in at_company.got:
            check_signatures(delivery, secret)
            found = judge(delivery.event)
            assert (found is None) is (EventType(delivery.event["type"]) in WITHOUT_A_TYPE)
            assert found is None or found.type == delivery.event["type"]


async def test_a_failed_connect_is_read_in_its_classic_form(stage: Stage) -> None:
    async with receiving() as at_company:
        secret = await stage.gateway.destination(stage.company, at_company.url)
        await refuse_consent_the_classic_way(stage)
        (event,) = await at_company.wait_for("auth")
        check_signatures(at_company.got[0], secret)
    found = typed(judge(event), AuthErrorEvent)
    assert (found.reason, found.reference_id, found.provider) == ("access_denied", "ann", "SANDBOX")
    assert found.user.reference_id == "ann"
    assert found.message


async def test_an_abandoned_widget_is_read_in_its_classic_form(stage: Stage) -> None:
    async with receiving() as at_company:
        await stage.gateway.destination(stage.company, at_company.url)
        await abandon_a_widget_the_classic_way(stage)
        (event,) = await at_company.wait_for("auth")
    found = typed(judge(event, complete=True), AuthErrorEvent)
    assert (found.reason, found.reference_id) == ("expired", "ann")


async def test_the_chunks_of_a_large_request_come_under_one_reference(stage: Stage) -> None:
    async with receiving() as at_company:
        await stage.gateway.destination(stage.company, at_company.url)
        await CAUSES[EventType.LARGE_REQUEST_SENDING](stage)
        await at_company.wait_for("large_request_completed", within=30)
    told = [one for one in at_company.got if one.event["type"] != "auth"]
    (reference,) = {one.headers["terra-reference"] for one in told}
    chunks = [one for one in told if one.event["type"] == "daily"]
    (sending,) = [judge(one.event) for one in told if one.event["type"] == "large_request_sending"]
    assert (sending.reference, sending.expected_payloads) == (reference, len(chunks))
    numbers = [one.headers["x-terra-trace-id"].rpartition(":chunk:")[2] for one in chunks]
    assert sorted(map(int, numbers)) == list(range(1, len(chunks) + 1))
    days = [day.metadata.start_time[:10] for one in chunks for day in judge(one.event).data]
    assert sorted(days) == [str(LONG_AGO + timedelta(days=n)) for n in range((LAST - LONG_AGO).days + 1)]


async def test_an_auth_out_of_a_widget_leaves_nothing_null_that_the_client_has_as_text(stage: Stage) -> None:
    async with receiving() as at_company:
        secret = await stage.gateway.destination(stage.company, at_company.url)
        session = (
            await stage.company.http.post(
                "/v2/auth/generateWidgetSession", json={"reference_id": "ünï", "providers": "SANDBOX"}
            )
        ).json()
        person = stage.gateway.end_user()
        start = session["url"].replace("/widget/session/", "/connect/") + "/start"
        left = await person.browser.post(start, data={"provider": "SANDBOX"})
        assert left.status_code == 303, left.text
        await person.browser.get(await person.answer(left.headers["location"], stage.account))
        (event,) = await at_company.wait_for("auth")
    check_signatures(at_company.got[0], secret)
    found = typed(judge(event, complete=True), AuthSuccessEvent)
    assert (found.reference_id, found.widget_session_id) == ("ünï", session["session_id"])
    assert found.user.provider == "SANDBOX"


async def test_the_judge_refuses_what_the_client_could_not_read(stage: Stage) -> None:
    async with receiving() as at_company:
        await stage.gateway.destination(stage.company, at_company.url)
        await CAUSES[EventType.DAILY](stage)
        (event,) = await at_company.wait_for("daily")
    event["data"][0]["distance_data"]["steps"] = 0.5
    with pytest.raises(ValidationError):
        judge(event)
    del event["user"]
    with pytest.raises(ValidationError):
        judge(event)
    with pytest.raises(ValueError, match="surprise"):
        judge({"type": "surprise"})


def test_every_type_of_event_has_a_judge_or_a_reason_to_have_none() -> None:
    assert set(JUDGES) | set(WITHOUT_A_TYPE) == set(EventType)
    assert not set(JUDGES) & set(WITHOUT_A_TYPE)
    assert set(CAUSES) == set(EventType)
