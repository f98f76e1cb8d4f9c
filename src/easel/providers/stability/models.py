"""Stability AI's services as models: each is an address of its own, with its own fields and price (November 2026)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ..base import Capability, ImageFormat, Model, Options, Sizes
from ..pricing import Price

RATIOS: dict[tuple[int, int], str] = {
    (1024, 1024): "1:1",
    (1344, 768): "16:9",
    (768, 1344): "9:16",
    (1216, 832): "3:2",
    (832, 1216): "2:3",
    (1088, 896): "5:4",
    (896, 1088): "4:5",
    (1536, 640): "21:9",
    (640, 1536): "9:21",
}
"""The shapes that the service makes, and the size that each comes in; Core's come larger."""
_SHAPES = Sizes(minimum=640, maximum=1536, only=tuple(RATIOS))
_ANY = Sizes(minimum=64, maximum=16_384)
_DOCUMENTATION = "https://platform.stability.ai/docs/api-reference"

Preset = Literal[
    "none", "3d-model", "analog-film", "anime", "cinematic", "comic-book", "digital-art", "enhance", "fantasy-art",
    "isometric", "line-art", "low-poly", "modeling-compound", "neon-punk", "origami", "photographic", "pixel-art",
    "tile-texture",
]  # fmt: skip
_STYLE = "A look to lean towards; none leaves it to the prompt."
_STRENGTH = "How far to go from the picture handed in: 0 keeps it, 1 forgets it."
_GROW = "How many pixels the mask grows, for softer edges."
_CREATIVITY = "How freely to add what is not there."
_SOUGHT = "What in the picture to change, in a few words."


class Plain(Options):
    """No parameters."""


class Styled(Options):
    """A look."""

    style: Preset = Field("none", title="Style", description=_STYLE)


class Ultra(Styled):
    """A look, and how strongly a picture that is handed in is changed."""

    strength: float = Field(0.5, ge=0, le=1, title="Strength", description=_STRENGTH)


class Diffusion(Ultra):
    """Those, and guidance."""

    guidance: float = Field(4, ge=1, le=10, title="Guidance", description="How literally to take the prompt.")


class Painted(Styled):
    """A look, and soft edges."""

    grow_mask: int = Field(5, ge=0, le=100, title="Grow mask", description=_GROW)


class Erased(Options):
    """Soft edges."""

    grow_mask: int = Field(5, ge=0, le=20, title="Grow mask", description=_GROW)


class Extended(Styled):
    """A look, and freedom."""

    creativity: float = Field(0.5, ge=0, le=1, title="Creativity", description=_CREATIVITY)


class Sought(Styled):
    """What to change, a look, and soft edges."""

    target: str = Field(
        "the main subject", min_length=1, max_length=1000, title="What to change", description=_SOUGHT
    )
    grow_mask: int = Field(3, ge=0, le=20, title="Grow mask", description=_GROW)


class Conservative(Options):
    """A little freedom."""

    creativity: float = Field(0.35, ge=0.2, le=0.5, title="Creativity", description=_CREATIVITY)


class Creative(Styled):
    """A look, and freedom."""

    creativity: float = Field(0.3, ge=0.1, le=0.5, title="Creativity", description=_CREATIVITY)


