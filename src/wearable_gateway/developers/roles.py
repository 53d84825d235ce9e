"""Who works in the dashboard, and what may they do there? The one place that says what a role allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"
    READ_ONLY = "read_only"


class Way(StrEnum):
    """How a session was opened. A session by password holds only places that this one password opens."""

    PASSWORD = "password"  # noqa: S105 - a word, and no secret
    LINK = "link"
    SINGLE_SIGN_ON = "single_sign_on"


class Right(StrEnum):
    """`look`: see everything there but secrets · `work`: users, events, destinations · `manage`: people, keys, apps, settings."""

    LOOK = "look"
    WORK = "work"
    MANAGE = "manage"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MEMBER: frozenset({Right.LOOK, Right.WORK}),
    Role.READ_ONLY: frozenset({Right.LOOK}),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody's place at one developer. `dev_id` None: they run the gateway, and have that role at every developer.

    One person, one e-mail address, may have several places; none of them tells of another.
    """

    id: UUID
    email: str
    dev_id: str | None
    role: Role = Role.OWNER

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class OperatorSession:
    """Somebody signed in, with the places that this opened. It is never without one."""

    id: UUID
    email: str
    operators: tuple[Operator, ...]
    csrf_token: str
    created_at: datetime
    opened_with: Way = Way.LINK

    @property
    def operator_ids(self) -> list[UUID]:
        return [operator.id for operator in self.operators]

    @property
    def for_gateway(self) -> Operator | None:
        """Their place as one who runs the gateway."""
        return next((operator for operator in self.operators if operator.dev_id is None), None)

    def at(self, dev_id: str) -> Operator | None:
        """Their place at this developer, the one that allows more; None: it is none of their business."""
        places = [operator for operator in self.operators if operator.dev_id in {None, dev_id}]
        return max(places, key=lambda operator: len(RIGHTS[operator.role]), default=None)

    @property
    def dev_ids(self) -> tuple[str, ...] | None:
        """The developers they may see; None: all."""
        if self.for_gateway:
            return None
        return tuple(operator.dev_id for operator in self.operators if operator.dev_id is not None)
