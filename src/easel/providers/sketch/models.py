"""What Sketch offers, as data: the painter, and the tools beside it."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from ..base import Capability, Model, Options, Sizes

Style = Literal[
    "auto", "photographic", "cinematic", "anime", "digital-art", "comic", "fantasy", "line-art", "ink",
    "watercolor", "oil", "pastel", "3d", "pixel-art", "low-poly", "isometric", "neon", "paper-cut",
    "stained-glass", "vivid", "natural",
]  # fmt: skip

_STEPS = "How far the painting is taken: few leave large forms, many add small detail."
_GUIDANCE = (
    "How literally the words are taken. Low lets colours and extras wander; high holds the colours named and puts "
    "the subject large in the middle."
)
_STYLE = "The look of the picture. Auto takes it from the words of the prompt, or photographic light."
_STRENGTH = "Of a picture to start from, how much is painted over: 0 gives it back, 1 leaves nothing of it."
_LICENCE = "The pictures are yours."


class SketchOptions(Options):
    """Steps, guidance and look."""

    steps: int = Field(8, ge=1, le=50, title="Steps", description=_STEPS)
    guidance: float = Field(7, ge=0, le=20, title="Guidance", description=_GUIDANCE)
    style: Style = Field("auto", title="Style", description=_STYLE)
    strength: float = Field(0.6, ge=0, le=1, title="Strength", description=_STRENGTH)


class UpscaleOptions(Options):
    """How the enlarged picture is finished."""

    sharpen: float = Field(
        0.35, ge=0, le=1, title="Sharpen", description="How much edges are sharpened: 0 not at all."
    )


class CutOutOptions(Options):
    """How the subject's outline looks."""

    feather: float = Field(
        0.3, ge=0, le=1, title="Feather", description="How soft the outline is: 0 is hard, 1 very soft."
    )


class EditOptions(Options):
    """Edits have no options beside their steps."""


PAINTER: Final = Model(
    id="sketch/sketch-1",
    name="Sketch",
    description=(
        "Sketch — built in, draws by procedure, not an AI model. Reads colours, places, light, weather and some "
        "ninety subjects from the prompt and paints them in one of twenty looks, in under a second."
    ),
    version="1",
    capabilities=frozenset(
        {
            Capability.TEXT_TO_IMAGE,
            Capability.IMAGE_TO_IMAGE,
            Capability.INPAINT,
            Capability.OUTPAINT,
            Capability.STYLE_IMAGE,
            Capability.NEGATIVE_PROMPT,
            Capability.SEED,
            Capability.CUSTOM_SIZE,
            Capability.PREVIEWS,
        }
    ),
    options=SketchOptions,
    sizes=Sizes(minimum=64, maximum=2048, step=1, default=(1024, 1024)),
    formats=("png", "jpeg", "webp"),
    speed=5,
    quality=2,
    best_use="Trying things out, drafts and compositions, without a key.",
    licence=_LICENCE,
)
UPSCALE: Final = Model(
    id="sketch/upscale",
    name="Sketch Upscale",
    description=(
        "Built in, classical, not an AI model: Lanczos resampling with sharpened edges. Makes a picture larger and "
        "keeps it crisp; makes no detail up."
    ),
    version="1",
    capabilities=frozenset({Capability.UPSCALE}),
    options=UpscaleOptions,
    sizes=Sizes(minimum=1, maximum=16_384, max_pixels=100_000_000),
    formats=("png", "jpeg", "webp"),
    max_images=1,
    category="upscale",
    speed=5,
    quality=2,
    best_use="Larger prints and screens, without a key.",
    licence=_LICENCE,
)
CUT_OUT: Final = Model(
    id="sketch/cut-out",
    name="Sketch Cut-out",
    description=(
        "Built in, classical, not an AI model: GrabCut by colour and edges. Good where the subject stands apart "
        "from a calm background; hair and glass are beyond it."
    ),
    version="1",
    capabilities=frozenset({Capability.REMOVE_BACKGROUND}),
    options=CutOutOptions,
    sizes=Sizes(minimum=1, maximum=16_384, max_pixels=50_000_000),
    formats=("png", "webp"),
    max_images=1,
    category="background",
    speed=4,
    quality=2,
    best_use="Subjects on calm backgrounds, without a key.",
    licence=_LICENCE,
)
EDIT: Final = Model(
    id="sketch/edit",
    name="Studio edits",
    description="Crop, turn, mirror, light and colour: the studio's own edits, from the untouched picture.",
    version="1",
    capabilities=frozenset({Capability.ADJUST}),
    options=EditOptions,
    sizes=Sizes(minimum=1, maximum=65_535, max_pixels=200_000_000),
    formats=("png", "jpeg", "webp"),
    max_images=1,
    category="edit",
    speed=5,
    quality=5,
    best_use="Edits that need no model.",
    licence=_LICENCE,
)
