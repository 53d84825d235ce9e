"""Who may be given which role, or be removed: every role by every action."""

from itertools import product

import pytest

from wearable_gateway.developers.people_rules import why_not
from wearable_gateway.developers.roles import RIGHTS, Operator, Right, Role
from wearable_gateway.kit.ids import uuid7

OWNER, MEMBER, READ_ONLY = Role.OWNER, Role.MEMBER, Role.READ_ONLY
REMOVED = None


def somebody(role: Role, dev_id: str | None = "acme", email: str = "a@example.org") -> Operator:
    return Operator(uuid7(), email, dev_id, role)


@pytest.mark.parametrize(
    ("dev_id", "role", "wanted", "other_owners", "gateway_owners", "says"),
    [
        ("acme", OWNER, MEMBER, 0, 0, "last owner"),
        ("acme", OWNER, REMOVED, 0, 0, "last owner"),
        ("acme", OWNER, OWNER, 0, 0, None),
        ("acme", OWNER, MEMBER, 1, 0, None),
        ("acme", OWNER, REMOVED, 1, 0, None),
        # Those who own the gateway let somebody in again.
        ("acme", OWNER, MEMBER, 0, 1, None),
        ("acme", OWNER, REMOVED, 0, 1, None),
        # Nobody helps the gateway itself.
        (None, OWNER, MEMBER, 0, 1, "last owner of the gateway"),
        (None, OWNER, REMOVED, 0, 1, "last owner of the gateway"),
        (None, OWNER, READ_ONLY, 1, 2, None),
        (None, MEMBER, REMOVED, 1, 1, None),
        *(
            (place, MEMBER, wanted, 0, 0, None)
            for place in ("acme", None)
            for wanted in (OWNER, READ_ONLY, REMOVED)
        ),
        *(
            (place, READ_ONLY, wanted, 0, 0, None)
            for place in ("acme", None)
            for wanted in (OWNER, MEMBER, REMOVED)
        ),
    ],
)
def test_an_owner_stays_where_nobody_else_could_let_one_in(
    *,
    dev_id: str | None,
    role: Role,
    wanted: Role | None,
    other_owners: int,
    gateway_owners: int,
    says: str | None,
) -> None:
    subject = somebody(role, dev_id)
    for actor in (None, somebody(OWNER, dev_id, "other@example.org")):
        found = why_not(actor, subject, wanted, other_owners=other_owners, gateway_owners=gateway_owners)
        assert (found is None) if says is None else says in (found or "")


@pytest.mark.parametrize(("role", "wanted"), [*product(Role, (*Role, REMOVED))])
def test_nobody_gives_themselves_a_larger_role(role: Role, wanted: Role | None) -> None:
    me = somebody(role)
    # Also not from another place of theirs.
    for actor in (me, somebody(OWNER, None)):
        found = why_not(actor, me, wanted, other_owners=1, gateway_owners=1)
        larger = wanted is not None and len(RIGHTS[wanted]) > len(RIGHTS[role])
        assert (found is not None) == larger


def test_a_role_allows_what_it_says() -> None:
    assert {role: {right.value for right in RIGHTS[role]} for role in Role} == {
        OWNER: {"look", "work", "manage"},
        MEMBER: {"look", "work"},
        READ_ONLY: {"look"},
    }
    assert Right.MANAGE not in RIGHTS[MEMBER]
