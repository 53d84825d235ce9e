"""/admin/v1/operators and /admin/v1/invitations: who may enter the dashboard.

Written once, and included twice: for those who run the gateway, and below a developer for its own people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.developers.invitations import Invitation, Invitations
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.people import People, Person
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.errors import NotFoundError
from wearable_gateway.web.admin.deps import CurrentAdmin, NamedDeveloper
from wearable_gateway.web.admin.dry_run import DryRun, tell
from wearable_gateway.web.bodies import JsonRoute
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.parameters import USER_ID, text
from wearable_gateway.web.refusals import refusals

router = APIRouter(route_class=JsonRoute)

_MOST = 500
_EMAIL = r"^[!-?A-~]+@[!-?A-~]+$"
Email = Annotated[str, text({"type": "string", "maxLength": 254, "pattern": _EMAIL})]
OperatorId = Annotated[str, Path(description="The `operator_id` of somebody here.", examples=[USER_ID])]
InvitationId = Annotated[str, Path(description="The `invitation_id` of one of here.", examples=[USER_ID])]


@dataclass(frozen=True, slots=True)
class _Place:
    dev_id: str | None
    acting: Acting


async def of_gateway(request: Request, admin: CurrentAdmin) -> None:
    request.state.place = _Place(None, Acting(admin.actor))


async def of_developer(request: Request, svc: Svc, admin: CurrentAdmin, dev_id: NamedDeveloper) -> None:
    """Raises NotFoundError for a developer there is not."""
    await find_developer(svc.db.autocommit, dev_id)
    request.state.place = _Place(dev_id, Acting(admin.actor))


OfGateway = Depends(of_gateway)
OfDeveloper = Depends(of_developer)


async def current_place(request: Request) -> _Place:
    found: _Place = request.state.place
    return found


Place = Annotated[_Place, Depends(current_place)]


class NewOperator(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"email": "bob@example.org", "role": "member"}]}
    )

    email: Email
    role: Role = Field(
        description="`owner`: everything · `member`: no people, keys, apps, settings · `read_only`: looks."
    )


class OperatorChange(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "read_only"}]})

    role: Role


class OperatorAnswer(BaseModel):
    operator_id: UUID
    email: str
    role: Role


class ListedOperator(OperatorAnswer):
    created_at: datetime
    last_seen_at: datetime | None = Field(description="When they last looked at a page of this place.")


class OperatorList(BaseModel):
    operators: list[ListedOperator]
    next: str | None = Field(description="What to give as `after` for those that follow; null: that was all.")


class CreatedOperator(OperatorAnswer):
    sign_in_link: str = Field(description="Shown this once: it signs them in, once, within 15 minutes.")


class InvitationAnswer(BaseModel):
    invitation_id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


class InvitationList(BaseModel):
    invitations: list[InvitationAnswer]


class CreatedInvitation(InvitationAnswer):
    invitation_link: str = Field(description="Shown this once, to be passed on: it works once, for a week.")


@router.get("/operators", summary="List operators", responses=refusals(404))
async def list_operators(
    svc: Svc,
    place: Place,
    after: Annotated[
        str, Query(max_length=254, pattern="^[!-~]*$", description="The `next` of the page before.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 100,
) -> OperatorList:
    """By e-mail address, a page at a time."""
    found = await People(svc.db.autocommit, place.dev_id, place.acting).page(after=after, limit=limit + 1)
    shown = [_listed(person) for person in found[:limit]]
    return OperatorList(operators=shown, next=shown[-1].email if len(found) > limit else None)


@router.post("/operators", status_code=201, summary="Make an operator", responses=refusals(404))
async def create_operator(svc: Svc, place: Place, body: NewOperator) -> CreatedOperator:
    """Somebody without a password, and a link that signs them in. An invitation waits longer."""
    async with svc.db.transaction() as tx:
        operator, token = await People(tx, place.dev_id, place.acting).add(body.email, body.role, svc.clock())
    return CreatedOperator(**_fields(operator), sign_in_link=f"{svc.public_url}/dashboard/link/{token}")


@router.patch("/operators/{operator_id}", summary="Change an operator's role", responses=refusals(403, 404))
async def change_operator(
    svc: Svc, place: Place, operator_id: OperatorId, body: OperatorChange
) -> OperatorAnswer:
    """It holds from their next click on. The last owner stays one."""
    async with svc.db.transaction() as tx:
        people = People(tx, place.dev_id, place.acting)
        changed = await people.change_role(_read_id(operator_id, "operator"), body.role)
    return OperatorAnswer(**_fields(changed))


@router.delete(
    "/operators/{operator_id}", status_code=204, summary="Remove an operator", responses=refusals(403, 404)
)
async def remove_operator(
    svc: Svc, place: Place, operator_id: OperatorId, response: Response, dry_run: DryRun = False
) -> None:
    """They are signed out of this place at once. The last owner stays."""
    async with svc.db.transaction(rehearse=dry_run) as tx:
        await People(tx, place.dev_id, place.acting).remove(_read_id(operator_id, "operator"))
    tell(response, dry_run=dry_run)


@router.get("/invitations", summary="List invitations", responses=refusals(404))
async def list_invitations(svc: Svc, place: Place) -> InvitationList:
    """Those nobody has accepted yet, by e-mail address; also those that are over."""
    found = await Invitations(svc.db.autocommit, place.dev_id, place.acting).pending()
    return InvitationList(invitations=[InvitationAnswer(**_invitation(one)) for one in found])


@router.post("/invitations", status_code=201, summary="Invite somebody", responses=refusals(404))
async def create_invitation(svc: Svc, place: Place, body: NewOperator) -> CreatedInvitation:
    """Nothing is mailed: the link is for you to pass on. Another invitation of the same address is over."""
    async with svc.db.transaction() as tx:
        made, token = await Invitations(tx, place.dev_id, place.acting).invite(
            body.email, body.role, svc.clock()
        )
    link = f"{svc.public_url}/dashboard/invitation/{token}"
    return CreatedInvitation(**_invitation(made), invitation_link=link)


@router.delete(
    "/invitations/{invitation_id}", status_code=204, summary="Withdraw an invitation", responses=refusals(404)
)
async def withdraw_invitation(
    svc: Svc, place: Place, invitation_id: InvitationId, response: Response, dry_run: DryRun = False
) -> None:
    """Its link is over."""
    async with svc.db.transaction(rehearse=dry_run) as tx:
        await Invitations(tx, place.dev_id, place.acting).withdraw(_read_id(invitation_id, "invitation"))
    tell(response, dry_run=dry_run)


def _read_id(given: str, what: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFoundError(what) from None


def _fields(operator: Operator) -> dict[str, object]:
    return {"operator_id": operator.id, "email": operator.email, "role": operator.role}


def _listed(person: Person) -> ListedOperator:
    return ListedOperator(
        **_fields(person.operator), created_at=person.created_at, last_seen_at=person.seen_at
    )


def _invitation(one: Invitation) -> dict[str, object]:
    return {
        "invitation_id": one.id,
        "email": one.email,
        "role": one.role,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
    }
