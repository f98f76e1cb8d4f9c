"""The parameters of fal's models, with the ranges and defaults that fal documents."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ..base import Options

_STEPS = "More steps show more detail and take longer."
_GUIDANCE = "How closely the picture keeps to the prompt."
_STRENGTH = "How much of the starting picture is made anew: at 1 all of it. Only where there is one."
_SAFETY = "Whether fal looks through the result and refuses what is not for everyone."
_TOLERANCE = "How much the safety rules let pass: 1 is the strictest."
_EXPAND = "Whether fal makes the prompt richer in words before it is used."
_FASTER = "Faster is a little less exact."
_LORA = (
    "The address of LoRA weights (https://…), or a Hugging Face repository such as owner/name. Empty: none."
)


def _steps(default: int, most: int = 50, least: int = 1) -> Any:
    return Field(default, ge=least, le=most, title="Steps", description=_STEPS)


def _guidance(default: float, most: float = 20, least: float = 0) -> Any:
    return Field(default, ge=least, le=most, title="Guidance", description=_GUIDANCE)


def _strength(default: float) -> Any:
    return Field(default, ge=0.01, le=1, title="Strength", description=_STRENGTH)


def _safety() -> Any:
    return Field(True, title="Safety checker", description=_SAFETY)


def _tolerance(most: int) -> Any:
    return Field(2, ge=1, le=most, title="Safety tolerance", description=_TOLERANCE)


class _Lora(Options):
    lora: str = Field(
        "", max_length=500, pattern=r"^(https://\S+|[\w.-]+/[\w./-]+)?$", title="LoRA", description=_LORA
    )
    lora_scale: float = Field(
        1, ge=0, le=4, title="LoRA scale", description="How much the LoRA weights count."
    )


class Schnell(Options):
    """FLUX.1 [schnell]."""

    steps: int = _steps(4, 12)
    guidance: float = _guidance(3.5, 20, 1)
    safety_checker: bool = _safety()


class Dev(Options):
    """FLUX.1 [dev]."""

    steps: int = _steps(28)
    guidance: float = _guidance(3.5, 20, 1)
    strength: float = _strength(0.95)
    acceleration: Literal["none", "regular", "high"] = Field(
        "none", title="Acceleration", description=_FASTER
    )
    safety_checker: bool = _safety()


class Pro(Options):
    """FLUX1.1 [pro]."""

    safety_tolerance: int = _tolerance(6)
    enhance_prompt: bool = Field(False, title="Enhance prompt", description=_EXPAND)


class Kontext(Pro):
    """FLUX.1 Kontext."""

    guidance: float = _guidance(3.5, 20, 1)


class Flux2(Options):
    """FLUX.2 [dev]."""

    steps: int = _steps(28, 50, 4)
    guidance: float = _guidance(2.5)
    acceleration: Literal["none", "regular", "high"] = Field(
        "regular", title="Acceleration", description=_FASTER
    )
    expand_prompt: bool = Field(False, title="Expand prompt", description=_EXPAND)
    safety_checker: bool = _safety()


class Flux2Pro(Options):
    """FLUX.2 [pro]."""

    safety_tolerance: int = _tolerance(5)
    safety_checker: bool = _safety()


class Lora(_Lora):
    """FLUX.1 [dev] with LoRA weights."""

    steps: int = _steps(28)
    guidance: float = _guidance(3.5, 35)
    strength: float = _strength(0.85)
    safety_checker: bool = _safety()


class General(_Lora):
    """FLUX.1 [dev] with a reference picture."""

    steps: int = _steps(28)
    guidance: float = _guidance(3.5)
    strength: float = _strength(0.85)
    reference_strength: float = Field(
        0.65, ge=0, le=1, title="Reference strength", description="How much the style picture counts."
    )
    sampler: Literal["euler", "dpmpp_2m"] = Field(
        "euler", title="Sampler", description="The method by which noise is taken away."
    )
    safety_checker: bool = _safety()


class Sdxl(_Lora):
    """Stable Diffusion XL."""

    steps: int = _steps(25)
    guidance: float = _guidance(7.5)
    strength: float = _strength(0.95)
    expand_prompt: bool = Field(False, title="Expand prompt", description=_EXPAND)
    safety_checker: bool = _safety()


class Canny(_Lora):
    """Stable Diffusion XL held to the edges of a picture."""

    steps: int = _steps(25)
    guidance: float = _guidance(7.5)
    control_strength: float = Field(
        0.5, ge=0, le=2, title="Control strength", description="How closely the result keeps to the edges."
    )
    safety_checker: bool = _safety()


class Sd35(_Lora):
    """Stable Diffusion 3.5 Large."""

    steps: int = _steps(28)
    guidance: float = _guidance(3.5)
    safety_checker: bool = _safety()


class AuraFlow(Options):
    """AuraFlow."""

    steps: int = _steps(50, 50, 20)
    guidance: float = _guidance(3.5)
    expand_prompt: bool = Field(True, title="Expand prompt", description=_EXPAND)


class ZImage(Options):
    """Z-Image Turbo."""

    steps: int = _steps(8, 8)
    strength: float = _strength(0.6)
    acceleration: Literal["none", "regular", "high"] = Field(
        "regular", title="Acceleration", description=_FASTER
    )
    safety_checker: bool = _safety()


class Face(Options):
    """A face in other surroundings."""

    steps: int = _steps(50, 200)
    guidance: float = _guidance(7.5, 16)
    face_model: Literal[
        "1_5-v1", "1_5-v1-plus", "1_5-v2-plus", "SDXL-v1", "SDXL-v2-plus", "1_5-auraface-v1"
    ] = Field("1_5-v1", title="Face model", description="Which IP-Adapter reads the face.")


class Clarity(Options):
    """The Clarity upscaler."""

    steps: int = _steps(18, 50, 4)
    guidance: float = _guidance(4)
    creativity: float = Field(
        0.35,
        ge=0,
        le=1,
        title="Creativity",
        description="How much detail is invented; 0 keeps to what is there.",
    )
    resemblance: float = Field(
        0.6, ge=0, le=1, title="Resemblance", description="How closely the large forms are kept."
    )
    safety_checker: bool = _safety()


class Birefnet(Options):
    """BiRefNet."""

    cut_model: Literal[
        "General Use (Light)", "General Use (Light 2K)", "General Use (Heavy)", "Matting", "Portrait"
    ] = Field("General Use (Light)", title="Model", description="Portrait and Matting are better with hair.")
    refine_edges: bool = Field(
        True, title="Refine edges", description="Takes the old background out of the edges."
    )


class Nothing(Options):
    """No parameters."""
