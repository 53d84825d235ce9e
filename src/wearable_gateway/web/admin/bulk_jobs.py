"""/admin/v1/developers/{dev_id}/bulk-jobs and …/erasures: the same for many users, and a person forgotten."""

from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wearable_gateway.bulk import service
from wearable_gateway.bulk.erasing import begin_erasure, holdings
from wearable_gateway.bulk.models import MOST_ROWS, JobKind, RowState
from wearable_gateway.bulk.reading import Sheet, decoded, read_csv, read_rows
from wearable_gateway.bulk.repository import JobRepository
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit import json
from wearable_gateway.web.admin.known import CurrentCaller
from wearable_gateway.web.answers.bulk_jobs import (
    BulkJobList,
    BulkPreview,
    BulkRowList,
    ErasureDryRun,
    OneBulkJob,
    holdings_fields,
    job_fields,
    row_fields,
)
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_cursor, read_id
from wearable_gateway.web.parameters import USER_ID, ReferenceId, Uuid
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

MOST_PROBLEMS = 1000
MOST = 500
_JSON = b"application/json"

JobId = Annotated[Uuid, Path(description="The id of a bulk job.", examples=[USER_ID])]


class CsvOrJsonRoute(JsonRoute):
    """A body of text/csv is taken as the field `csv`, with the other fields in the query."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_either(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            return await handle(await _as_json(request) if kind == "text/csv" else request)

        return handle_either


async def _as_json(request: Request) -> Request:
    """The request as if its CSV had come in JSON. Raises InvalidInputError for what is no UTF-8."""
    body: dict[str, Any] = {**request.query_params, "csv": decoded(await request.body())}
    if "dry_run" in body:
        body["dry_run"] = {"true": True, "false": False}.get(body["dry_run"], body["dry_run"])
    return _with_body(request, body)


def _with_body(request: Request, body: dict[str, Any]) -> Request:
    content = json.dump(body)
    headers = [(name, value) for name, value in request.scope["headers"] if name != b"content-type"]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    scope = {**request.scope, "headers": [*headers, (b"content-type", _JSON)], "query_string": b""}
    return Request(scope, receive)


router = described("/admin/v1/developers/{dev_id}", tag="admin", route_class=CsvOrJsonRoute)


class DoableKind(StrEnum):
    ASSIGN = "assign"
    DEAUTHENTICATE = "deauthenticate"
    PAUSE = "pause"
    RESUME = "resume"


class Apply(StrEnum):
    NONE = "none"
    GOOD = "good"


class BulkRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user_id: str | None = Field(default=None, max_length=1000)
    reference_id: str | None = Field(default=None, max_length=1000)


class NewBulkJob(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "assign",
                    "rows": [{"user_id": USER_ID, "reference_id": "ann@example.org"}],
                    "dry_run": True,
                }
            ]
        },
    )

    kind: DoableKind
    rows: list[BulkRow] | None = Field(
        default=None,
        max_length=MOST_ROWS,
        description="`assign` needs both fields in each; `deauthenticate` either; the others `user_id`.",
    )
    csv: str | None = Field(
        default=None, description="The same as CSV, the names of the columns in its first line."
    )
    dry_run: StrictBool = Field(default=False, description="true: only say what would be applied.")
    apply: Apply = Field(
        default=Apply.NONE,
        description="When a row is broken: `none` applies nothing, `good` applies the others.",
    )

    def read(self) -> Sheet:
        """Raises InvalidInputError."""
        kind = JobKind(self.kind)
        if self.csv and not self.rows:
            return read_csv(self.csv.encode(), kind)
        if self.rows and not self.csv:
            return read_rows([row.model_dump() for row in self.rows], kind)
        raise InvalidInputError("rows", "give rows or csv, one of both")


@router.post(
    "/bulk-jobs",
    status_code=202,
    summary="Do something to many users",
    responses={200: {"model": BulkPreview}, 202: {"model": OneBulkJob}, **refusals(403, 404)},
)
async def create_bulk_job(caller: CurrentCaller, svc: Svc, body: NewBulkJob) -> Response:
    """Begun in the background. With `dry_run`, and where a row is broken and `apply` is `none`: 200, and nothing is done."""
    kind = JobKind(body.kind)
    job, rows = await service.preview(
        svc.db, caller.dev_id, kind, body.read, actor=caller.actor, now=svc.clock()
    )
    if body.dry_run or not job.good or (job.broken and body.apply is Apply.NONE):
        problems = [row_fields(row) for row in rows if row.state is RowState.BROKEN]
        counted = {"rows": job.total, "good": job.good, "broken": job.broken, "notes": list(job.notes)}
        return json_answer(
            {
                "status": "success",
                "dry_run": body.dry_run,
                **counted,
                "problems": problems[:MOST_PROBLEMS],
            }
        )
    async with svc.db.transaction() as session:
        begun = await service.begin_previewed(session, job, rows, actor=caller.actor, now=svc.clock())
    return json_answer({"status": "success", "job": job_fields(begun)}, 202)


@router.get("/bulk-jobs", summary="List bulk jobs", responses={200: {"model": BulkJobList}, **refusals(404)})
async def list_bulk_jobs(
    caller: CurrentCaller,
    svc: Svc,
    after: Annotated[
        Uuid | None, Query(description="The `next` of the page before.", examples=[USER_ID])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> Response:
    """The newest first; they are known for 30 days."""
    found = await JobRepository(svc.db.autocommit, caller.dev_id).newest(
        before=read_cursor(after) if after is not None else None, limit=limit + 1
    )
    following = str(found[limit - 1].id) if len(found) > limit else None
    return json_answer(
        {"status": "success", "jobs": [job_fields(one) for one in found[:limit]], "next": following}
    )


@router.get(
    "/bulk-jobs/{job_id}",
    summary="See how far a bulk job is",
    responses={200: {"model": OneBulkJob}, **refusals(404)},
)
async def show_bulk_job(caller: CurrentCaller, svc: Svc, job_id: JobId) -> Response:
    """Its state, and how many rows came to which end."""
    found = await JobRepository(svc.db.autocommit, caller.dev_id).get(read_id(job_id, "bulk job"))
    return json_answer({"status": "success", "job": job_fields(found)})


@router.get(
    "/bulk-jobs/{job_id}/rows",
    summary="List the rows of a bulk job",
    responses={200: {"model": BulkRowList}, **refusals(404)},
)
async def list_bulk_rows(
    caller: CurrentCaller,
    svc: Svc,
    job_id: JobId,
    state: Annotated[RowState | None, Query(description="Only rows in this state.")] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="The `next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> Response:
    """In their order."""
    repository = JobRepository(svc.db.autocommit, caller.dev_id)
    job = await repository.get(read_id(job_id, "bulk job"))
    found = await repository.rows(job.id, after=after, states=[state] if state else None, limit=limit + 1)
    following = found[limit - 1].number if len(found) > limit else None
    return json_answer(
        {"status": "success", "rows": [row_fields(one) for one in found[:limit]], "next": following}
    )


@router.post(
    "/bulk-jobs/{job_id}/cancel",
    summary="Cancel a bulk job",
    responses={200: {"model": OneBulkJob}, **refusals(404)},
)
async def cancel_bulk_job(caller: CurrentCaller, svc: Svc, job_id: JobId) -> Response:
    """Apply no more rows. What was applied stays so; a job that had ended stays as it is."""
    async with svc.db.transaction() as session:
        found = await service.cancel(
            session, caller.dev_id, read_id(job_id, "bulk job"), actor=caller.actor, now=svc.clock()
        )
    return json_answer({"status": "success", "job": job_fields(found)})


class NewErasure(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reference_id": "ann", "dry_run": True}]}
    )

    reference_id: ReferenceId = Field(description="The developer's own name for the person.")
    dry_run: StrictBool = Field(default=False, description="true: only say what there is.")


@router.post(
    "/erasures",
    status_code=202,
    summary="Forget a person",
    responses={200: {"model": ErasureDryRun}, 202: {"model": OneBulkJob}, **refusals(403, 404)},
)
async def create_erasure(caller: CurrentCaller, svc: Svc, body: NewErasure) -> Response:
    """Everything held under one `reference_id` goes, in the background, as a bulk job. With `dry_run` 200: nothing is done."""
    if body.dry_run:
        found = await holdings(svc.db.autocommit, caller.dev_id, body.reference_id)
        return json_answer({"status": "success", **holdings_fields(found)})
    async with svc.db.transaction() as session:
        job = await begin_erasure(
            session, caller.dev_id, body.reference_id, form="", actor=caller.actor, now=svc.clock()
        )
    return json_answer({"status": "success", "job": job_fields(job)}, 202)
