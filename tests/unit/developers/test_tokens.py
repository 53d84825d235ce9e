"""Tokens for front ends: once, for three minutes, for one developer."""

import asyncio
import re
from datetime import timedelta

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys, leftovers
from wearable_gateway.developers.tokens import LIFETIME, TokenHolder, issue_token, use_token
from wearable_gateway.errors import UnauthenticatedError
from wearable_gateway.kit.clock import utc_now

NOW = utc_now()


@pytest.fixture(autouse=True)
async def _developers(db: Database) -> None:
    for dev_id in ("acme", "other"):
        await keys.create_developer(db.autocommit, dev_id, dev_id)


async def test_a_token_works_once(db: Database) -> None:
    token = await issue_token(db.autocommit, "acme", "ann", now=NOW)
    assert re.fullmatch("[0-9a-f]{64}", token)
    holder = await use_token(db.autocommit, "acme", token, now=NOW)
    assert (holder.developer.dev_id, holder.reference_id) == ("acme", "ann")
    with pytest.raises(UnauthenticatedError):
        await use_token(db.autocommit, "acme", token, now=NOW)


async def test_of_many_that_use_it_at_once_one_gets_through(db: Database) -> None:
    token = await issue_token(db.autocommit, "acme", None, now=NOW)
    outcomes = await asyncio.gather(
        *(use_token(db.autocommit, "acme", token, now=NOW) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(outcome, TokenHolder) for outcome in outcomes) == 1


async def test_a_token_is_refused_after_three_minutes_and_to_others(db: Database) -> None:
    token = await issue_token(db.autocommit, "acme", None, now=NOW)
    for dev_id, text, now in (
        ("acme", token, NOW + LIFETIME),
        ("other", token, NOW),
        ("no spaces", token, NOW),
        ("acme", token.upper(), NOW),
        ("acme", "", NOW),
        ("acme", "\x00\ud800", NOW),
    ):
        with pytest.raises(UnauthenticatedError):
            await use_token(db.autocommit, dev_id, text, now=now)
    await use_token(db.autocommit, "acme", token, now=NOW + LIFETIME - timedelta(seconds=1))


async def test_only_a_hash_is_kept_and_only_until_it_expired(db: Database) -> None:
    token = await issue_token(db.autocommit, "acme", None, now=NOW)
    row = await db.autocommit.fetchrow("SELECT * FROM auth_tokens")
    assert row is not None
    assert token not in str(dict(row))
    assert bytes.fromhex(token) != row["token_hash"]
    assert await leftovers.forget_auth_tokens(db.autocommit, NOW + LIFETIME) == 0
    assert await leftovers.forget_auth_tokens(db.autocommit, NOW + LIFETIME + timedelta(seconds=1)) == 1
