"""What generation tells others, and the job it leaves to workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.base import metrics
from easel.core.events import Event
from easel.core.jobs import Job

RUN = Job("generation.run", queue="generation")
"""Carry a generation through one attempt; argument `generation_id`."""

FILL = Job("generation.fill", queue="seats")
"""Give out the free seats of a pool; argument `pool`."""

WITHDRAW = Job("generation.withdraw", queue="generation", priority=10)
"""Ask the provider to stop a request that nobody waits for; arguments `generation_id`, `provider_request_id`."""

PROGRESS = "generation.progress"
"""The signal (not an event) of a step done or a preview made."""


@dataclass(frozen=True, slots=True)
class GenerationCreated(Event):
    """A generation was submitted and waits."""

    type: ClassVar[str] = "generation.created"


@dataclass(frozen=True, slots=True)
class GenerationsCreated(Event):
    """Many were submitted at once; the subject is the batch."""

    type: ClassVar[str] = "generations.created"


@dataclass(frozen=True, slots=True)
class GenerationQueued(Event):
    """A generation waits again: it is retried, or its worker stopped."""

    type: ClassVar[str] = "generation.queued"


@dataclass(frozen=True, slots=True)
class GenerationStarted(Event):
    """An attempt began."""

    type: ClassVar[str] = "generation.started"


@dataclass(frozen=True, slots=True)
class GenerationEnded(Event):
    """Base of the ends of a generation."""

    def count(self) -> None:
        """Count it by its model and its end, too."""
        # Zero arguments do not do for `super` in a class with slots.
        Event.count(self)
        metrics.GENERATIONS.labels(self.data["model"], self.data["status"]).inc()


@dataclass(frozen=True, slots=True)
class GenerationCompleted(GenerationEnded):
    """The pictures are in the library."""

    type: ClassVar[str] = "generation.completed"


@dataclass(frozen=True, slots=True)
class GenerationFailed(GenerationEnded):
    """It ended without pictures, for the reason given."""

    type: ClassVar[str] = "generation.failed"


@dataclass(frozen=True, slots=True)
class GenerationCancelled(GenerationEnded):
    """Someone cancelled it."""

    type: ClassVar[str] = "generation.cancelled"
