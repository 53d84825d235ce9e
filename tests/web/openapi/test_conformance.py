"""Schemathesis against the running gateway: every answer is one the document tells of.

SCHEMATHESIS_EXAMPLES=1000 looks for longer.
"""

import asyncio

import pytest

from tests.web.openapi.fuzzing import World, fuzz
from tests.web.openapi.operations import OPERATIONS
from wearable_gateway.developers.settings import ApiVersion

# A signature over the body, what a handshake says, or a picture, is no parameter that can be made up.
NEVER_ACCEPTED = {"receiveNotice", "shakeHands", "answerLook", "putLogo"}
DATA = [name for name, operation in OPERATIONS.items() if operation["tags"] == ["data"]]


@pytest.mark.parametrize("operation_id", OPERATIONS)
async def test_an_operation_answers_as_the_document_says(world: World, operation_id: str) -> None:
    await world.restore()
    report = await asyncio.to_thread(fuzz, world, operation_id)
    assert not report.faults, "\n\n".join(report.faults)
    assert operation_id in NEVER_ACCEPTED or any(200 <= status < 300 for status in report.statuses)


@pytest.mark.parametrize("operation_id", DATA)
async def test_data_in_the_current_form_is_as_the_document_says_too(world: World, operation_id: str) -> None:
    await world.restore(api_version=ApiVersion.CURRENT)
    report = await asyncio.to_thread(fuzz, world, operation_id)
    assert not report.faults, "\n\n".join(report.faults)
