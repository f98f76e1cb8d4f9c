"""What workers look after for uploads."""

from __future__ import annotations

from easel.core.jobs import Periodic

from .service import resumable

PERIODIC = (Periodic("intake.tidy", 60, resumable.tidy),)
