"""What this process counts and times, for Prometheus. Numbers of the whole studio are `app.metrics`'.

Labels come from short lists of our own: routes, models, providers, queues. Never an id, a prompt or an address: each
value of a label is a series that is kept for ever.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LONG = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0)

HTTP_REQUESTS = Counter(
    "easel_http_requests", "Requests answered, by the route's template.", ["method", "route", "status"]
)
HTTP_SECONDS = Histogram(
    "easel_http_request_seconds",
    "From a request's head to its answer's end; event streams are not in it.",
    ["method", "route"],
    buckets=_QUICK,
)
HTTP_IN_PROGRESS = Gauge("easel_http_requests_in_progress", "Requests being answered; no event streams.")
EVENT_STREAMS = Gauge("easel_event_streams", "Event streams that browsers and programs hold open here.")
EVENTS = Counter("easel_events", "Events that happened, by type, once they were committed.", ["type"])
GENERATIONS = Counter(
    "easel_generations", "Generations that ended here, by how and by model.", ["model", "outcome"]
)
PROVIDER_CALLS = Counter(
    "easel_provider_calls",
    "Calls of providers, by how they ended: ok, or the error's code.",
    ["provider", "outcome"],
)
PROVIDER_SECONDS = Histogram(
    "easel_provider_call_seconds", "How long calls of providers took.", ["provider"], buckets=_LONG
)
PROVIDER_IN_PROGRESS = Gauge(
    "easel_provider_calls_in_progress", "Calls of providers under way in this process.", ["provider"]
)
STORAGE_OPERATIONS = Counter(
    "easel_storage_operations",
    "Operations on the file store: ok, missing, or error.",
    ["operation", "outcome"],
)
STORAGE_SECONDS = Histogram(
    "easel_storage_seconds", "How long operations on the file store took.", ["operation"], buckets=_QUICK
)
JOBS = Counter("easel_jobs", "Background jobs that ended here: ok, failed, cancelled.", ["job", "outcome"])
JOB_SECONDS = Histogram("easel_job_seconds", "How long background jobs ran.", ["job"], buckets=_LONG)
JOBS_RUNNING = Gauge("easel_jobs_running", "Background jobs that this process runs.", ["queue"])


@contextmanager
def timed(histogram: Histogram, *labels: str) -> Iterator[None]:
    """Observe how long the block takes, however it ends."""
    started = time.perf_counter()
    try:
        yield
    finally:
        histogram.labels(*labels).observe(time.perf_counter() - started)
