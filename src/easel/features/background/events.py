"""What background work tells others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from easel.core.events import Event

PROGRESS: Final = "job.progress"
"""The signal that a job has come further."""


@dataclass(frozen=True, slots=True)
class JobEnded(Event):
    """A background job has ended, well or not; `data` holds its kind and status."""

    type: ClassVar[str] = "job.ended"
