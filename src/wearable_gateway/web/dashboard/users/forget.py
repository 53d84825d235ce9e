"""A person asks to be forgotten: what there is of them, what goes and what stays, and then it goes."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Response

from wearable_gateway.bulk.erasing import MOST_COUNTED, Holdings, begin_erasure, holdings
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc

router = section("/{dev_id}/users/forget")


@router.get("")
async def show_person(svc: Svc, here: Here, reference_id: str = "") -> Response:
    return await _page(svc, here, reference_id)


@router.post("")
async def forget_person(
    svc: Svc,
    here: Working,
    reference_id: Annotated[str, Form()] = "",
    typed: Annotated[str, Form()] = "",
    form: Annotated[str, Form()] = "",
) -> Response:
    if not reference_id or typed.strip() != reference_id:
        return await _page(svc, here, reference_id, typed=typed, mistyped=True)
    try:
        async with svc.db.transaction() as tx:
            job = await begin_erasure(
                tx, here.dev_id, reference_id, form=form, actor=here.actor, now=svc.clock()
            )
    except (InvalidInputError, NotFoundError):
        return await _page(svc, here, reference_id)
    return go_to(f"{here.home}/users/bulk/{job.id}")


async def _page(
    svc: Services, here: Workplace, reference_id: str, *, typed: str = "", mistyped: bool = False
) -> Response:
    found: Holdings | None = None
    problem = None
    if reference_id:
        try:
            found = await holdings(svc.db.autocommit, here.dev_id, reference_id)
        except NotFoundError:
            problem = "Nobody has this reference_id now. Upper and lower case differ."
        except InvalidInputError as error:
            problem = f"A reference_id needs: {error.expected}."
    return framed(
        "users_forget.html",
        here,
        "users",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistyped else HTTPStatus.OK,
        reference_id=reference_id,
        found=found,
        problem=problem,
        typed=typed,
        mistyped=mistyped and found is not None,
        most_counted=MOST_COUNTED,
        kept_days=svc.events_kept_for.days,
        form=str(uuid7()),
        now=svc.clock(),
    )
