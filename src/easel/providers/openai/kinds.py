"""OpenAI's image models as data: sizes, formats, capabilities and prices, as documented in November 2026.

A kind is what a model takes and costs under whichever server serves it; `declared` makes a model of one provider out
of it. Prices per picture are the service's own estimates (for sizes between those that it publishes, ours); what a call
took is computed from the tokens in its answer.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Literal

from ..base import Capability, ImageFormat, Model, Options, Sizes
from ..pricing import FREE, Price, Rate, dollars
from .options import (
    CompatibleOptions,
    DallE2Options,
    DallE3Options,
    GptImage1Options,
    GptImage2Options,
    GptImage15Options,
    GptImage25Options,
)

SQUARE, ACROSS, UPRIGHT = (1024, 1024), (1536, 1024), (1024, 1536)
DOCUMENTATION = "https://developers.openai.com/api/docs/guides/image-generation"
_ANY_SIZE = Sizes(
    minimum=256,
    maximum=3840,
    step=16,
    min_pixels=655_360,
    max_pixels=3840 * 2160,
    max_ratio=3,
)
_THREE_SIZES = Sizes(minimum=1024, maximum=1536, only=(SQUARE, ACROSS, UPRIGHT))
_GPT = frozenset(
    map(
        Capability,
        ("text-to-image", "image-to-image", "inpaint", "outpaint", "edit", "style-image", "previews"),
    )
)
_FILES: tuple[ImageFormat, ...] = ("png", "jpeg", "webp")
_ENDED_DALL_E = "OpenAI retired it on 12 May 2026; choose a GPT Image model."
_ENDED_GPT_1 = "OpenAI retired it on 23 October 2026; choose GPT Image 2.5 Flare or Sunburst."


@dataclasses.dataclass(frozen=True, slots=True)
class Tokens:
    """What a million tokens cost, in US dollars."""

    text: Decimal
    image: Decimal
    output: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """What a model takes and costs; `protocol` tells which fields its server knows."""

    name: str
    title: str
    description: str
    protocol: Literal["gpt", "dall-e-2", "dall-e-3", "compatible"]
    options: type[Options]
    sizes: Sizes
    capabilities: frozenset[Capability]
    formats: tuple[ImageFormat, ...]
    price: Price
    tokens: Tokens | None = None
    version: str = ""
    max_images: int = 10
    max_prompt: int = 10_000
    speed: int = 3
    quality: int = 4
    best_use: str = ""
    retired: str | None = None


def _tokens(text: str, image: str, output: str) -> Tokens:
    return Tokens(Decimal(text), Decimal(image), Decimal(output))


def _three_sizes(low: tuple[str, str], medium: tuple[str, str], high: tuple[str, str]) -> tuple[Rate, ...]:
    """Rows for a square and for the two oblong sizes, by quality."""
    rows = []
    for quality, (square, oblong) in (("low", low), ("medium", medium), ("high", high)):
        rows += [
            Rate(dollars(square), quality, SQUARE),
            Rate(dollars(oblong), quality),
        ]
    return tuple(rows)


def _tiers(**qualities: tuple[str, str, str]) -> tuple[Rate, ...]:
    """Rows for about one, four and eight megapixels, by quality."""
    return tuple(
        Rate(dollars(price), quality, max_pixels=pixels)
        for quality, prices in qualities.items()
        for price, pixels in zip(prices, (1_600_000, 4_200_000, 3840 * 2160), strict=True)
    )


def _gpt_price(dearest: str, table: tuple[Rate, ...], *, source: str, preview: str, words: str) -> Price:
    return Price(
        dollars(dearest),
        "image",
        words,
        table=table,
        source=dollars(source),
        extras=(("previews", dollars(preview)),),
    )


_IN_TIERS = {"low": ("0.006", "0.009", "0.012"), "medium": ("0.053", "0.075", "0.105")}
_TIERS_2 = _tiers(**_IN_TIERS, high=("0.211", "0.3", "0.42"))
_TIERS_25 = _tiers(
    **_IN_TIERS,
    high=("0.211", "0.3", "0.42"),
    xhigh=("0.32", "0.45", "0.63"),
    max=("0.42", "0.6", "0.84"),
)
_WORDS = "By quality and size: about 0.6 credits low, 5.3 medium and 21 high for a square of 1024 pixels."
_FLEXIBLE = _gpt_price("0.42", _TIERS_2, source="0.02", preview="0.003", words=_WORDS)
_FLEXIBLE_25 = _gpt_price(
    "0.84", _TIERS_25, source="0.02", preview="0.003", words=f"{_WORDS[:-1]}; 32 extra high and 42 at most."
)
_TOKENS_2 = _tokens("5", "8", "30")

KINDS: tuple[Kind, ...] = (
    Kind(
        "gpt-image-2.5-sunburst",
        "GPT Image 2.5 Sunburst",
        "OpenAI's model for precision: long prompts, lettering and edits that leave the rest as it was.",
        "gpt",
        GptImage25Options,
        _ANY_SIZE,
        _GPT,
        _FILES,
        _FLEXIBLE_25,
        _TOKENS_2,
        version="2026-09-08",
        speed=2,
        quality=5,
        best_use="Lettering, layouts and careful edits.",
    ),
    Kind(
        "gpt-image-2.5-flare",
        "GPT Image 2.5 Flare",
        "OpenAI's fast model: most of Sunburst's quality in half the time.",
        "gpt",
        GptImage25Options,
        _ANY_SIZE,
        _GPT,
        _FILES,
        _FLEXIBLE_25,
        _TOKENS_2,
        version="2026-09-08",
        speed=4,
        quality=4,
        best_use="Everyday pictures from long prompts.",
    ),
    Kind(
        "gpt-image-2.6-sunburst",
        "GPT Image 2.6 Sunburst",
        "The newest of OpenAI's models for precision.",
        "gpt",
        GptImage2Options,
        _ANY_SIZE,
        _GPT,
        _FILES,
        _FLEXIBLE,
        _TOKENS_2,
        version="2.6",
        speed=2,
        quality=5,
        best_use="Lettering, layouts and careful edits.",
    ),
    Kind(
        "gpt-image-2.6-flare",
        "GPT Image 2.6 Flare",
        "The newest of OpenAI's fast models.",
        "gpt",
        GptImage2Options,
        _ANY_SIZE,
        _GPT,
        _FILES,
        _FLEXIBLE,
        _TOKENS_2,
        version="2.6",
        speed=4,
        quality=4,
        best_use="Everyday pictures from long prompts.",
    ),
    Kind(
        "gpt-image-2",
        "GPT Image 2",
        "OpenAI's model of April 2026: any size up to 4K, reads long prompts, writes legible text.",
        "gpt",
        GptImage2Options,
        _ANY_SIZE,
        _GPT,
        _FILES,
        _FLEXIBLE,
        _TOKENS_2,
        version="2026-04-21",
        best_use="Large pictures and legible text.",
    ),
    Kind(
        "gpt-image-1.5",
        "GPT Image 1.5",
        "OpenAI's model of late 2025, in three sizes.",
        "gpt",
        GptImage15Options,
        _THREE_SIZES,
        _GPT,
        _FILES,
        _gpt_price(
            "0.2",
            _three_sizes(("0.009", "0.013"), ("0.034", "0.05"), ("0.133", "0.2")),
            source="0.04",
            preview="0.0032",
            words="By quality and size: 0.9 to 20 credits.",
        ),
        _tokens("5", "8", "32"),
        version="1.5",
        best_use="Edits that keep faces.",
    ),
    Kind(
        "gpt-image-1-mini",
        "GPT Image 1 Mini",
        "OpenAI's cheapest model, in three sizes.",
        "gpt",
        GptImage1Options,
        _THREE_SIZES,
        _GPT,
        _FILES,
        _gpt_price(
            "0.052",
            _three_sizes(("0.005", "0.006"), ("0.011", "0.015"), ("0.036", "0.052")),
            source="0.001",
            preview="0.0008",
            words="By quality and size: 0.5 to 5.2 credits.",
        ),
        _tokens("2", "2.5", "8"),
        version="1",
        speed=4,
        quality=3,
        best_use="Many pictures for little.",
    ),
    Kind(
        "gpt-image-1",
        "GPT Image 1",
        "The first GPT Image model, of April 2025.",
        "gpt",
        GptImage15Options,
        _THREE_SIZES,
        _GPT,
        _FILES,
        _gpt_price(
            "0.25",
            _three_sizes(("0.011", "0.016"), ("0.042", "0.063"), ("0.167", "0.25")),
            source="0.04",
            preview="0.004",
            words="By quality and size: 1.1 to 25 credits.",
        ),
        _tokens("5", "10", "40"),
        version="1",
        retired=_ENDED_GPT_1,
    ),
    Kind(
        "dall-e-3",
        "DALL·E 3",
        "OpenAI's model of 2023: one picture at a time, vivid or natural.",
        "dall-e-3",
        DallE3Options,
        Sizes(minimum=1024, maximum=1792, only=(SQUARE, (1792, 1024), (1024, 1792))),
        frozenset({Capability.TEXT_TO_IMAGE}),
        ("png",),
        Price(
            dollars("0.12"),
            "image",
            "4 credits for a square, 8 for others; in HD 8 and 12.",
            table=(
                Rate(dollars("0.04"), "standard", SQUARE),
                Rate(dollars("0.08"), "standard"),
                Rate(dollars("0.08"), "hd", SQUARE),
            ),
        ),
        version="3",
        max_images=1,
        max_prompt=4000,
        quality=3,
        retired=_ENDED_DALL_E,
    ),
    Kind(
        "dall-e-2",
        "DALL·E 2",
        "OpenAI's model of 2022: small squares, several at once, and edits by mask.",
        "dall-e-2",
        DallE2Options,
        Sizes(minimum=256, maximum=1024, only=((256, 256), (512, 512), SQUARE), default=SQUARE),
        frozenset({Capability.TEXT_TO_IMAGE, Capability.INPAINT}),
        ("png",),
        Price(
            dollars("0.02"),
            "image",
            "1.6, 1.8 or 2 credits by size.",
            table=(Rate(dollars("0.016"), None, (256, 256)), Rate(dollars("0.018"), None, (512, 512))),
        ),
        version="2",
        max_prompt=1000,
        speed=4,
        quality=2,
        retired=_ENDED_DALL_E,
    ),
)

COMPATIBLE = Kind(
    "compatible",
    "Compatible model",
    "A model on a server that speaks OpenAI's images API.",
    "compatible",
    CompatibleOptions,
    Sizes(minimum=64, maximum=2048, step=8),
    frozenset({Capability.TEXT_TO_IMAGE, Capability.CUSTOM_SIZE}),
    ("png", "jpeg", "webp"),
    FREE,
    version="1",
    max_images=4,
    quality=3,
)
"""What is taken to be true of a model that has another name than OpenAI's: the least that servers agree on."""

BY_NAME = {kind.name: kind for kind in KINDS}


def declared(
    kind: Kind, provider_id: str, *, name: str | None = None, title: str | None = None, hosted: bool = True
) -> Model:
    """A kind as a provider's model; `hosted` says that OpenAI itself serves it, at its prices and to its end."""
    capabilities = kind.capabilities
    if kind.sizes.only:
        capabilities -= {Capability.OUTPAINT}
    else:
        capabilities |= {Capability.CUSTOM_SIZE}
    return Model(
        id=f"{provider_id}/{name or kind.name}",
        name=title or (kind.title if kind is not COMPATIBLE else name or kind.title),
        description=kind.description,
        version=kind.version,
        capabilities=capabilities,
        options=kind.options,
        sizes=kind.sizes,
        formats=kind.formats,
        max_images=kind.max_images,
        max_prompt=kind.max_prompt,
        price=kind.price if hosted else Price(explanation="Free here: the server's own price is not known."),
        speed=kind.speed,
        quality=kind.quality,
        best_use=kind.best_use if hosted else "",
        licence="The pictures are yours, within the service's terms." if hosted else "",
        documentation_url=DOCUMENTATION if hosted else None,
        retired=kind.retired if hosted else None,
    )
