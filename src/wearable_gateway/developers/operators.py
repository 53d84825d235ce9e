"""Operators: who may enter the dashboard, at which developer, and with which role."""

import re
from collections.abc import Sequence
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers import passwords
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

COLUMNS = "id, email, dev_id, role"
_EMAIL = re.compile(r"[^@\s\x00-\x20\x7f]+@[^@\s\x00-\x20\x7f]+")
_LONGEST_EMAIL = 254


def normalise_email(email: str) -> str:
    """Raises InvalidInputError."""
    address = email.strip().lower()
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise InvalidInputError("email", "an e-mail address such as ann@example.org")
    return address


def at_place(dev_id: str | None) -> str:
    """The condition that `$1`, which is `dev_id`, names the place: `dev_id = NULL` would find none."""
    return "dev_id = $1" if dev_id is not None else "dev_id IS NULL AND $1::text IS NULL"


def read_operator(row: Row) -> Operator:
    return Operator(row["id"], row["email"], row["dev_id"], Role(row["role"]))


async def create_operator(
    session: Session,
    email: str,
    password: str | None = None,
    dev_id: str | None = None,
    role: Role = Role.OWNER,
) -> Operator:
    """A place at one developer, or without `dev_id` at the gateway.

    Without a password they enter by sign-in links alone. Raises InvalidInputError, NotFoundError.
    """
    password_hash = None
    if password is not None:
        password_hash = await passwords.hash_password(passwords.check_password(password))
    return await add_operator(session, email, dev_id, role, password_hash)


async def add_operator(
    session: Session, email: str, dev_id: str | None, role: Role, password_hash: str | None
) -> Operator:
    """The same with what is kept of a password. Raises InvalidInputError, NotFoundError."""
    operator = Operator(uuid7(), normalise_email(email), dev_id, role)
    if dev_id is not None:
        await find_developer(session, dev_id)
    created = await session.execute(
        "INSERT INTO operators (id, email, dev_id, role, password_hash, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        operator.id, operator.email, dev_id, role.value, password_hash, utc_now(),
    )  # fmt: skip
    if not created:
        raise InvalidInputError("email", f"{operator.email} is an operator already; choose another")
    await session.execute(
        f"DELETE FROM invitations WHERE {at_place(dev_id)} AND email = $2", dev_id, operator.email
    )
    return operator


async def places_of(session: Session, email: str) -> list[Operator]:
    """Everywhere this person works: not for the eyes of any developer. Raises NotFoundError, InvalidInputError."""
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM operators WHERE email = $1 ORDER BY id", normalise_email(email)
    )
    if not rows:
        raise NotFoundError("operator")
    return [read_operator(row) for row in rows]


async def operators_at(session: Session, dev_id: str | None) -> list[Operator]:
    """A developer's own people; `dev_id` None: those who run the gateway."""
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM operators WHERE {at_place(dev_id)} ORDER BY email", dev_id
    )
    return [read_operator(row) for row in rows]


async def keep_password(session: Session, operator_ids: Sequence[UUID], password_hash: str) -> bool:
    """Whether there was somebody to keep it for."""
    changed = await session.execute(
        "UPDATE operators SET password_hash = $2 WHERE id = ANY ($1)", list(operator_ids), password_hash
    )
    return bool(changed)
