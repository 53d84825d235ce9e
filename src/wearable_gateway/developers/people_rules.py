"""May this person be given that role, or be removed? Pure, so that a table can test it."""

from wearable_gateway.developers.roles import RIGHTS, Operator, Role


def why_not(
    actor: Operator | None,
    subject: Operator,
    wanted: Role | None,
    *,
    other_owners: int,
    gateway_owners: int,
) -> str | None:
    """What stands against it, in words for whoever asked; None: nothing does.

    `actor` None: a program, or somebody on the gateway's machine. `wanted` None: to be removed. `other_owners` are those
    of the same place beside `subject`; those who own the gateway can let somebody in at any developer.
    """
    if actor is not None and wanted is not None and _raises_themselves(actor, subject, wanted):
        return "nobody gives themselves a larger role: ask another owner"
    if subject.role is not Role.OWNER or wanted is Role.OWNER or other_owners:
        return None
    if subject.dev_id is None:
        return "this is the last owner of the gateway: make somebody else an owner first"
    if not gateway_owners:
        return "this is the last owner, and nobody else could let one in: make somebody else an owner first"
    return None


def _raises_themselves(actor: Operator, subject: Operator, wanted: Role) -> bool:
    return actor.email == subject.email and len(RIGHTS[wanted]) > len(RIGHTS[subject.role])
