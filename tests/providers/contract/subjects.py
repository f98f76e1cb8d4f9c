"""The providers under the contract: one line each."""

from __future__ import annotations

from . import openai, sketch
from .stage import Subject

SUBJECTS: tuple[Subject, ...] = (sketch.SUBJECT, openai.SUBJECT)
