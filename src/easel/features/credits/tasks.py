"""Credits' background work."""

from __future__ import annotations

from easel.core.jobs import Periodic

from .service import grants

PERIODIC = (
    Periodic("credits.expire", 300, grants.expire),
    Periodic("credits.tell_of_ends", 600, grants.tell_of_ends),
    Periodic("credits.write_off", 3600, grants.write_off),
)
