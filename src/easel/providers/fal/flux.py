"""The FLUX models at fal, as data. Prices are those of November 2026."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..base import Capability, Model, Operation, Sizes
from ..pricing import Price, Rate, dollars
from . import options
from .endpoints import GUIDED, RATIOS, Endpoint

SAFE = {"safety_checker": "enable_safety_checker"}
PRO = {"safety_tolerance": "safety_tolerance", "enhance_prompt": "enhance_prompt"}
FLUX_SIZES = Sizes(minimum=256, maximum=1536, step=16, default=(1024, 1024))
PRO_SIZES = Sizes(minimum=256, maximum=1440, step=32, default=(1024, 1024))
FLUX_2_SIZES = Sizes(minimum=512, maximum=2048, step=16, max_pixels=4_194_304, default=(1024, 1024))
RATIO_SIZES = Sizes(minimum=672, maximum=1568, only=tuple(RATIOS))
OPEN_LICENCE = "Apache 2.0; the pictures are yours, also for business."
DEV_LICENCE = "FLUX.1 [dev] licence; through fal the pictures may be used for business."
PRO_LICENCE = "The pictures are yours, also for business."

_TEXT = Capability.TEXT_TO_IMAGE
_FROM = Capability.IMAGE_TO_IMAGE
_SEED = Capability.SEED
_CUSTOM = Capability.CUSTOM_SIZE


def megapixels(usd: str, *, certain: bool = True) -> Price:
    """A price for each megapixel, at least one; an estimate where it was not found in writing."""
    about = "" if certain else ": an estimate"
    return Price(
        dollars(usd), "megapixel", f"${usd} per megapixel at fal, at least one{about}.", minimum=dollars(usd)
    )


def pictures(usd: str, about: str = "") -> Price:
    """A price for each picture."""
    return Price(dollars(usd), "image", f"${usd} per picture at fal{about}.")


def documentation(app: str) -> str:
    """The page of an app."""
    return f"https://fal.ai/models/{app}"


_FLUX_2_PRO = Price(
    dollars("0.075"),
    "image",
    "$0.03 for the first megapixel at fal and $0.015 for each further one, those of a starting picture too.",
    table=tuple(
        Rate(dollars(usd), max_pixels=pixels)
        for usd, pixels in (("0.03", 1_048_576), ("0.045", 2_097_152), ("0.06", 3_145_728))
    ),
    source=dollars("0.015"),
)

FLUX: Mapping[Model, Mapping[Operation, Endpoint]] = {
    Model(
        id="fal/flux-schnell",
        name="FLUX.1 [schnell]",
        description="The fastest of the FLUX models: a picture in about a second, in four steps.",
        version="1",
        capabilities=frozenset({_TEXT, _SEED, _CUSTOM}),
        options=options.Schnell,
        sizes=FLUX_SIZES,
        formats=("jpeg", "png"),
        price=megapixels("0.003", certain=False),
        speed=5,
        quality=3,
        best_use="Drafts and many tries.",
        licence=OPEN_LICENCE,
        documentation_url=documentation("fal-ai/flux/schnell"),
        featured=True,
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux/schnell", Decimal("0.003"), options={**GUIDED, **SAFE}
        ),
    },
    Model(
        id="fal/flux-dev",
        name="FLUX.1 [dev]",
        description="The open FLUX model: close to the prompt, good with text in pictures.",
        version="1",
        capabilities=frozenset({_TEXT, _FROM, _SEED, _CUSTOM}),
        options=options.Dev,
        sizes=FLUX_SIZES,
        formats=("jpeg", "png"),
        price=megapixels("0.025"),
        speed=4,
        quality=4,
        best_use="Everyday pictures, and pictures from pictures.",
        recommended={"steps": 28, "guidance": 3.5},
        licence=DEV_LICENCE,
        documentation_url=documentation("fal-ai/flux/dev"),
        featured=True,
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux/dev", Decimal("0.025"), options={**GUIDED, **SAFE, "acceleration": "acceleration"}
        ),
        Operation.IMAGE_TO_IMAGE: Endpoint(
            "fal-ai/flux/dev/image-to-image", Decimal("0.03"), size=None, image="image_url",
            options={**GUIDED, **SAFE, "acceleration": "acceleration", "strength": "strength"},
        ),
    },
    Model(
        id="fal/flux-pro-1.1",
        name="FLUX1.1 [pro]",
        description="Black Forest Labs' larger model: finer detail and truer composition.",
        version="1.1",
        capabilities=frozenset({_TEXT, _SEED, _CUSTOM}),
        options=options.Pro,
        sizes=PRO_SIZES,
        formats=("jpeg", "png"),
        price=megapixels("0.04", certain=False),
        speed=4,
        quality=5,
        best_use="Finished pictures.",
        licence=PRO_LICENCE,
        documentation_url=documentation("fal-ai/flux-pro/v1.1"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint("fal-ai/flux-pro/v1.1", Decimal("0.04"), options=PRO),
    },
    Model(
        id="fal/flux-kontext",
        name="FLUX.1 Kontext [pro]",
        description="Changes a picture as it is told in words and leaves the rest alone; also makes new ones.",
        version="1",
        capabilities=frozenset({_TEXT, Capability.EDIT, _SEED}),
        options=options.Kontext,
        sizes=RATIO_SIZES,
        formats=("jpeg", "png"),
        price=pictures("0.04"),
        category="editing",
        speed=4,
        quality=5,
        best_use="Edits in words: other clothes, another background, other text.",
        licence=PRO_LICENCE,
        documentation_url=documentation("fal-ai/flux-pro/kontext"),
        featured=True,
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux-pro/kontext/text-to-image", Decimal("0.04"), size="aspect_ratio",
            options={**PRO, "guidance": "guidance_scale"},
        ),
        Operation.EDIT: Endpoint(
            "fal-ai/flux-pro/kontext", Decimal("0.04"), size=None, image="image_url",
            options={**PRO, "guidance": "guidance_scale"},
        ),
    },
    Model(
        id="fal/flux-kontext-max",
        name="FLUX.1 Kontext [max]",
        description="Kontext with more care for text and for what was asked.",
        version="1",
        capabilities=frozenset({Capability.EDIT, _SEED}),
        options=options.Kontext,
        sizes=RATIO_SIZES,
        formats=("jpeg", "png"),
        price=pictures("0.08"),
        category="editing",
        speed=3,
        quality=5,
        best_use="Edits with text in them.",
        licence=PRO_LICENCE,
        documentation_url=documentation("fal-ai/flux-pro/kontext/max"),
    ): {
        Operation.EDIT: Endpoint(
            "fal-ai/flux-pro/kontext/max", Decimal("0.08"), size=None, image="image_url",
            options={**PRO, "guidance": "guidance_scale"},
        ),
    },
    Model(
        id="fal/flux-2",
        name="FLUX.2 [dev]",
        description="The second generation of FLUX: larger pictures, and edits by words.",
        version="2",
        capabilities=frozenset({_TEXT, Capability.EDIT, _SEED, _CUSTOM}),
        options=options.Flux2,
        sizes=FLUX_2_SIZES,
        formats=("png", "jpeg", "webp"),
        price=megapixels("0.012"),
        speed=4,
        quality=5,
        best_use="The first choice at fal.",
        licence=DEV_LICENCE.replace("FLUX.1", "FLUX.2"),
        documentation_url=documentation("fal-ai/flux-2"),
        featured=True,
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux-2", Decimal("0.012"),
            options={**GUIDED, **SAFE, "acceleration": "acceleration", "expand_prompt": "enable_prompt_expansion"},
        ),
        Operation.EDIT: Endpoint(
            "fal-ai/flux-2/edit", Decimal("0.012"), size=None, image="image_urls", pictures=True,
            options={**GUIDED, **SAFE, "acceleration": "acceleration", "expand_prompt": "enable_prompt_expansion"},
        ),
    },
    Model(
        id="fal/flux-2-pro",
        name="FLUX.2 [pro]",
        description="The largest FLUX at fal; also edits, and paints pictures on beyond their edges.",
        version="2",
        capabilities=frozenset({_TEXT, Capability.EDIT, Capability.OUTPAINT, _SEED, _CUSTOM}),
        options=options.Flux2Pro,
        sizes=FLUX_2_SIZES,
        formats=("jpeg", "png"),
        max_images=1,
        price=_FLUX_2_PRO,
        speed=3,
        quality=5,
        best_use="Finished pictures, and more room around one.",
        licence=PRO_LICENCE,
        documentation_url=documentation("fal-ai/flux-2-pro"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux-2-pro", number=None, options={**SAFE, "safety_tolerance": "safety_tolerance"}
        ),
        Operation.EDIT: Endpoint(
            "fal-ai/flux-2-pro/edit", size=None, number=None, image="image_urls", pictures=True,
            options={**SAFE, "safety_tolerance": "safety_tolerance"},
        ),
        Operation.OUTPAINT: Endpoint(
            "fal-ai/flux-2-pro/outpaint", prompt=False, size=None, number=None, seed=False, image="image_url",
            margins=True, options=SAFE,
        ),
    },
    Model(
        id="fal/flux-fill",
        name="FLUX.1 Fill [pro]",
        description="Paints the masked part of a picture anew, in keeping with the rest.",
        version="1",
        capabilities=frozenset({Capability.INPAINT, _SEED}),
        options=options.Pro,
        sizes=PRO_SIZES,
        formats=("jpeg", "png"),
        price=megapixels("0.05"),
        category="editing",
        speed=4,
        quality=5,
        best_use="Inpainting.",
        licence=PRO_LICENCE,
        documentation_url=documentation("fal-ai/flux-pro/v1/fill"),
    ): {
        Operation.INPAINT: Endpoint(
            "fal-ai/flux-pro/v1/fill", Decimal("0.05"), size=None, image="image_url", mask="mask_url", options=PRO
        ),
    },
    Model(
        id="fal/flux-lora",
        name="FLUX.1 with LoRA",
        description="FLUX.1 [dev] with LoRA weights of your own or of others, by their address.",
        version="1",
        capabilities=frozenset({_TEXT, _FROM, Capability.INPAINT, _SEED, _CUSTOM}),
        options=options.Lora,
        sizes=FLUX_SIZES,
        formats=("jpeg", "png"),
        price=megapixels("0.035"),
        speed=4,
        quality=4,
        best_use="A style or a person that the model was taught.",
        licence=DEV_LICENCE,
        documentation_url=documentation("fal-ai/flux-lora"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux-lora", Decimal("0.035"), loras=True, options={**GUIDED, **SAFE}
        ),
        Operation.IMAGE_TO_IMAGE: Endpoint(
            "fal-ai/flux-lora/image-to-image", Decimal("0.035"), size=None, image="image_url", loras=True,
            options={**GUIDED, **SAFE, "strength": "strength"},
        ),
        Operation.INPAINT: Endpoint(
            "fal-ai/flux-lora/inpainting", Decimal("0.035"), size=None, image="image_url", mask="mask_url",
            loras=True, options={**GUIDED, **SAFE, "strength": "strength"},
        ),
    },
    Model(
        id="fal/flux-general",
        name="FLUX.1 with a style picture",
        description="FLUX.1 [dev] that also looks at a reference picture, with LoRA weights and a negative prompt.",
        version="1",
        capabilities=frozenset(
            {_TEXT, Capability.INPAINT, Capability.STYLE_IMAGE, Capability.NEGATIVE_PROMPT, _SEED, _CUSTOM}
        ),
        options=options.General,
        sizes=FLUX_SIZES,
        formats=("png", "jpeg"),
        price=megapixels("0.075", certain=False),
        speed=3,
        quality=4,
        best_use="Pictures in the style of another one.",
        licence=DEV_LICENCE,
        documentation_url=documentation("fal-ai/flux-general"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/flux-general", Decimal("0.075"), negative=True, style_image="reference_image_url", loras=True,
            options={**GUIDED, **SAFE, "reference_strength": "reference_strength", "sampler": "scheduler"},
        ),
        Operation.INPAINT: Endpoint(
            "fal-ai/flux-general/inpainting", Decimal("0.075"), negative=True, size=None, image="image_url",
            mask="mask_url", style_image="reference_image_url", loras=True,
            options={
                **GUIDED, **SAFE, "reference_strength": "reference_strength", "sampler": "scheduler",
                "strength": "strength",
            },
        ),
    },
}  # fmt: skip
