"""The developer in the path, who there is, and the program that calls for them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from wearable_gateway.developers.keys import find_developer
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.deps import Svc


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` is who is written into the audit log."""

    dev_id: str
    actor: str


async def known_developer(svc: Svc, admin: CurrentAdmin, dev_id: NamedDeveloper) -> Caller:
    """Raises NotFoundError for a developer there is not."""
    await find_developer(svc.db.autocommit, dev_id)
    return Caller(dev_id, admin.actor)


CurrentCaller = Annotated[Caller, Depends(known_developer)]
