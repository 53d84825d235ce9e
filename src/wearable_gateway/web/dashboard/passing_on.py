"""The links that an owner passes on to somebody, an invitation or a sign-in link: made, and each shown once."""

from fastapi import Request, Response

from wearable_gateway.db.session import Session
from wearable_gateway.developers.invitations import LIFETIME, Invitation, Invitations
from wearable_gateway.developers.people import People
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.sign_in import LINK_LIFETIME
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Anywhere, ManagingAnywhere, Place
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id

router = section("/{dev_id}/people")


def people_of(session: Session, here: Place) -> People:
    return People(session, here.dev_id, Acting(here.actor, here.operator))


def invitations_of(session: Session, here: Place) -> Invitations:
    return Invitations(session, here.dev_id, Acting(here.actor, here.operator))


def go_to_invitation(svc: Services, here: Place, made: Invitation, token: str) -> Response:
    link = f"{svc.public_url}{HOME}/invitation/{token}"
    return shown_once.go_to_secret(svc, here, f"{here.home}/people/invitations/{made.id}", link)


@router.get("/invitations/{invitation_id}")
async def show_invitation(svc: Svc, here: Anywhere, request: Request, invitation_id: str) -> Response:
    made = await invitations_of(svc.db.autocommit, here).get(read_id(invitation_id, "page"))
    path = f"{here.home}/people/invitations/{made.id}"
    answer = framed(
        "link_once.html", here, "people",
        title="Invitation",
        email=made.email,
        link=shown_once.take(request, svc, here, path),
        text=f"It gives them a place here as {made.role.value.replace('_', '-')}, once, within {LIFETIME.days} days.",
        another=f"{path}/renew",
        ends="The one before ends with it.",
        back=f"{here.home}/people",
    )  # fmt: skip
    return shown_once.forget(answer, path)


@router.post("/invitations/{invitation_id}/renew")
async def renew_invitation(svc: Svc, here: ManagingAnywhere, invitation_id: str) -> Response:
    async with svc.db.transaction() as tx:
        made, token = await invitations_of(tx, here).renew(read_id(invitation_id, "page"), svc.clock())
    return go_to_invitation(svc, here, made, token)


@router.get("/{operator_id}/link")
async def show_link(svc: Svc, here: Anywhere, request: Request, operator_id: str) -> Response:
    person = await people_of(svc.db.autocommit, here).get(read_id(operator_id, "page"))
    subject, path = person.operator, f"{here.home}/people/{person.operator.id}/link"
    minutes = int(LINK_LIFETIME.total_seconds()) // 60
    answer = framed(
        "link_once.html", here, "people",
        title="Sign-in link",
        email=subject.email,
        link=shown_once.take(request, svc, here, path),
        text=f"It signs them in to this place, once, within {minutes} minutes. There they can set a new password.",
        another=path,
        ends="",
        back=f"{here.home}/people/{subject.id}",
    )  # fmt: skip
    return shown_once.forget(answer, path)


@router.post("/{operator_id}/link")
async def make_link(svc: Svc, here: ManagingAnywhere, operator_id: str) -> Response:
    async with svc.db.transaction() as tx:
        subject, token = await people_of(tx, here).new_link(read_id(operator_id, "page"), svc.clock())
    path = f"{here.home}/people/{subject.id}/link"
    return shown_once.go_to_secret(svc, here, path, f"{svc.public_url}{HOME}/link/{token}")
