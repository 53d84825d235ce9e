"""SUUNTO: a vendor that answers and sends nonsense."""

from pathlib import Path

from tests.providers import garbage
from wearable_gateway.providers.suunto import PROVIDER

NAMES = (
    "payload", "user", "entryData", "BedtimeEnd", "SleepId", "Duration", "timestamp", "Name", "Aggregation", "Sources",
    "Samples", "startTime", "timeOffsetInMinutes", "workoutKey", "error",
)  # fmt: skip
HINTS: tuple[dict[str, object], ...] = ({"workout": "k", "gear": None}, {})
WORKOUT = {"workoutKey": "k", "startTime": 1700000000000, "totalTime": 10, "timeOffsetInMinutes": 60}
NOTICES = (
    {"type": "WORKOUT_CREATED", "username": "ann", "workout": WORKOUT, "gear": {"name": "x"}},
    {
        "type": "SUUNTO_247_SLEEP_CREATED",
        "username": "ann",
        "samples": [{"timestamp": "2026-11-21T08:00:00Z"}],
    },
)
LIMITS = ("retry-after",)


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
