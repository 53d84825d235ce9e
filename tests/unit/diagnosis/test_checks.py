"""Why is there no data? A table of facts and what is said of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wearable_gateway.connections.models import ConnectionState, GrantState
from wearable_gateway.deliveries.models import DestinationState
from wearable_gateway.diagnosis.checks import Target, Verdict, diagnose
from wearable_gateway.diagnosis.facts import AppFacts, DestinationFacts, Facts, LastData, NoticeFacts
from wearable_gateway.kit.ids import uuid7

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR, WEEK = NOW - timedelta(hours=1), NOW - timedelta(days=7)
TAKEN = DestinationFacts(
    uuid7(),
    "https://acme.example",
    DestinationState.ENABLED,
    wants=True,
    outcome="delivered",
    outcome_at=HOUR,
)
WELL = Facts(
    state=ConnectionState.ACTIVE,
    connected_at=WEEK,
    may_share=["activity", "sleep"],
    could_share=["activity", "body", "sleep"],
    is_enabled=True,
    app=AppFacts(is_own=False),
    grant=GrantState.LIVE,
    last_error=None,
    last_error_at=None,
    tells=True,
    polls=False,
    next_poll_at=None,
    last_notice=NoticeFacts(HOUR, "data_changed", "shared"),
    is_being_fetched=False,
    last_polled_at=HOUR,
    most_recent_data_at=HOUR,
    last_data=LastData(uuid7(), "sleep", HOUR),
    destinations=[TAKEN],
)


def _at(**changes: Any) -> dict[str, Any]:
    return {"destinations": [replace(TAKEN, **changes)]}


def test_where_all_is_well_it_says_so_and_names_what_is_not_shared() -> None:
    found = diagnose(WELL, now=NOW)
    assert (found.verdict, found.summary) == (Verdict.OK, "Data is received and delivered.")
    assert {check.verdict for check in found.checks} == {Verdict.OK}
    keys = [check.key for check in found.checks]
    assert keys == ["connection", "scopes", "app", "limit", "grant", "news", "data", f"delivery.{TAKEN.id}"]
    assert "Not shared: body." in found.checks[1].text
    assert "29 Nov 2026, 11:00 UTC" in found.checks[-1].text


@pytest.mark.parametrize(
    ("changes", "key", "verdict", "says", "target"),
    [
        ({"state": ConnectionState.REVOKED}, "connection", "problem", "withdrew access", None),
        ({"state": ConnectionState.PAUSED}, "connection", "problem", "paused", Target.RESUME),
        ({"may_share": []}, "scopes", "problem", "shares no type", None),
        ({"app": None}, "app", "problem", "is gone", Target.PROVIDERS),
        ({"app": AppFacts(is_own=True, problem="401")}, "app", "problem", "401", Target.PROVIDERS),
        ({"is_enabled": False}, "app", "ok", "not among those", Target.SETTINGS),
        (
            {"app": AppFacts(is_own=False, full_until=NOW + timedelta(minutes=15))},
            "limit", "problem", "until 29 Nov 2026, 12:15 UTC", None,
        ),
        ({"app": AppFacts(is_own=False, full_until=HOUR)}, "limit", "ok", "room", None),
        ({"grant": GrantState.REVOKED}, "grant", "problem", "no valid access", None),
        ({"grant": None}, "grant", "problem", "no valid access", None),
        ({"last_error": "403", "last_error_at": HOUR}, "grant", "problem", "11:00 UTC: 403", Target.ASK),
        ({"last_notice": None}, "news", "unknown", "since it was connected on 22 Nov", Target.ASK),
        (
            {"last_notice": NoticeFacts(WEEK, "data_changed", "shared")},
            "news", "unknown", "nothing about this account since 22 Nov", Target.ASK,
        ),
        ({"last_notice": NoticeFacts(HOUR, "data_changed", None)}, "news", "ok", "being fetched", None),
        (
            {"last_notice": NoticeFacts(HOUR, "data_changed", "provider_unavailable")},
            "news", "problem", "did not answer", Target.ASK,
        ),
        ({"tells": False, "next_poll_at": NOW}, "news", "ok", "next time is 29 Nov", None),
        ({"tells": False}, "news", "unknown", "no look is planned", Target.ASK),
        ({"last_data": None}, "data", "unknown", "had nothing new", Target.ASK),
        ({"last_data": None, "is_being_fetched": True}, "data", "unknown", "is being fetched", None),
        ({"last_data": None, "last_polled_at": None}, "data", "unknown", "fetched yet", Target.ASK),
        ({"destinations": []}, "delivery", "problem", "no destination", Target.DESTINATIONS),
        (_at(wants=False), "delivery", "problem", "No destination wants sleep", Target.DESTINATIONS),
        (_at(state=DestinationState.DISABLED), "delivery", "problem", "disabled", Target.DESTINATION),
        (_at(state=DestinationState.PAUSED), "delivery", "problem", "paused", Target.DESTINATION),
        (_at(failing_since=WEEK, waiting=1234), "delivery", "problem", "1,234 deliveries wait", Target.DESTINATION),
        (_at(waiting=10_000), "delivery", "problem", "10,000+ deliveries", Target.DESTINATION),
        (_at(outcome="answered with 500"), "delivery", "problem", "answered with 500", Target.DESTINATION),
        (_at(outcome=None, outcome_at=None), "delivery", "unknown", "was not sent there", Target.DESTINATION),
    ],
)  # fmt: skip
def test_each_reason_is_found_and_says_what_to_do(
    changes: dict[str, Any], key: str, verdict: str, says: str, target: Target | None
) -> None:
    found = diagnose(replace(WELL, **changes), now=NOW)
    check = next(one for one in found.checks if one.key.startswith(key))
    assert (check.verdict, check.target) == (verdict, target)
    assert says in check.text
    assert (check.advice is not None) == (verdict != "ok" or target is not None)
    if verdict != "ok":
        assert found.summary.startswith(check.text)


def test_the_first_problem_on_the_way_is_the_summary() -> None:
    found = diagnose(replace(WELL, last_notice=None, destinations=[], last_error="403"), now=NOW)
    assert found.verdict is Verdict.PROBLEM
    assert found.summary.startswith("The provider refused the gateway: 403")


def test_that_a_provider_is_silent_is_not_said_as_if_no_data_had_come() -> None:
    found = diagnose(replace(WELL, last_notice=None), now=NOW)
    assert found.verdict is Verdict.UNKNOWN
    assert found.summary.endswith("The newest data is sleep, from 29 Nov 2026, 11:00 UTC.")
