"""People: who may enter this place, with which role, and who is invited to it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Form, Response

from wearable_gateway.db.session import Session
from wearable_gateway.developers.invitations import LIFETIME, Invitation, Invitations
from wearable_gateway.developers.people import People, Person
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Role
from wearable_gateway.developers.sign_in import LINK_LIFETIME
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Anywhere, ManagingAnywhere, Place
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services, Svc

router = section("/{dev_id}/people")

PAGE_SIZE = 100
SAID = {
    "role": "The role was changed.",
    "removed": "They were removed, and signed out of this place.",
    "signed-out": "They were signed out of this place, on every device.",
    "withdrawn": "The invitation was withdrawn: its link no longer works.",
}
ROLES = {
    Role.OWNER: ("Owner", "everything, with people, keys, provider apps and settings"),
    Role.MEMBER: ("Member", "users, events and destinations; looks at the rest"),
    Role.READ_ONLY: ("Read-only", "looks at everything, and changes nothing"),
}


@router.get("")
async def show_people(svc: Svc, here: Anywhere, after: str = "", said: str = "") -> Response:
    return await _page(svc, here, after=after, said=said)


@router.post("")
async def invite(
    svc: Svc,
    here: ManagingAnywhere,
    email: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.READ_ONLY,
) -> Response:
    try:
        async with svc.db.transaction() as tx:
            made, token = await _invitations(tx, here).invite(email, role, svc.clock())
    except InvalidInputError as error:
        return await _page(
            svc, here, email=email, role=role, problem=error.expected, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return _invited(svc, here, made, token)


@router.post("/invitations/{invitation_id}/renew")
async def renew_invitation(svc: Svc, here: ManagingAnywhere, invitation_id: str) -> Response:
    async with svc.db.transaction() as tx:
        made, token = await _invitations(tx, here).renew(_read_id(invitation_id), svc.clock())
    return _invited(svc, here, made, token)


@router.post("/invitations/{invitation_id}/withdraw")
async def withdraw_invitation(svc: Svc, here: ManagingAnywhere, invitation_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await _invitations(tx, here).withdraw(_read_id(invitation_id))
    return go_to(f"{here.home}/people?said=withdrawn")


@router.get("/{operator_id}")
async def show_person(svc: Svc, here: Anywhere, operator_id: str, said: str = "") -> Response:
    person = await _people(svc.db.autocommit, here).get(_read_id(operator_id))
    return framed(
        "person.html",
        here,
        "people",
        person=person,
        itself=person.operator.id == here.operator.id,
        roles=ROLES,
        now=svc.clock(),
        said=SAID.get(said),
    )


@router.post("/{operator_id}/role")
async def change_role(
    svc: Svc, here: ManagingAnywhere, operator_id: str, role: Annotated[Role, Form()]
) -> Response:
    async with svc.db.transaction() as tx:
        await _people(tx, here).change_role(_read_id(operator_id), role)
    return go_to(f"{here.home}/people/{operator_id}?said=role")


@router.post("/{operator_id}/remove")
async def remove(svc: Svc, here: ManagingAnywhere, operator_id: str) -> Response:
    async with svc.db.transaction() as tx:
        removed = await _people(tx, here).remove(_read_id(operator_id))
    return go_to(HOME if removed.id == here.operator.id else f"{here.home}/people?said=removed")


@router.post("/{operator_id}/sign-out")
async def sign_out(svc: Svc, here: ManagingAnywhere, operator_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await _people(tx, here).sign_out(_read_id(operator_id))
    return go_to(f"{here.home}/people/{operator_id}?said=signed-out")


@router.post("/{operator_id}/link")
async def make_link(svc: Svc, here: ManagingAnywhere, operator_id: str) -> Response:
    async with svc.db.transaction() as tx:
        subject, token = await _people(tx, here).new_link(_read_id(operator_id), svc.clock())
    minutes = int(LINK_LIFETIME.total_seconds()) // 60
    return framed(
        "link_once.html",
        here,
        "people",
        title="Sign-in link",
        email=subject.email,
        link=f"{svc.public_url}{HOME}/link/{token}",
        text=f"It signs them in to this place, once, within {minutes} minutes. There they can set a new password.",
        back=f"{here.home}/people/{subject.id}",
    )


def _invited(svc: Services, here: Place, made: Invitation, token: str) -> Response:
    """Shown in the answer itself: the link is kept nowhere, so that no later page could show it."""
    return framed(
        "link_once.html",
        here,
        "people",
        title="Invitation",
        email=made.email,
        link=f"{svc.public_url}{HOME}/invitation/{token}",
        text=f"It gives them a place here as {ROLES[made.role][0].lower()}, once, within {LIFETIME.days} days.",
        back=f"{here.home}/people",
    )


async def _page(
    svc: Services,
    here: Place,
    *,
    after: str = "",
    said: str = "",
    email: str = "",
    role: Role = Role.MEMBER,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    found: Sequence[Person] = await _people(svc.db.autocommit, here).page(after=after, limit=PAGE_SIZE + 1)
    return framed(
        "people.html",
        here,
        "people",
        status=status,
        people=found[:PAGE_SIZE],
        following=found[PAGE_SIZE - 1].operator.email if len(found) > PAGE_SIZE else None,
        after=after,
        invitations=await _invitations(svc.db.autocommit, here).pending(),
        roles=ROLES,
        said=SAID.get(said),
        email=email,
        role=role,
        problem=problem,
        now=svc.clock(),
    )


def _people(session: Session, here: Place) -> People:
    return People(session, here.dev_id, Acting(here.actor, here.operator))


def _invitations(session: Session, here: Place) -> Invitations:
    return Invitations(session, here.dev_id, Acting(here.actor, here.operator))


def _read_id(given: str) -> UUID:
    """Raises NotFoundError."""
    try:
        return UUID(given)
    except ValueError:
        raise NotFoundError("page") from None
