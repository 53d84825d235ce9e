"""Schemathesis against the running gateway: every answer is one the document tells of.

SCHEMATHESIS_EXAMPLES=1000 looks for longer. Split in three, so that the parts are tried beside each other.
"""

import asyncio

import pytest

from tests.contract.openapi.fuzzing import World, fuzz, judge
from tests.contract.openapi.operations import OPERATIONS, TWINS
from wearable_gateway.developers.settings import ApiVersion

DATA = [name for name, operation in OPERATIONS.items() if operation["tags"] == ["data"]]
OF_ADMINS = [name for name, operation in OPERATIONS.items() if operation["tags"] == ["admin"]]


@pytest.mark.parametrize("operation_id", [name for name in OPERATIONS if name not in {*TWINS, *OF_ADMINS}])
async def test_an_operation_answers_as_the_document_says(world: World, operation_id: str) -> None:
    await judge(world, operation_id)


@pytest.mark.parametrize("operation_id", DATA)
async def test_data_in_the_current_form_is_as_the_document_says_too(world: World, operation_id: str) -> None:
    await world.restore(api_version=ApiVersion.CURRENT)
    report = await asyncio.to_thread(fuzz, world, operation_id)
    assert not report.faults, "\n\n".join(report.faults)
