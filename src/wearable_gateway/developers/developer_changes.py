"""Developers as somebody makes and renames them: each change with a word to the audit, in the caller's transaction."""

import unicodedata

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit, key_changes, keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.models import ApiKey, Developer, Environment
from wearable_gateway.errors import InvalidInputError

LONGEST_NAME = 200


async def create(
    session: Session,
    hasher: KeyHasher,
    name: str,
    dev_id: str | None = None,
    *,
    environment: Environment = Environment.PRODUCTION,
    account: str | None = None,
    key_name: str = "",
    actor: str,
) -> tuple[Developer, ApiKey, str]:
    """A developer, its first API key, and the key's text, which is shown this once. Raises InvalidInputError."""
    developer = await keys.create_developer(
        session, check_name(name), dev_id, environment=environment, account=account
    )
    await audit.record(
        session, developer.dev_id, actor=actor, action="developer.created",
        subject=f"developer:{developer.dev_id}",
        after={
            "dev_id": developer.dev_id, "name": developer.name, "account": developer.account,
            "environment": developer.environment.value,
        },
    )  # fmt: skip
    key, text = await key_changes.issue(session, hasher, developer.dev_id, key_name, actor=actor)
    return developer, key, text


async def rename(session: Session, dev_id: str, name: str, *, actor: str) -> None:
    """As end users see it on the connect pages from now on. Raises NotFoundError, InvalidInputError."""
    wanted = check_name(name)
    before = await keys.lock_developer(session, dev_id)
    if before.name == wanted:
        return
    await session.execute("UPDATE developers SET name = $2 WHERE dev_id = $1", dev_id, wanted)
    await audit.record(
        session, dev_id, actor=actor, action="developer.renamed", subject=f"developer:{dev_id}",
        before={"name": before.name}, after={"name": wanted},
    )  # fmt: skip


def check_name(name: str) -> str:
    """Without spaces around it. Raises InvalidInputError."""
    plain = name.strip()
    if not 1 <= len(plain) <= LONGEST_NAME or any(unicodedata.category(one) == "Cc" for one in plain):
        raise InvalidInputError(
            "name", f"the developer's name as end users shall see it, in 1 to {LONGEST_NAME} characters"
        )
    return plain
