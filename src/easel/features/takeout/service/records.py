"""From rows to the records of a take-out."""

from __future__ import annotations

import re

from easel.features.generation.models import Generation
from easel.features.library.models import Image

from ..schemas import GenerationRecord, ImageRecord


def original_name(image: Image) -> str:
    """Where a picture's original lies in the ZIP: a name that a person recognises, and no two the same."""
    words = re.findall(r"\w+", image.prompt.replace("_", " "))
    spoken = "-".join(words[:6]).lower()[:60].strip("-")
    return f"originals/{f'{spoken}-' if spoken else ''}{image.id.hex}.{image.format}"


def image_record(image: Image, file: str | None) -> ImageRecord:
    """The record of a picture whose original lies at `file` in the ZIP."""
    values = {
        name: getattr(image, name) for name in ImageRecord.model_fields if name not in ("file", "facts")
    }
    return ImageRecord.model_construct(**values, file=file, facts=image.facts)


def generation_record(generation: Generation) -> GenerationRecord:
    """The record of a generation."""
    return GenerationRecord.model_construct(
        **{name: getattr(generation, name) for name in GenerationRecord.model_fields}
    )
