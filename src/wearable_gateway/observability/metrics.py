"""What is counted, for Prometheus. Labels name providers and types of data, never a developer or a person."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from prometheus_client import Counter, Gauge, Histogram, start_http_server

dropped_fields = Counter(
    "gateway_dropped_fields_total",
    "Values of vendors' documents that could not be read; the rest of their record was kept.",
    ["provider", "document"],
)
unreadable_documents = Counter(
    "gateway_unreadable_documents_total",
    "Vendors' documents of which nothing could be kept.",
    ["provider", "type"],
)
records = Counter(
    "gateway_records_total",
    "Records of vendors, by whether they were news to a connection.",
    ["provider", "type", "outcome"],
)
fetches = Histogram(
    "gateway_fetch_seconds",
    "Time a vendor took to answer for one type of data.",
    ["provider", "type"],
    buckets=(0.1, 0.3, 1, 3, 10, 30, 100),
)

attempts = Counter(
    "gateway_delivery_attempts_total",
    "Attempts to deliver an event, by how they ended, and why there was no answer.",
    ["outcome", "reason"],
)
attempt_seconds = Histogram(
    "gateway_delivery_attempt_seconds",
    "Time a destination took to answer, or to be given up.",
    buckets=(0.005, 0.02, 0.1, 0.3, 1, 3, 10),
)

deliveries = Gauge(
    "gateway_deliveries",
    "Deliveries of this worker's buckets: due now, waiting for destinations that take no more, under way.",
    ["state"],
)
oldest_due_seconds = Gauge(
    "gateway_oldest_due_delivery_seconds", "How long the delivery that is due longest has been so."
)
parked_destinations = Gauge("gateway_parked_destinations", "Destinations that failed too often in a row.")


_attempts = cache(attempts.labels)


def count_attempt(outcome: str, reason: str, seconds: float) -> None:
    _attempts(outcome, reason).inc()
    attempt_seconds.observe(seconds)


@contextmanager
def timed_fetch(provider: str, kind: str) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        fetches.labels(provider, kind).observe(time.monotonic() - started)


def serve_metrics(port: int, host: str) -> None:
    """Answer Prometheus at http://host:port/metrics from a thread, to the end of the process."""
    start_http_server(port, addr=host)
