"""People: who may enter this place, with which role, and who is invited to it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Response

from wearable_gateway.developers.people import Person
from wearable_gateway.developers.roles import Role
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.web.dashboard import passing_on
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Anywhere, ManagingAnywhere, Place
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.passing_on import invitations_of, people_of
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id

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
            made, token = await invitations_of(tx, here).invite(email, role, svc.clock())
    except InvalidInputError as error:
        return await _page(
            svc, here, email=email, role=role, problem=error.expected, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return passing_on.go_to_invitation(svc, here, made, token)


@router.post("/invitations/{invitation_id}/withdraw")
async def withdraw_invitation(svc: Svc, here: ManagingAnywhere, invitation_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await invitations_of(tx, here).withdraw(read_id(invitation_id, "page"))
    return go_to(f"{here.home}/people?said=withdrawn")


@router.get("/{operator_id}")
async def show_person(svc: Svc, here: Anywhere, operator_id: str, said: str = "") -> Response:
    person = await people_of(svc.db.autocommit, here).get(read_id(operator_id, "page"))
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
        await people_of(tx, here).change_role(read_id(operator_id, "page"), role)
    return go_to(f"{here.home}/people/{operator_id}?said=role")


@router.post("/{operator_id}/remove")
async def remove(svc: Svc, here: ManagingAnywhere, operator_id: str) -> Response:
    async with svc.db.transaction() as tx:
        removed = await people_of(tx, here).remove(read_id(operator_id, "page"))
    return go_to(HOME if removed.id == here.operator.id else f"{here.home}/people?said=removed")


@router.post("/{operator_id}/sign-out")
async def sign_out(svc: Svc, here: ManagingAnywhere, operator_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await people_of(tx, here).sign_out(read_id(operator_id, "page"))
    return go_to(f"{here.home}/people/{operator_id}?said=signed-out")


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
    found: Sequence[Person] = await people_of(svc.db.autocommit, here).page(after=after, limit=PAGE_SIZE + 1)
    return framed(
        "people.html",
        here,
        "people",
        status=status,
        people=found[:PAGE_SIZE],
        following=found[PAGE_SIZE - 1].operator.email if len(found) > PAGE_SIZE else None,
        after=after,
        invitations=await invitations_of(svc.db.autocommit, here).pending(),
        roles=ROLES,
        said=SAID.get(said),
        email=email,
        role=role,
        problem=problem,
        now=svc.clock(),
    )


router.routes += passing_on.router.routes
