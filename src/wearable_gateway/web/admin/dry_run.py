"""`dry_run=true`: the answer as in earnest, a refusal too, and nothing is changed."""

from typing import Annotated

from fastapi import Query, Response

HEADER = "dry-run"
DryRun = Annotated[
    bool,
    Query(description="true: answer as in earnest, with the header `dry-run: true`, and change nothing."),
]


def tell(response: Response, *, dry_run: bool) -> None:
    if dry_run:
        response.headers[HEADER] = "true"
