"""The providers under the contract: one line each."""

from __future__ import annotations

from . import a1111, comfyui, diffusers, fal, google, openai, replicate, sketch, stability
from .stage import Subject

SUBJECTS: tuple[Subject, ...] = (
    sketch.SUBJECT,
    fal.SUBJECT,
    openai.SUBJECT,
    comfyui.SUBJECT,
    a1111.SUBJECT,
    diffusers.SUBJECT,
    stability.AT_ONCE,
    stability.KEPT,
    replicate.SUBJECT,
    google.SUBJECT,
)
