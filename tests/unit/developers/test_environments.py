"""Testing, staging and production are developers of their own that share an account."""

import asyncio

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys
from wearable_gateway.developers.models import Developer, Environment
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import InvalidInputError


async def _create(
    db: Database, dev_id: str, environment: Environment, account: str | None = None
) -> Developer:
    async with db.transaction() as session:
        return await keys.create_developer(session, dev_id, dev_id, environment=environment, account=account)


async def test_an_account_has_each_environment_once(db: Database) -> None:
    first = await _create(db, "acme", Environment.PRODUCTION)
    assert (first.account, first.environment) == ("acme", Environment.PRODUCTION)
    await _create(db, "acme-testing", Environment.TESTING, "acme")
    await _create(db, "other", Environment.TESTING, "other")
    with pytest.raises(InvalidInputError, match="the testing of account acme is acme-testing"):
        await _create(db, "acme-more", Environment.TESTING, "acme")
    await _create(db, "acme-staging", Environment.STAGING, "acme")
    found = await keys.list_developers(db.autocommit)
    assert {developer.dev_id for developer in found if developer.account == "acme"} == {
        "acme", "acme-testing", "acme-staging",
    }  # fmt: skip


async def test_of_two_that_come_at_once_one_is_refused(db: Database) -> None:
    outcomes = await asyncio.gather(
        *(_create(db, f"acme-{number}", Environment.STAGING, "acme") for number in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Developer) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, InvalidInputError) for outcome in outcomes) == 5


async def test_a_dev_id_is_taken_once_whatever_its_account(db: Database) -> None:
    await _create(db, "acme", Environment.PRODUCTION)
    for environment, account in ((Environment.PRODUCTION, None), (Environment.TESTING, "new")):
        with pytest.raises(InvalidInputError, match="acme exists already"):
            await _create(db, "acme", environment, account)


@pytest.mark.parametrize(
    ("environment", "chosen", "allowed"),
    [
        (Environment.TESTING, None, 50),
        (Environment.STAGING, None, 50),
        (Environment.PRODUCTION, None, None),
        (Environment.TESTING, 500, 500),
        (Environment.PRODUCTION, 0, 0),
    ],
)
def test_testing_and_staging_hold_fifty_users_unless_told_otherwise(
    environment: Environment, chosen: int | None, allowed: int | None
) -> None:
    assert DeveloperSettings.of({"user_limit": chosen}).users_allowed(environment) == allowed
