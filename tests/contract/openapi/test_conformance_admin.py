"""What operators' programs call: every answer is one the document tells of."""

import pytest

from tests.contract.openapi.fuzzing import World, judge
from tests.contract.openapi.operations import OPERATIONS


@pytest.mark.parametrize(
    "operation_id", [name for name, operation in OPERATIONS.items() if operation["tags"] == ["admin"]]
)
async def test_an_operation_answers_as_the_document_says(world: World, operation_id: str) -> None:
    await judge(world, operation_id)
