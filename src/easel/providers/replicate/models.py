"""Models at Replicate as data: where each is, what its inputs are called, and what it costs (November 2026)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from ..base import Capability, ImageFormat, Model, Options, Sizes
from ..pricing import Price, dollars

RATIOS: dict[tuple[int, int], str] = {
    (1024, 1024): "1:1",
    (1344, 768): "16:9",
    (768, 1344): "9:16",
    (1216, 832): "3:2",
    (832, 1216): "2:3",
    (1152, 896): "4:3",
    (896, 1152): "3:4",
    (1088, 896): "5:4",
    (896, 1088): "4:5",
    (1536, 640): "21:9",
    (640, 1536): "9:21",
}
"""The shapes that FLUX makes here, and about the size that each comes in."""
_SHAPES = Sizes(minimum=640, maximum=1536, only=tuple(RATIOS))
_ANY = Sizes(minimum=64, maximum=16_384)
_WIDE_CHOICE: tuple[ImageFormat, ...] = ("webp", "png", "jpeg")

_STEPS = "How many steps to take: more are slower and finer."
_GUIDANCE = "How literally to take the prompt."
_STRENGTH = "How far to go from the picture handed in: 0 keeps it, 1 forgets it."
_COMPRESSION = "How well JPEG and WebP files keep the picture; 100 keeps most."
_TOLERANCE = "How much the service lets through: 1 is strictest."


class Plain(Options):
    """No parameters."""


class Schnell(Options):
    """A few steps."""

    steps: int = Field(4, ge=1, le=4, title="Steps", description=_STEPS)
    compression: int = Field(90, ge=0, le=100, title="Compression", description=_COMPRESSION)


class Dev(Options):
    """Steps, guidance, and strength from a picture."""

    steps: int = Field(28, ge=1, le=50, title="Steps", description=_STEPS)
    guidance: float = Field(3, ge=0, le=10, title="Guidance", description=_GUIDANCE)
    strength: float = Field(0.8, ge=0, le=1, title="Strength", description=_STRENGTH)
    compression: int = Field(90, ge=0, le=100, title="Compression", description=_COMPRESSION)


class Pro(Options):
    """What the service lets through."""

    safety_tolerance: Literal[1, 2, 3, 4, 5, 6] = Field(2, title="Safety tolerance", description=_TOLERANCE)
    compression: int = Field(90, ge=0, le=100, title="Compression", description=_COMPRESSION)


class Kontext(Options):
    """What the service lets through, for edits at most 2."""

    safety_tolerance: Literal[0, 1, 2] = Field(2, title="Safety tolerance", description=_TOLERANCE)


class Fill(Options):
    """Steps and guidance of an inpaint."""

    steps: int = Field(50, ge=15, le=50, title="Steps", description=_STEPS)
    guidance: float = Field(60, ge=1.5, le=100, title="Guidance", description=_GUIDANCE)


class Enlarged(Options):
    """Whether faces are mended."""

    face_enhance: bool = Field(False, title="Mend faces", description="Whether faces are redrawn.")


class Stable35(Options):
    """Guidance and strength."""

    guidance: float = Field(5, ge=1, le=10, title="Guidance", description=_GUIDANCE)
    strength: float = Field(0.85, ge=0, le=1, title="Strength", description=_STRENGTH)


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a model is: an official one by its name, another by its version. `inputs` renames our parameters to its.

    `image` and `count` are its inputs for a picture and for how many; `jpeg` is what it calls that format; `scale`
    that it takes the factor of an upscale.
    """

    version: str | None = None
    inputs: tuple[tuple[str, str], ...] = ()
    image: str | None = None
    count: str | None = None
    jpeg: str = "jpg"
    format: bool = True
    scale: bool = False


_FLUX = (
    ("steps", "num_inference_steps"),
    ("compression", "output_quality"),
    ("strength", "prompt_strength"),
)


