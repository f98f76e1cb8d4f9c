"""How often the file store is asked, how long it takes, and how that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from easel.base import metrics

from .errors import FileMissing


@contextmanager
def counted(operation: str) -> Iterator[None]:
    """Count and time the block as one operation on the store."""
    outcome = "ok"
    with metrics.timed(metrics.STORAGE_SECONDS, operation):
        try:
            yield
        except FileMissing:
            outcome = "missing"
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except Exception:
            outcome = "error"
            raise
        finally:
            metrics.STORAGE_OPERATIONS.labels(operation, outcome).inc()
