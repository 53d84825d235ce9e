"""Every event is written as the document tells of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.contract.openapi.operations import DOCUMENT
from wearable_gateway.connections.wire import user
from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.events import catalog, data_events, destination_events
from wearable_gateway.events.catalog import EventType
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit import json
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.openapi.payloads import PAYLOADS

ID = uuid7()
NOW = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
USER = user(user_id=ID, provider="SANDBOX", reference_id="ann", scopes=["daily"], active=True, created_at=NOW)
NEW_USER = user(user_id=ID, provider="SANDBOX", reference_id=None)
REQUEST: dict[str, Any] = {"dev_id": "a", "user": USER, "reference": ID}
DESTINATION = {"destination_id": str(ID), "url": "https://acme.example/hook", "description": None}
EVENTS: Sequence[NewEvent] = (
    catalog.auth("a", USER, flow_id=ID, widget_session_id=None),
    catalog.auth("a", NEW_USER, flow_id=ID, widget_session_id=ID),
    catalog.auth_cancelled("a", flow_id=ID, reason="expired", reference_id=None, provider=None),
    catalog.auth_failed_classic("a", USER, reason="expired", provider=None, widget_session_id=ID),
    catalog.deauth("a", USER),
    catalog.user_reauth("a", NEW_USER, USER),
    catalog.access_revoked("a", USER),
    catalog.connection_error("a", USER, "answered 403"),
    catalog.permission_change("a", USER, added=["sleep"], removed=[]),
    catalog.healthcheck("a", at=NOW, sent_last_hour=3, trend_percentage=-20),
    data_events.large_request_processing(**REQUEST),
    data_events.large_request_sending(**REQUEST, expected_payloads=3),
    data_events.large_request_completed(**REQUEST, expected_payloads=3, undelivered=1, failed_windows=0),
    data_events.rate_limit_hit(**REQUEST, start=date(2026, 11, 1), end=date(2026, 11, 2), retrying_at=NOW),
    destination_events.disabled("a", DESTINATION, "it failed for 5 days"),
    destination_events.recovered("a", DESTINATION, NOW),
    destination_events.exhausted(
        "a", DESTINATION, [destination_events.Lost(ID, "auth", 10, "it answered 500")]
    ),
    *(data_events.data("a", kind, USER, [], version=ApiVersion.CLASSIC) for kind in DataType),
)


def test_every_type_of_event_is_looked_at() -> None:
    assert {event.type for event in EVENTS} == set(EventType) == set(PAYLOADS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_is_as_the_document_says(event: NewEvent) -> None:
    payload = json.load(event.body)
    read = []
    for model in PAYLOADS[EventType(event.type)]:
        try:
            read.append(model.model_validate_json(event.body, strict=True))
        except ValueError:
            continue
    assert len(read) == 1
    assert read[0].model_dump(mode="json").keys() == payload.keys()
    schema = DOCUMENT["webhooks"][event.type]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert type(read[0]).__name__ in str(schema)
