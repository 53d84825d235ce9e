"""The one list of rows. A new one is a function here that yields results, in the file of its subject."""

from collections.abc import Callable, Iterator

from bench.installation import Installation
from bench.plan import Plan
from bench.results import Result
from bench.rows import (
    api,
    delivering,
    hanging,
    latency,
    lookup,
    normalising,
    notices,
    pages,
    process,
    recording,
    revoking,
    storing,
)

Row = Callable[[Installation, Plan], Iterator[Result]]

ROWS: dict[str, Row] = {
    "user_info": api.measure_user_info,
    "authenticate_user": api.measure_authenticate_user,
    "lookup": lookup.measure,
    "notices": notices.measure,
    "normalising": normalising.measure,
    "storing": storing.measure,
    "outbox_overhead": recording.measure,
    "revocation": revoking.measure,
    "delivering": delivering.measure,
    "latency": latency.measure,
    "hanging": hanging.measure,
    "noisy": latency.measure_noisy,
    "pages": pages.measure,
    "warm_start": process.measure_warm_start,
    "memory": process.measure_memory,
}
