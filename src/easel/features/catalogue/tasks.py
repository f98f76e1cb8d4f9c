"""The catalogue's background work."""

from __future__ import annotations

from easel.core.jobs import Periodic

from .service import discover, synchronise

PERIODIC = (
    Periodic("catalogue.synchronise", 3600, synchronise.synchronise),
    Periodic("catalogue.discover", discover.SECONDS, discover.discover),
)
