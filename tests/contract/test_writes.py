"""Writing: where the user_id may stand, and what becomes of items that the provider does not take."""

from typing import Any

import httpx
import pytest
from terra.activity.types.activity_write_response import ActivityWriteResponse
from terra.body.types.body_delete_response import BodyDeleteResponse
from terra.errors.bad_request_error import BadRequestError

from tests.contract.calls import records
from tests.contract.calls.writing import for_user
from tests.contract.clients import typed
from tests.contract.vendor_documents import EVERYTHING
from tests.fakes.gateway import Company, Gateway


@pytest.fixture
async def user_id(gateway: Gateway, company: Company, account: str) -> str:
    return await gateway.connected(company, account, scopes=EVERYTHING)


@pytest.mark.parametrize("group", ["activity", "body", "nutrition"])
async def test_the_user_id_may_stand_in_the_query_beside_the_data_or_in_each_item(
    terra: Any, user_id: str, group: str
) -> None:
    write, make = getattr(terra, group).write, getattr(records, group)
    what = 80 if group == "body" else "thing"
    beside = {"request_options": {"additional_body_parameters": {"user_id": user_id}}}
    for answer in (
        await write(data=[make(what)], **for_user(user_id)),
        await write(data=[make(what)], **beside),
        await write(data=[make(what, user_id=user_id), make(what, user_id=user_id)]),
    ):
        assert answer.user.user_id == user_id
        assert all(answer.log_ids)


async def test_no_user_id_and_several_are_refused(
    gateway: Gateway, company: Company, terra: Any, user_id: str
) -> None:
    other = await gateway.connected(company, "ben", scopes=EVERYTHING)
    for data, query in (
        ([records.activity("x")], {}),
        ([records.activity("x", user_id=user_id), records.activity("y", user_id=other)], {}),
        ([records.activity("x", user_id=other)], for_user(user_id)),
    ):
        with pytest.raises(BadRequestError) as refused:
            await terra.activity.write(data=data, **query)
        assert "user_id" in refused.value.body["message"]


async def test_one_bad_item_costs_only_itself(
    terra: Any, user_id: str, answers: list[httpx.Response]
) -> None:
    items = [records.activity("good"), records.activity("bad", start_time="noon"), records.activity("fine")]
    answer = typed(await terra.activity.write(data=items, **for_user(user_id)), ActivityWriteResponse)
    assert answers[-1].status_code == 207
    assert [bool(one) for one in answer.log_ids] == [True, False, True]
    assert [one["response_code"] for one in answer.processed_data] == [201, 422, 201]
    assert "start_time" in answer.processed_data[1]["message"]
    read = await terra.activity.fetch(
        user_id=user_id, start_date=records.DAY, end_date=records.DAY, to_webhook=False
    )
    assert [one.metadata.name for one in read.data][-2:] == ["good", "fine"]


async def test_an_id_nobody_has_costs_only_itself(
    terra: Any, user_id: str, answers: list[httpx.Response]
) -> None:
    (known,) = (await terra.body.write(data=[records.body(80)], **for_user(user_id))).log_ids
    ids = ["msr_00000000", known]
    gone = typed(await terra.body.delete(user_id=user_id, log_ids=ids), BodyDeleteResponse)
    assert answers[-1].status_code == 207
    assert [(one.id, one.response_code) for one in gone.processed_data] == [(ids[0], 404), (known, 200)]
    again = await terra.body.delete(user_id=user_id, log_ids=[known])
    assert [one.response_code for one in again.processed_data] == [404]
