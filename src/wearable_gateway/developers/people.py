"""The people of one place, a developer or the gateway itself, and what is done to them by those who may."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.developers.operators import COLUMNS, create_operator, read_operator
from wearable_gateway.developers.people_rules import why_not
from wearable_gateway.developers.places import AtPlace
from wearable_gateway.developers.roles import Operator, Right, Role
from wearable_gateway.developers.sessions import leave, record_sign_out
from wearable_gateway.developers.sign_in import issue_sign_in_link
from wearable_gateway.errors import DisallowedError, NotFoundError


@dataclass(frozen=True, slots=True)
class Person:
    """`seen_at`: when they last looked at a page of this place; None: never yet."""

    operator: Operator
    created_at: datetime
    seen_at: datetime | None
    has_password: bool


class People(AtPlace):
    """Those of one place."""

    async def page(self, *, after: str = "", limit: int) -> list[Person]:
        """By e-mail address, those behind `after`."""
        rows = await self._session.fetch(
            f"SELECT {COLUMNS}, created_at, seen_at, password_hash IS NOT NULL AS has_password FROM operators"
            f" WHERE {self._here} AND email > $2 ORDER BY email LIMIT $3",
            self._dev_id, after, limit,
        )  # fmt: skip
        return [
            Person(read_operator(row), row["created_at"], row["seen_at"], row["has_password"]) for row in rows
        ]

    async def get(self, operator_id: UUID) -> Person:
        """Raises NotFoundError, also for somebody at another place."""
        row = await self._session.fetchrow(
            f"SELECT {COLUMNS}, created_at, seen_at, password_hash IS NOT NULL AS has_password FROM operators"
            f" WHERE {self._here} AND id = $2",
            self._dev_id, operator_id,
        )  # fmt: skip
        if row is None:
            raise NotFoundError("operator")
        return Person(read_operator(row), row["created_at"], row["seen_at"], row["has_password"])

    async def find(self, email: str) -> Operator:
        """Raises NotFoundError."""
        row = await self._session.fetchrow(
            f"SELECT {COLUMNS} FROM operators WHERE {self._here} AND email = $2", self._dev_id, email
        )
        if row is None:
            raise NotFoundError("operator")
        return read_operator(row)

    async def add(self, email: str, role: Role, now: datetime) -> tuple[Operator, str]:
        """Somebody new without a password, and the token of their sign-in link. Raises InvalidInputError, NotFoundError."""
        operator = await create_operator(self._session, email, dev_id=self._dev_id, role=role)
        await self._record("operator.created", operator.email, after={"role": role.value})
        return operator, await issue_sign_in_link(self._session, [operator.id], now)

    async def change_role(self, operator_id: UUID, role: Role) -> Operator:
        """Raises NotFoundError; DisallowedError where `people_rules` say so."""
        subject = await self._allowed(operator_id, role)
        if subject.role is role:
            return subject
        await self._session.execute(
            f"UPDATE operators SET role = $3 WHERE {self._here} AND id = $2",
            self._dev_id, operator_id, role.value,
        )  # fmt: skip
        await self._record(
            "operator.role_changed", subject.email, {"role": subject.role.value}, {"role": role.value}
        )
        changed = Operator(subject.id, subject.email, subject.dev_id, role)
        if not changed.may(Right.MANAGE):
            await self._withdraw_invitations_of(subject)
        return changed

    async def remove(self, operator_id: UUID) -> Operator:
        """Their sessions lose this place at once. Raises NotFoundError; DisallowedError where `people_rules` say so."""
        subject = await self._allowed(operator_id, None)
        await self._session.execute(
            f"DELETE FROM operators WHERE {self._here} AND id = $2", self._dev_id, operator_id
        )
        await leave(self._session, subject.email, [subject.id])
        await self._record("operator.removed", subject.email, {"role": subject.role.value})
        await self._withdraw_invitations_of(subject)
        return subject

    async def sign_out(self, operator_id: UUID) -> Operator:
        """Every session of theirs loses this place; what they have elsewhere goes on. Raises NotFoundError."""
        subject = (await self.get(operator_id)).operator
        await leave(self._session, subject.email, [subject.id])
        await record_sign_out(self._session, subject, actor=self._acting.name)
        return subject

    async def new_link(self, operator_id: UUID, now: datetime) -> tuple[Operator, str]:
        """Somebody, and the token of a link that signs them in here, once. Raises NotFoundError."""
        subject = (await self.get(operator_id)).operator
        token = await issue_sign_in_link(self._session, [subject.id], now)
        await self.record_link(subject)
        return subject, token

    async def record_link(self, subject: Operator) -> None:
        """For a link that leads to other places as well."""
        await self._record("operator.link_issued", subject.email)

    async def _allowed(self, operator_id: UUID, wanted: Role | None) -> Operator:
        # Locked in one order: of two owners who remove each other at the same time, one stays.
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM operators WHERE {self._here} AND (role = 'owner' OR id = $2) ORDER BY id"
            " FOR UPDATE",
            self._dev_id, operator_id,
        )  # fmt: skip
        operators = [read_operator(row) for row in rows]
        subject = next((one for one in operators if one.id == operator_id), None)
        if subject is None:
            raise NotFoundError("operator")
        others = sum(one.role is Role.OWNER for one in operators if one != subject)
        refusal = why_not(
            self._acting.operator,
            subject,
            wanted,
            other_owners=others,
            gateway_owners=await self._gateway_owners(),
        )
        if refusal:
            raise DisallowedError(refusal)
        return subject

    async def _gateway_owners(self) -> int:
        # The last of them stays, so that one counted now does not go away meanwhile.
        return int(
            await self._session.fetchval(
                "SELECT count(*) FROM operators WHERE dev_id IS NULL AND role = 'owner'"
            )
        )

    async def _withdraw_invitations_of(self, subject: Operator) -> None:
        """Who may let nobody in any more has let nobody in who did not come yet."""
        rows = await self._session.fetch(
            f"DELETE FROM invitations WHERE {self._here} AND invited_by = $2 RETURNING email, role",
            self._dev_id, f"operator:{subject.email}",
        )  # fmt: skip
        for row in rows:
            await self._record("operator.invitation_withdrawn", row["email"], {"role": row["role"]})
