"""The developers somebody may look after: to choose one, and for those who run the gateway to make and rename them."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response

from wearable_gateway.connections.counting import AT_MOST, UserCountsAcrossDevelopers
from wearable_gateway.developers import developer_changes
from wearable_gateway.developers.directory import DirectoryAcrossDevelopers, by_account
from wearable_gateway.developers.keys import check_dev_id, find_developer
from wearable_gateway.developers.models import Developer, Environment
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.asked import plain_text
from wearable_gateway.web.dashboard.deps import GATEWAY, ManagingOffice, Office, Place, SignedIn
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc

router = section(f"/{GATEWAY}")

PAGE_SIZE = 50
_HOME = f"/dashboard/{GATEWAY}/developers"
_FIELDS = {"name": "name", "dev-id": "dev_id", "account": "account", "environment": "environment"}
"""By what a refusal names, the field of the form."""

Text = Annotated[str, Form()]


@router.get("/developers")
async def show_developers(
    svc: Svc,
    session: SignedIn,
    text: str = "",
    after: Annotated[str, Query(max_length=63)] = "",
    renamed: str = "",
) -> Response:
    operator = session.for_gateway
    if operator is None:
        own = [await find_developer(svc.db.autocommit, dev_id) for dev_id in session.dev_ids or ()]
        return framed(
            "developers.html", Place(session, session.operators[0], None), "developers", developers=own
        )
    return await _directory(
        svc, Place(session, operator, None), plain_text(text), _dev_id_or_nothing(after), renamed
    )


async def _directory(svc: Services, here: Place, text: str, after: str, renamed: str) -> Response:
    found = await DirectoryAcrossDevelopers(svc.db.autocommit).page(
        text=text, after=after, limit=PAGE_SIZE + 1
    )
    shown = found[:PAGE_SIZE]
    return framed(
        "directory.html",
        here,
        "developers",
        text=text,
        after=after,
        accounts=by_account(shown),
        counts=await UserCountsAcrossDevelopers(svc.db.autocommit).of([one.dev_id for one in shown]),
        most=AT_MOST,
        next=shown[-1].dev_id if len(found) > PAGE_SIZE else None,
        renamed=next((one for one in shown if one.dev_id == renamed), None),
    )


@router.get("/new-developer")
async def show_new_developer(here: Office, account: str = "") -> Response:
    return _new(here, typed={"account": _dev_id_or_nothing(account)})


@router.post("/new-developer")
async def create_developer(
    svc: Svc,
    here: ManagingOffice,
    name: Text = "",
    dev_id: Text = "",
    environment: Text = Environment.PRODUCTION.value,
    account: Text = "",
) -> Response:
    typed = {"name": name, "dev_id": dev_id, "environment": environment, "account": account}
    try:
        async with svc.db.transaction() as tx:
            developer, _, text = await developer_changes.create(
                tx, svc.hasher, name, dev_id.strip() or None,
                environment=_environment(environment), account=account.strip() or None, actor=here.actor,
            )  # fmt: skip
    except InvalidInputError as error:
        problems = {_FIELDS.get(error.parameter, "name"): error.expected}
        return _new(here, typed=typed, problems=problems, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return shown_once.go_to_secret(svc, here, _path_of_first_key(developer), text)


@router.get("/developers/{named}/first-key")
async def show_first_key(svc: Svc, here: Office, request: Request, named: str) -> Response:
    developer = await _find(svc, named)
    path = _path_of_first_key(developer)
    key = shown_once.take(request, svc, here, path)
    answer = framed("developer_made.html", here, "developers", made=developer, key=key)
    return shown_once.forget(answer, path)


@router.get("/developers/{named}")
async def show_developer(svc: Svc, here: Office, named: str) -> Response:
    return _one(here, await _find(svc, named))


@router.post("/developers/{named}")
async def rename_developer(svc: Svc, here: ManagingOffice, named: str, name: Text = "") -> Response:
    developer = await _find(svc, named)
    try:
        async with svc.db.transaction() as tx:
            await developer_changes.rename(tx, developer.dev_id, name, actor=here.actor)
    except InvalidInputError as error:
        return _one(here, developer, name, error.expected, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return go_to(f"{_HOME}?text={developer.dev_id}&renamed={developer.dev_id}")


def _path_of_first_key(developer: Developer) -> str:
    return f"{_HOME}/{developer.dev_id}/first-key"


async def _find(svc: Services, named: str) -> Developer:
    try:
        return await find_developer(svc.db.autocommit, check_dev_id(named))
    except InvalidInputError as error:
        raise NotFoundError("developer") from error


def _one(
    here: Place,
    developer: Developer,
    typed: str | None = None,
    problem: str | None = None,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    value = developer.name if typed is None else typed
    return framed(
        "developer_one.html", here, "developers", status=status, developer=developer, value=value,
        problem=problem,
    )  # fmt: skip


def _new(
    here: Place, *, typed: dict[str, str], problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    values: dict[str, Any] = {"name": "", "dev_id": "", "environment": "production", "account": "", **typed}
    return framed(
        "developer_new.html", here, "developers", status=status, typed=values, problems=problems or {},
        environments=list(Environment),
    )  # fmt: skip


def _environment(text: str) -> Environment:
    try:
        return Environment(text)
    except ValueError:
        raise InvalidInputError("environment", "testing, staging or production") from None


def _dev_id_or_nothing(text: str) -> str:
    try:
        return check_dev_id(text)
    except InvalidInputError:
        return ""
