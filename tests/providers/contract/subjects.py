"""The providers under the contract: one line each."""

from __future__ import annotations

from . import sketch
from .stage import Subject

SUBJECTS: tuple[Subject, ...] = (sketch.SUBJECT,)
