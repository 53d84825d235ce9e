"""A request sent again with its Idempotency-Key: carried out once, answered alike."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.developers.idempotency import (
    CLAIMED_FOR,
    KEPT_FOR,
    Claim,
    check_key,
    claim,
    give_back,
    mark_done,
)
from wearable_gateway.developers.leftovers import forget_idempotency_keys
from wearable_gateway.errors import AlreadyUnderWayError, InvalidInputError, RefusedError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring

DEVELOPERS = "/admin/v1/developers"
KEY = {"idempotency-key": "a-1"}


async def developers(admin: httpx.AsyncClient) -> list[str]:
    return [one["name"] for one in (await admin.get(DEVELOPERS)).json()["developers"]]


async def test_the_same_request_with_its_key_gets_the_same_answer_secret_and_all(
    admin: httpx.AsyncClient, callers: Callers
) -> None:
    first = await admin.post(DEVELOPERS, json={"name": "New"}, headers=KEY)
    again = await admin.post(DEVELOPERS, json={"name": "New"}, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (await developers(admin)).count("New") == 1
    kept = str(dict(await callers.db.autocommit.fetchrow("SELECT * FROM idempotency_keys") or {}))
    assert first.json()["api_key"] not in kept
    assert "a-1" not in kept


async def test_a_key_is_for_one_body_one_path_and_one_token(
    admin: httpx.AsyncClient, callers: Callers, a: Caller
) -> None:
    await admin.post(DEVELOPERS, json={"name": "New"}, headers=KEY)
    refused(
        await admin.post(DEVELOPERS, json={"name": "Other"}, headers=KEY), 400, "came with another request"
    )
    refused(await admin.put(DEVELOPERS, json={"name": "New"}, headers=KEY), 405)
    elsewhere = f"{DEVELOPERS}/{a.dev_id}/destinations"
    assert (await admin.post(elsewhere, json={"url": "http://127.0.0.1:9/"}, headers=KEY)).status_code == 201
    async with callers.http(authorization="Bearer wga_other") as http:
        refused(await http.post(DEVELOPERS, json={"name": "New"}, headers=KEY), 401)
    assert await callers.db.autocommit.fetchval("SELECT count(*) FROM idempotency_keys") == 2


async def test_many_at_once_do_it_once(admin: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(admin.post(DEVELOPERS, json={"name": "New"}, headers=KEY) for _ in range(6))
    )
    statuses = {answer.status_code for answer in answers}
    assert 201 in statuses
    assert statuses <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert (await developers(admin)).count("New") == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.headers["retry-after"] == "2"


async def test_a_refusal_is_not_kept(admin: httpx.AsyncClient, a: Caller) -> None:
    answer = await admin.post(DEVELOPERS, json={"name": "Two", "dev_id": a.dev_id}, headers=KEY)
    refused(answer, 400, "exists already")
    assert (
        await admin.post(DEVELOPERS, json={"name": "Two", "dev_id": "two"}, headers=KEY)
    ).status_code == 201


async def test_shared_routes_and_answers_without_a_body_have_it_too(
    admin: httpx.AsyncClient, a: Caller
) -> None:
    path = f"{DEVELOPERS}/{a.dev_id}/destinations"
    body = {"url": "http://127.0.0.1:9/"}
    answers = [(await admin.post(path, json=body, headers=KEY)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len((await admin.get(path)).json()["destinations"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "\x7f"])
async def test_a_key_that_is_none_is_refused(admin: httpx.AsyncClient, key: str) -> None:
    refused(await admin.post(DEVELOPERS, json={"name": "New"}, headers={"idempotency-key": key}), 400, "255")
    assert check_key("x" * 255)


async def test_a_body_that_is_too_large_is_refused_as_ever(admin: httpx.AsyncClient) -> None:
    refused(await admin.post(DEVELOPERS, content=b"x" * 2_097_153, headers=KEY), 413)


async def test_a_key_means_nothing_to_who_only_reads(admin: httpx.AsyncClient, callers: Callers) -> None:
    assert (await admin.get(DEVELOPERS, headers=KEY)).status_code == 200
    assert await callers.db.autocommit.fetchval("SELECT count(*) FROM idempotency_keys") == 0


async def test_what_a_process_leaves_behind_that_died(callers: Callers, keyring: Keyring) -> None:
    db, now = callers.db.autocommit, utc_now()
    idle, done, other = (Claim(name, b"f") for name in (b"idle", b"done", b"other"))
    for one in (idle, done, other):
        assert await claim(db, keyring, one, now=now) is None
    await mark_done(db, done)
    assert not await give_back(db, done)
    for one in (idle, done):
        with pytest.raises(AlreadyUnderWayError):
            await claim(db, keyring, one, now=now + CLAIMED_FOR / 2)
    later = now + CLAIMED_FOR
    assert await claim(db, keyring, idle, now=later) is None
    with pytest.raises(RefusedError, match="its answer was lost"):
        await claim(db, keyring, done, now=later)
    with pytest.raises(InvalidInputError, match="another request"):
        await claim(db, keyring, Claim(b"other", b"g"), now=later)
    assert await claim(db, keyring, done, now=now + KEPT_FOR) is None
    assert await give_back(db, other)
    assert await forget_idempotency_keys(db, now + KEPT_FOR + timedelta(seconds=1)) == 2
