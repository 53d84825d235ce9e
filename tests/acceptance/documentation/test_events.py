"""Every event has an example, with the fields it really has."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests.acceptance.documentation.likeness import differences
from tests.acceptance.documentation.pages import DOCS, blocks
from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.events import catalog, data_events, destination_events
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.unified.documentation import MODELS
from wearable_gateway.unified.generations import in_current_form
from wearable_gateway.unified.records import DataType

USER = {"user_id": str(uuid7()), "provider": "SANDBOX", "reference_id": "ann"}
ID = UUID("01a204b2-3b93-73a5-8baf-3d294143e063")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = date(2026, 11, 18)
DESTINATION = {"destination_id": str(ID), "url": "https://acme.example/webhooks", "description": "production"}
EVENTS = [
    catalog.auth("a", USER, flow_id=ID, widget_session_id=None),
    catalog.auth_cancelled("a", flow_id=ID, reason="expired", reference_id=None, provider=None),
    catalog.auth_failed_classic("a", USER, reason="expired", provider=None, widget_session_id=None),
    catalog.user_reauth("a", USER, USER),
    catalog.deauth("a", USER),
    catalog.access_revoked("a", USER),
    catalog.connection_error("a", USER, "answered 403"),
    catalog.permission_change("a", USER, added=(), removed=("sleep",)),
    catalog.healthcheck("a", at=NOW, sent_last_hour=1, trend_percentage=0),
    data_events.large_request_processing("a", USER, ID),
    data_events.large_request_sending("a", USER, ID, expected_payloads=1),
    data_events.large_request_completed("a", USER, ID, expected_payloads=1, undelivered=0, failed_windows=0),
    data_events.rate_limit_hit("a", USER, ID, start=DAY, end=DAY, retrying_at=NOW),
    *(data_events.data("a", kind, USER, [], version=ApiVersion.CLASSIC) for kind in DataType),
    destination_events.exhausted("a", DESTINATION, [destination_events.Lost(ID, "daily", 10, "")]),
    destination_events.disabled("a", DESTINATION, "it failed for 5 days"),
    destination_events.recovered("a", DESTINATION, NOW),
]
RECORDS = {model.__name__.lower(): model for model in MODELS}


def event_examples() -> list[dict[str, Any]]:
    read = [json.loads(block.text) for block in blocks((DOCS / "events.md").read_text(), "json")]
    return [one for one in read if "type" in one]


def test_every_event_has_an_example_with_all_its_fields() -> None:
    assert {event.type for event in EVENTS} == set(EventType)
    examples = event_examples()
    real = [json.loads(event.body) for event in EVENTS]
    for body in real:
        alike = [
            one for one in examples if one["type"] == body["type"] and one.get("status") == body.get("status")
        ]
        assert [set(one) for one in alike] == [set(body)], body["type"]
        fixed = {"message", "version"} - ({"message"} if body["type"] == "connection_error" else set())
        assert {name: alike[0].get(name) for name in fixed} == {name: body.get(name) for name in fixed}
    assert len(examples) == len(real)


def test_records_in_examples_of_events_have_the_fields_of_their_models() -> None:
    for example in event_examples():
        kind = example["type"].replace("_", "").replace("hormone", "hormonesample")
        for record in [*example.get("data", ()), *filter(None, [example.get("athlete")])]:
            read = RECORDS[kind].model_validate(record).model_dump(mode="json", exclude_none=True)
            assert list(differences(record, read)) == []


def test_the_example_of_a_record_in_both_forms_is_right() -> None:
    read = [json.loads(block.text) for block in blocks((DOCS / "events.md").read_text(), "json")]
    classic, current = [one for one in read if "type" not in one]
    assert in_current_form(classic) == current
    assert classic != current
