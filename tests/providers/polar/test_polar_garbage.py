"""POLAR: a vendor that answers and sends nonsense."""

from pathlib import Path

from tests.providers import garbage
from wearable_gateway.providers.polar import PROVIDER

NAMES = (
    "data", "id", "events", "url", "active", "signature_secret_key", "polar-user-id", "nights", "recharges",
    "heart_rates", "date", "start_time", "samples", "sleep_date", "x_user_id",
)  # fmt: skip
HINTS = (
    {"event": "EXERCISE", "id": "a"}, {"event": "SLEEP"}, {"event": "ACTIVITY_SUMMARY"},
    {"event": "CONTINUOUS_HEART_RATE"}, {"event": "PHYSICAL_INFORMATION"},
)  # fmt: skip
AT = "2026-11-21T08:00:00Z"
NOTICES = (
    {"event": "EXERCISE", "user_id": 1, "entity_id": "a", "timestamp": AT, "url": "x"},
    {"event": "SLEEP", "user_id": 1, "date": "2026-11-21", "timestamp": AT, "url": "x"},
)
LIMITS = ("ratelimit-usage", "ratelimit-limit", "ratelimit-reset")


async def test_no_answer_makes_it_fail_in_a_way_of_its_own() -> None:
    await garbage.survives_answers(PROVIDER, NAMES, HINTS)


def test_the_token_endpoint_may_say_anything() -> None:
    garbage.survives_token_answers(PROVIDER, (*NAMES, "access_token", "refresh_token", "error", "field"))


def test_headers_may_say_anything() -> None:
    garbage.survives_headers(PROVIDER, LIMITS)


def test_what_is_read_of_a_strange_notice_can_be_kept() -> None:
    garbage.survives_notices(
        PROVIDER, NOTICES, sorted({*NAMES, *(name for body in NOTICES for name in body)})
    )


def test_a_damaged_document_makes_a_record_that_can_be_kept_or_none() -> None:
    garbage.survives_documents(PROVIDER, Path(__file__).parent / "fixtures")
