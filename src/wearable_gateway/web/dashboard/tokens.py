"""Build > Admin tokens: those of the programs that administer the gateway, made and ended."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Form, Request, Response

from wearable_gateway.developers import admin_tokens
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.scopes import EVERYTHING, NOUNS
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.credentials import in_use_first
from wearable_gateway.web.dashboard.deps import GATEWAY, ManagingOffice, Office, Place
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id

router = section(f"/{GATEWAY}/tokens")


@router.get("")
async def show_tokens(svc: Svc, here: Office, revoked: str = "") -> Response:
    return await _page(svc, here, revoked=bool(revoked))


@router.post("")
async def create_token(
    svc: Svc,
    here: ManagingOffice,
    name: Annotated[str, Form()] = "",
    scopes: Annotated[Sequence[str], Form()] = (),
    dev_id: Annotated[str, Form()] = "",
) -> Response:
    try:
        async with svc.db.transaction() as tx:
            made, text = await admin_tokens.issue_admin_token(
                tx, svc.hasher, name, scopes, dev_id.strip() or None, actor=here.actor
            )
    except (InvalidInputError, NotFoundError) as error:
        about, problem = _problem(error, scopes)
        return await _page(
            svc, here, status=HTTPStatus.UNPROCESSABLE_ENTITY,
            typed=name, ticked=scopes, typed_dev_id=dev_id, about=about, problem=problem,
        )  # fmt: skip
    return shown_once.go_to_secret(svc, here, _path(here, made), text)


@router.get("/{token_id}")
async def show_made_token(svc: Svc, here: Office, request: Request, token_id: str) -> Response:
    """The list, with the token above it the first time."""
    made = await admin_tokens.find_admin_token(svc.db.autocommit, read_id(token_id, "admin token"))
    secret = shown_once.take(request, svc, here, _path(here, made))
    return shown_once.forget(await _page(svc, here, made=made, secret=secret), _path(here, made))


@router.post("/{token_id}/revoke")
async def revoke_token(svc: Svc, here: ManagingOffice, token_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await admin_tokens.revoke_admin_token(tx, read_id(token_id, "admin token"), actor=here.actor)
    return go_to(f"{here.home}/tokens?revoked=1")


def _path(here: Place, token: AdminToken) -> str:
    return f"{here.home}/tokens/{token.id}"


async def _page(
    svc: Services,
    here: Place,
    *,
    status: int = HTTPStatus.OK,
    made: AdminToken | None = None,
    secret: str | None = None,
    **values: Any,
) -> Response:
    found = await admin_tokens.list_admin_tokens(svc.db.autocommit)
    shown = {
        "typed": "",
        "ticked": (),
        "typed_dev_id": "",
        "about": "",
        "problem": None,
        "revoked": False,
        **values,
    }
    return framed(
        "tokens.html", here, "tokens", status=status, credentials=in_use_first(found), made=made, secret=secret,
        now=svc.clock(), public_url=svc.public_url, nouns=NOUNS, everything=EVERYTHING, **shown,
    )  # fmt: skip


def _problem(error: InvalidInputError | NotFoundError, scopes: Sequence[str]) -> tuple[str, str]:
    """Of which field, and what it needs."""
    if isinstance(error, NotFoundError):
        return "dev_id", "the dev-id of a developer of this gateway, or nothing"
    if error.parameter == "name":
        return "name", error.expected
    return "scopes", error.expected if scopes else "at least one box that is ticked"
