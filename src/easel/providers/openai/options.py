"""The parameters of OpenAI's image models, as its API names them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..base import Options

_QUALITY = "How much work goes into the picture. Auto lets the service choose, and costs as the dearest it may choose."
_BACKGROUND = "What lies behind the subject. Transparent needs PNG or WebP."
_MODERATION = "How strictly the service looks at the content."
_COMPRESSION = "How well JPEG and WebP files keep the picture; 100 keeps most. PNG is not changed by it."
_PREVIEWS = "Unfinished states to be shown on the way. Each costs a little; a fast picture may show fewer."
_FIDELITY = (
    "How closely a picture that is handed in is kept: high keeps faces and small print, and costs more."
)
_STYLE = "Vivid leans towards drama, natural towards everyday pictures."


class _GptOptions(Options):
    """What every GPT Image model takes, beside its quality."""

    background: Literal["auto", "opaque", "transparent"] = Field(
        "auto", title="Background", description=_BACKGROUND
    )
    moderation: Literal["auto", "low"] = Field("auto", title="Moderation", description=_MODERATION)
    compression: int = Field(100, ge=0, le=100, title="Compression", description=_COMPRESSION)
    previews: int = Field(1, ge=0, le=3, title="Previews", description=_PREVIEWS)


class GptImage1Options(_GptOptions):
    """Three qualities."""

    quality: Literal["auto", "low", "medium", "high"] = Field("medium", title="Quality", description=_QUALITY)


class GptImage15Options(GptImage1Options):
    """Those, and how closely to keep to a picture that is handed in."""

    input_fidelity: Literal["low", "high"] = Field("low", title="Input fidelity", description=_FIDELITY)


class GptImage2Options(GptImage1Options):
    """GPT Image 2 keeps pictures that are handed in closely by itself."""


class GptImage25Options(_GptOptions):
    """Five qualities."""

    quality: Literal["auto", "low", "medium", "high", "xhigh", "max"] = Field(
        "medium", title="Quality", description=_QUALITY
    )


class DallE2Options(Options):
    """DALL·E 2 takes none."""


class DallE3Options(Options):
    """DALL·E 3's quality and style."""

    quality: Literal["standard", "hd"] = Field("standard", title="Quality", description=_QUALITY)
    style: Literal["vivid", "natural"] = Field("vivid", title="Style", description=_STYLE)


class CompatibleOptions(Options):
    """Nothing beyond size and number: what every compatible server understands."""
