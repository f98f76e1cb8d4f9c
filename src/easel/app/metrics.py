"""What Prometheus reads: this process's own counters, and the numbers of the whole studio from its database.

Every web process tells the studio's numbers alike; a query over several takes their maximum, not their sum.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from easel import __version__
from easel.base.metrics_settings import MetricsSettings
from easel.base.networks import parsed
from easel.core import jobs
from easel.core.mail import outbox
from easel.core.work import Studio
from easel.features.credits.queries import ledger
from easel.features.generation import queries as generation

log = structlog.get_logger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
_PATIENCE = "5s"


def may_read(settings: MetricsSettings, peer: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request from `peer` with these `headers` (names in small letters) may read metrics."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if settings.token is not None and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), settings.token.get_secret_value().encode())
    if any(name in headers for name in _FORWARDED):
        return False  # the address is a proxy's, and whoever stands behind it is not on the list
    address = parsed(peer or "")
    return address is not None and any(address in network for network in settings.readers)


@dataclass(eq=False)
class _Part(Collector):
    """Some numbers that are read together, at most every `seconds`."""

    name: str
    seconds: float
    read: Callable[[AsyncSession], Awaitable[Iterable[Metric]]]
    found: list[Metric] = field(default_factory=list)
    failed: bool = False
    due: float = 0.0

    def collect(self) -> Iterable[Metric]:
        return self.found

    async def refresh(self, studio: Studio) -> None:
        if time.monotonic() < self.due:
            return
        try:
            async with studio.sessions.begin() as session:
                await session.execute(text(f"SET LOCAL statement_timeout = '{_PATIENCE}'"))
                self.found, self.failed = list(await self.read(session)), False
        except (SQLAlchemyError, OSError) as error:
            # Better no number than an old one that looks like today's.
            self.found, self.failed = [], True
            log.warning("metrics.not_read", part=self.name, error=str(error).strip()[:300])
        self.due = time.monotonic() + self.seconds


class StudioNumbers(Collector):
    """The numbers of a whole studio; make one for a process."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._reading = asyncio.Lock()
        self._registry = CollectorRegistry()
        self._parts = (
            _Part("queue", 5, _queue),
            _Part("jobs", 5, _jobs),
            _Part("mail", 30, _mail),
            _Part("ledger", 300, _ledger),
        )
        for part in (self, *self._parts):
            self._registry.register(part)

    def collect(self) -> Iterable[Metric]:
        """What is known without asking the database."""
        about = GaugeMetricFamily("easel_info", "Always 1; the version is its label.", labels=["version"])
        about.add_metric([__version__], 1)
        yield about
        yield _by(
            "easel_scrape_failed",
            "1 where numbers of the studio could not be read.",
            "part",
            self._failures(),
        )
        pool = cast("AsyncEngine", self._studio.sessions.kw["bind"]).sync_engine.pool
        if isinstance(pool, QueuePool):
            now = {"used": pool.checkedout(), "idle": pool.checkedin()}
            yield _by(
                "easel_database_connections", "Connections of this process to the database.", "state", now
            )
            size = GaugeMetricFamily("easel_database_connections_most", "As many may be used at once.")
            size.add_metric([], pool.size() + pool._max_overflow)
            yield size

    async def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        async with self._reading:
            for part in self._parts:
                await part.refresh(self._studio)
            return await asyncio.to_thread(lambda: own_text() + generate_latest(self._registry))

    def _failures(self) -> dict[str, int]:
        return {part.name: int(part.failed) for part in self._parts}


def own_text() -> bytes:
    """What this process counts by itself, as Prometheus reads it."""
    return generate_latest(REGISTRY)


async def _queue(session: AsyncSession) -> Iterable[Metric]:
    rows = await generation.standing(session)
    return (
        _by(
            "easel_queue_waiting",
            "Generations that wait for a seat.",
            "pool",
            {row.pool: row.waiting for row in rows},
        ),
        _by(
            "easel_queue_running",
            "Generations that have a seat.",
            "pool",
            {row.pool: row.running for row in rows},
        ),
        _by(
            "easel_queue_oldest_seconds",
            "For how long the first of those has waited that could begin at once.",
            "pool",
            {row.pool: row.oldest_seconds for row in rows},
        ),
    )


async def _jobs(session: AsyncSession) -> Iterable[Metric]:
    found = await jobs.standing(session)
    live = GaugeMetricFamily("easel_workers", "Workers that live.")
    live.add_metric([], found.workers)
    return (live, _by("easel_jobs_waiting", "Background jobs that are due and wait.", "queue", found.waiting))


async def _mail(session: AsyncSession) -> Iterable[Metric]:
    return (_by("easel_outbox_mails", "Mails in the outbox.", "state", await outbox.standing(session)),)


async def _ledger(session: AsyncSession) -> Iterable[Metric]:
    drift = GaugeMetricFamily("easel_ledger_drift", "Places where credits do not add up: 0, always.")
    drift.add_metric([], len(await ledger.drift(session)))
    return (drift,)


def _by(name: str, words: str, label: str, values: Mapping[str, Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], float(number))
    return family