def _model(
    name: str,
    title: str,
    description: str,
    price: str,
    options: type[Options],
    can: Iterable[str],
    *,
    sizes: Sizes = _ANY,
    formats: tuple[ImageFormat, ...] = _WIDE_CHOICE,
    max_images: int = 1,
    category: str = "general",
    speed: int = 3,
    quality: int = 4,
    best_use: str = "",
    licence: str = "The pictures are yours, within the service's terms.",
    scales: tuple[int, ...] = (),
) -> Model:
    return Model(
        id=f"replicate/{name}",
        name=title,
        description=description,
        version="1",
        capabilities=frozenset(map(Capability, can)),
        options=options,
        sizes=sizes,
        formats=formats,
        max_images=max_images,
        price=Price(dollars(price), "image", f"{dollars(price).normalize():f} credits a picture."),
        category=category,
        speed=speed,
        quality=quality,
        best_use=best_use,
        licence=licence,
        documentation_url=f"https://replicate.com/{name}",
        scales=scales,
    )


_DECLARED: tuple[tuple[Model, Place], ...] = (
    (
        _model(
            "black-forest-labs/flux-schnell",
            "FLUX.1 schnell (Replicate)",
            "The fast one of the FLUX.1 family.",
            "0.003",
            Schnell,
            ("text-to-image", "seed"),
            sizes=_SHAPES,
            max_images=4,
            speed=5,
            quality=3,
            best_use="Drafts in seconds.",
        ),
        Place(inputs=_FLUX, count="num_outputs"),
    ),
    (
        _model(
            "black-forest-labs/flux-dev",
            "FLUX.1 dev (Replicate)",
            "Twelve billion parameters; from words or from a picture.",
            "0.025",
            Dev,
            ("text-to-image", "image-to-image", "seed"),
            sizes=_SHAPES,
            max_images=4,
        ),
        Place(inputs=_FLUX, image="image", count="num_outputs"),
    ),
    (
        _model(
            "black-forest-labs/flux-1.1-pro",
            "FLUX 1.1 pro (Replicate)",
            "The finest of FLUX.1.",
            "0.04",
            Pro,
            ("text-to-image", "seed"),
            sizes=_SHAPES,
            quality=5,
        ),
        Place(inputs=_FLUX),
    ),
    (
        _model(
            "black-forest-labs/flux-kontext-pro",
            "FLUX Kontext pro (Replicate)",
            "Changes a picture as it is told, and keeps the rest.",
            "0.04",
            Kontext,
            ("text-to-image", "edit", "seed"),
            sizes=_SHAPES,
            formats=("png", "jpeg"),
            category="editing",
            quality=5,
        ),
        Place(image="input_image"),
    ),
    (
        _model(
            "black-forest-labs/flux-fill-pro",
            "FLUX Fill pro (Replicate)",
            "Paints into what a mask marks.",
            "0.05",
            Fill,
            ("inpaint", "seed"),
            formats=("png", "jpeg"),
            category="editing",
            quality=5,
        ),
        Place(inputs=(("steps", "steps"),), image="image"),
    ),
    (
        _model(
            "stability-ai/stable-diffusion-3.5-large",
            "Stable Diffusion 3.5 Large (Replicate)",
            "Eight billion parameters; from words or from a picture.",
            "0.065",
            Stable35,
            ("text-to-image", "image-to-image", "negative-prompt", "seed"),
            sizes=_SHAPES,
        ),
        Place(inputs=(("guidance", "cfg"), ("strength", "prompt_strength")), image="image"),
    ),
    (
        _model(
            "recraft-ai/recraft-remove-background",
            "Recraft Remove Background (Replicate)",
            "Leaves the subject on nothing.",
            "0.01",
            Plain,
            ("remove-background",),
            formats=("png",),
            category="background",
            speed=4,
        ),
        Place(image="image", format=False),
    ),
    (
        _model(
            "nightmareai/real-esrgan",
            "Real-ESRGAN (Replicate)",
            "Two to ten times the width and height, without inventing anything.",
            "0.002",
            Enlarged,
            ("upscale",),
            formats=("png",),
            category="upscaling",
            speed=5,
            quality=3,
            scales=tuple(range(2, 11)),
        ),
        Place(
            version="42fed1c4974146d4d2414e2be2c5277c7fcf05fcc3a73abf41610695738c1d7b",
            image="image",
            format=False,
            scale=True,
        ),
    ),
)

MODELS = tuple(model for model, _ in _DECLARED)
PLACES = {model.id: place for model, place in _DECLARED}
