"""STRAVA: a vendor that answers and sends nonsense."""

from pathlib import Path

from tests.providers import garbage
from wearable_gateway.providers.strava import PROVIDER

NAMES = (
    "id",
    "start_date",
    "start_date_local",
    "utc_offset",
    "callback_url",
    "available_zones",
    "athlete",
    "errors",
    "field",
)
HINTS: tuple[dict[str, object], ...] = ({"activity_id": 1}, {})
NOTICES = (
    {
        "object_type": "athlete", "object_id": 1, "aspect_type": "update", "owner_id": 1, "subscription_id": 1,
        "event_time": 1516126040, "updates": {"authorized": "false"},
    },
)  # fmt: skip
LIMITS = ("x-ratelimit-limit", "x-ratelimit-usage", "x-readratelimit-limit", "x-readratelimit-usage")


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
