"""The background work of upkeep."""

from __future__ import annotations

from easel.core.jobs import Periodic

from .service import cleanup

PERIODIC = (Periodic("upkeep.clean_up", 300, cleanup.run_due),)
