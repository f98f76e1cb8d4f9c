"""The catalogue's background work."""

from __future__ import annotations

from functools import partial

from easel.core.jobs import Periodic
from easel.providers.base import LOCAL

from .service import discover, synchronise

PERIODIC = (
    Periodic("catalogue.synchronise", 3600, synchronise.synchronise),
    Periodic("catalogue.discover", discover.SECONDS, discover.discover),
    Periodic(
        "catalogue.discover_here", discover.SECONDS, partial(discover.discover_here, queue=LOCAL), queue=LOCAL
    ),
)