@dataclasses.dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model's requests go: `variant` is sent as `model`, `target` is the field for what is sought.

    `keeps` says that it answers with an id, to be asked for later.
    """

    path: str
    variant: str | None = None
    target: str | None = None
    keeps: bool = False


def _model(
    name: str,
    title: str,
    description: str,
    credits: str,
    options: type[Options],
    can: Iterable[str],
    *,
    sizes: Sizes = _ANY,
    formats: tuple[ImageFormat, ...] = ("png", "jpeg", "webp"),
    category: str = "general",
    speed: int = 3,
    quality: int = 4,
    best_use: str = "",
    scales: tuple[int, ...] = (),
) -> Model:
    return Model(
        id=f"stability/{name}",
        name=title,
        description=description,
        version="v2beta",
        capabilities=frozenset(map(Capability, can)),
        options=options,
        sizes=sizes,
        formats=formats,
        price=Price(Decimal(credits), "image", f"{credits} credits a picture."),
        category=category,
        speed=speed,
        quality=quality,
        best_use=best_use,
        licence="The pictures are yours, within the service's terms.",
        documentation_url=_DOCUMENTATION,
        scales=scales,
    )


_TEXT = ("text-to-image", "negative-prompt", "seed")
_BOTH = (*_TEXT, "image-to-image")
_CHANGES = ("negative-prompt", "seed")

_DECLARED: tuple[tuple[Model, Endpoint], ...] = (
    (
        _model(
            "ultra",
            "Stable Image Ultra",
            "Stability's best pictures, from words or from a picture.",
            "8",
            Ultra,
            _BOTH,
            sizes=_SHAPES,
            speed=2,
            quality=5,
            best_use="Photographs and lettering.",
        ),
        Endpoint("generate/ultra"),
    ),
    (
        _model(
            "core",
            "Stable Image Core",
            "Fast and cheap; pictures of about 1.5 megapixels.",
            "3",
            Styled,
            _TEXT,
            sizes=_SHAPES,
            speed=4,
            quality=3,
            best_use="Drafts.",
        ),
        Endpoint("generate/core"),
    ),
    *(
        (
            _model(
                f"sd3.5-{name}",
                f"Stable Diffusion 3.5 {title}",
                description,
                credits,
                Diffusion,
                _BOTH,
                sizes=_SHAPES,
                formats=("png", "jpeg"),
                speed=speed,
                quality=quality,
            ),
            Endpoint("generate/sd3", variant=f"sd3.5-{name}"),
        )
        for name, title, description, credits, speed, quality in (
            ("large", "Large", "Eight billion parameters; follows long prompts.", "6.5", 2, 4),
            ("large-turbo", "Large Turbo", "Large, distilled to few steps.", "4", 4, 4),
            ("medium", "Medium", "Two and a half billion parameters.", "3.5", 3, 3),
            ("flash", "Flash", "The fastest of the family.", "2.5", 5, 3),
        )
    ),
    (
        _model(
            "inpaint",
            "Stability Inpaint",
            "Paints into what a mask marks.",
            "5",
            Painted,
            ("inpaint", *_CHANGES),
            category="editing",
        ),
        Endpoint("edit/inpaint"),
    ),
    (
        _model(
            "erase",
            "Stability Erase",
            "Takes away what a mask marks and fills the place; reads no prompt.",
            "5",
            Erased,
            ("inpaint", "seed"),
            category="editing",
        ),
        Endpoint("edit/erase"),
    ),
    (
        _model(
            "outpaint",
            "Stability Outpaint",
            "Continues a picture past its sides, up to 2000 pixels each.",
            "4",
            Extended,
            ("outpaint", "seed"),
            category="editing",
        ),
        Endpoint("edit/outpaint"),
    ),
    (
        _model(
            "search-and-replace",
            "Stability Search and Replace",
            "Finds something by name and puts what the prompt says in its place.",
            "5",
            Sought,
            ("edit", *_CHANGES),
            category="editing",
        ),
        Endpoint("edit/search-and-replace", target="search_prompt"),
    ),
    (
        _model(
            "search-and-recolor",
            "Stability Search and Recolour",
            "Finds something by name and gives it the colour that the prompt says.",
            "5",
            Sought,
            ("edit", *_CHANGES),
            category="editing",
        ),
        Endpoint("edit/search-and-recolor", target="select_prompt"),
    ),
    (
        _model(
            "remove-background",
            "Stability Remove Background",
            "Leaves the subject on nothing.",
            "5",
            Plain,
            ("remove-background",),
            formats=("png", "webp"),
            category="background",
            speed=4,
        ),
        Endpoint("edit/remove-background"),
    ),
    (
        _model(
            "upscale-fast",
            "Stability Fast Upscaler",
            "Four times the width and height, within a second or two.",
            "2",
            Plain,
            ("upscale",),
            category="upscaling",
            speed=5,
            quality=3,
            scales=(4,),
        ),
        Endpoint("upscale/fast"),
    ),
    (
        _model(
            "upscale-conservative",
            "Stability Conservative Upscaler",
            "About four megapixels, true to the picture; takes words about what it shows.",
            "40",
            Conservative,
            ("upscale", *_CHANGES),
            category="upscaling",
            speed=2,
            quality=5,
        ),
        Endpoint("upscale/conservative"),
    ),
    (
        _model(
            "upscale-creative",
            "Stability Creative Upscaler",
            "About four megapixels, adding detail to poor pictures; takes words about what they show.",
            "60",
            Creative,
            ("upscale", *_CHANGES),
            category="upscaling",
            speed=1,
            quality=5,
        ),
        Endpoint("upscale/creative", keeps=True),
    ),
)

MODELS = tuple(model for model, _ in _DECLARED)
ENDPOINTS = {model.id: endpoint for model, endpoint in _DECLARED}
