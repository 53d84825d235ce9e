"""Whose things, and in whose name? For routes that developers call under /v2 and operators under /admin/v1.

Such a route is written once. Where it is included says who may call it: `dependencies=[AsDeveloper]` with their key, or
`dependencies=[AsAdmin]` below a path with `{dev_id}`.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from wearable_gateway.developers.keys import find_developer
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.deps import CurrentDeveloper, Svc


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` is who is written into the audit log."""

    dev_id: str
    actor: str


async def developer_calls(request: Request, developer: CurrentDeveloper) -> None:
    request.state.caller = Caller(developer.dev_id, f"developer:{developer.dev_id}")


async def admin_calls(request: Request, svc: Svc, admin: CurrentAdmin, dev_id: NamedDeveloper) -> None:
    """Raises NotFoundError for a developer there is not."""
    await find_developer(svc.db.autocommit, dev_id)
    request.state.caller = Caller(dev_id, admin.actor)


AsDeveloper = Depends(developer_calls)
AsAdmin = Depends(admin_calls)


async def current_caller(request: Request) -> Caller:
    found: Caller = request.state.caller
    return found


CurrentCaller = Annotated[Caller, Depends(current_caller)]
