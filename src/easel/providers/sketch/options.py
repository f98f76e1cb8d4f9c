"""What a person may set on Sketch."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..base import Options

Style = Literal[
    "auto", "photographic", "cinematic", "anime", "digital-art", "comic", "fantasy", "line-art", "ink",
    "watercolor", "oil", "pastel", "3d", "pixel-art", "low-poly", "isometric", "neon", "paper-cut",
    "stained-glass", "vivid", "natural",
]  # fmt: skip


class SketchOptions(Options):
    """Steps, guidance and look."""

    steps: int = Field(
        8,
        ge=1,
        le=50,
        title="Steps",
        description="How far the painting is taken: few leave large forms, many add small detail.",
    )
    guidance: float = Field(
        7,
        ge=0,
        le=20,
        title="Guidance",
        description=(
            "How literally the words are taken. Low lets colours and extras wander; high holds the colours named "
            "and puts the subject large in the middle."
        ),
    )
    style: Style = Field(
        "auto",
        title="Style",
        description="The look of the picture. Auto takes it from the words of the prompt, or photographic light.",
    )
