"""Bulk jobs: a file is sent, looked at together, applied or not, followed, and its result taken home."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, Response, UploadFile
from fastapi.responses import StreamingResponse

from wearable_gateway.bulk import cells, service
from wearable_gateway.bulk.models import MOST_BYTES, MOST_ROWS, Job, JobKind, JobState, RowState
from wearable_gateway.bulk.repository import JobRepository
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.asked import uuid_or_nothing
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc

router = section("/{dev_id}/users/bulk")

PAGE_SIZE = 20
MOST_SHOWN = 100
_FILE_PAGE = 1000
_COLUMNS = ("line", "user_id", "reference_id", "state", "reason", "text")


@router.get("")
async def show_jobs(svc: Svc, here: Here, kind: str = "", before: str = "") -> Response:
    return await _page(svc, here, kind=kind, before=before)


@router.post("")
async def upload(
    svc: Svc,
    here: Working,
    kind: Annotated[str, Form()] = "",
    csv_text: Annotated[str, Form()] = "",
    csv_file: Annotated[UploadFile | None, File()] = None,
    form: Annotated[str, Form()] = "",
) -> Response:
    """Nothing is done yet: it leads to what would be done."""
    try:
        content = await csv_file.read(MOST_BYTES + 1) if csv_file and csv_file.filename else csv_text.encode()
        job = await service.draft_of_csv(
            svc.db, here.dev_id, _kind(kind), content, form=form, actor=here.actor, now=svc.clock()
        )
    except InvalidInputError as error:
        return await _page(svc, here, kind=kind, csv_text=csv_text, problem=error, form=form)
    return go_to(f"{here.home}/users/bulk/{job.id}")


@router.get("/{job_id}")
async def show_job(svc: Svc, here: Here, job_id: str) -> Response:
    repository = JobRepository(svc.db.autocommit, here.dev_id)
    job = await repository.get(_read(job_id))
    wrong = [RowState.BROKEN] if job.state is JobState.DRAFT else [RowState.FAILED, RowState.BROKEN]
    rows = await repository.rows(job.id, states=wrong, limit=MOST_SHOWN + 1)
    good = await repository.rows(job.id, states=[RowState.WAITING], limit=5)
    return framed(
        "users_bulk_job.html",
        here,
        "users",
        job=job,
        rows=rows[:MOST_SHOWN],
        more=len(rows) > MOST_SHOWN,
        good=good if job.state is JobState.DRAFT else [],
        kept_days=svc.events_kept_for.days,
        now=svc.clock(),
    )


@router.get("/{job_id}/start")
@router.get("/{job_id}/cancel")
async def show_job_again(here: Here, job_id: str) -> Response:
    """Where somebody lands whose session ended before they pressed the button."""
    return go_to(f"{here.home}/users/bulk/{_read(job_id)}")


@router.post("/{job_id}/start")
async def start(svc: Svc, here: Working, job_id: str) -> Response:
    async with svc.db.transaction() as tx:
        job = await service.start(tx, here.dev_id, _read(job_id), actor=here.actor, now=svc.clock())
    return go_to(f"{here.home}/users/bulk/{job.id}")


@router.post("/{job_id}/cancel")
async def cancel(svc: Svc, here: Working, job_id: str) -> Response:
    async with svc.db.transaction() as tx:
        job = await service.cancel(tx, here.dev_id, _read(job_id), actor=here.actor, now=svc.clock())
    return go_to(f"{here.home}/users/bulk/{job.id}")


@router.get("/{job_id}/result.csv")
async def download_result(svc: Svc, here: Here, job_id: str) -> Response:
    """Every row and what became of it."""
    job = await JobRepository(svc.db.autocommit, here.dev_id).get(_read(job_id))
    return StreamingResponse(
        _result(svc, job),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{job.kind}-{job.id}.csv"'},
    )


async def _result(svc: Services, job: Job) -> AsyncIterator[bytes]:
    repository = JobRepository(svc.db.autocommit, job.dev_id)
    yield cells.BYTE_ORDER_MARK + cells.lines([_COLUMNS])
    after = 0
    while True:
        rows = await repository.rows(job.id, after=after, limit=_FILE_PAGE)
        yield cells.lines(
            (row.number, row.user_id, row.reference_id, row.state.value, row.reason, row.text) for row in rows
        )
        if len(rows) < _FILE_PAGE:
            return
        after = rows[-1].number


def _kind(text: str) -> JobKind:
    known = {kind.value: kind for kind in service.FILE_KINDS}
    if text not in known:
        raise InvalidInputError("kind", "choose what is to be done")
    return known[text]


def _read(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError("bulk job") from None


async def _page(
    svc: Services,
    here: Workplace,
    *,
    kind: str = "",
    csv_text: str = "",
    problem: InvalidInputError | None = None,
    before: str = "",
    form: str = "",
) -> Response:
    before = uuid_or_nothing(before)
    found = await JobRepository(svc.db.autocommit, here.dev_id).newest(
        before=UUID(before) if before else None, limit=PAGE_SIZE + 1
    )
    return framed(
        "users_bulk.html",
        here,
        "users",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        kind=kind or JobKind.ASSIGN.value,
        csv_text=csv_text,
        problem=problem,
        form=form or str(uuid7()),
        jobs=found[:PAGE_SIZE],
        before=before,
        older=str(found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else None,
        most_rows=MOST_ROWS,
        now=svc.clock(),
    )
