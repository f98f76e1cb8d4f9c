"""fal's models besides FLUX, as data. Prices are those of November 2026; by compute time they are estimates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..base import Capability, Model, Operation, Sizes
from . import options
from .endpoints import GUIDED, STEPS, Endpoint
from .flux import SAFE, documentation, megapixels, pictures

SDXL_SIZES = Sizes(minimum=256, maximum=1536, step=8, default=(1024, 1024))
ANY_SIZE = Sizes(minimum=64, maximum=4096, max_pixels=16_777_216, default=(1024, 1024))
_BY_TIME = ", about: it is billed by compute time"
_EXPAND = {"expand_prompt": "expand_prompt"}

_TEXT = Capability.TEXT_TO_IMAGE
_FROM = Capability.IMAGE_TO_IMAGE
_SEED = Capability.SEED
_CUSTOM = Capability.CUSTOM_SIZE
_NEGATIVE = Capability.NEGATIVE_PROMPT

OTHERS: Mapping[Model, Mapping[Operation, Endpoint]] = {
    Model(
        id="fal/fast-sdxl",
        name="Stable Diffusion XL",
        description="Stable Diffusion XL, served fast: with a negative prompt, LoRA weights and inpainting.",
        version="1",
        capabilities=frozenset({_TEXT, _FROM, Capability.INPAINT, _NEGATIVE, _SEED, _CUSTOM}),
        options=options.Sdxl,
        sizes=SDXL_SIZES,
        formats=("jpeg", "png"),
        price=pictures("0.002", _BY_TIME),
        speed=5,
        quality=3,
        best_use="Cheap pictures, and the many LoRA weights made for SDXL.",
        licence="CreativeML Open RAIL++-M",
        documentation_url=documentation("fal-ai/fast-sdxl"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/fast-sdxl", negative=True, form="format", loras=True, options={**GUIDED, **SAFE, **_EXPAND}
        ),
        Operation.IMAGE_TO_IMAGE: Endpoint(
            "fal-ai/fast-sdxl/image-to-image", negative=True, form="format", image="image_url", loras=True,
            options={**GUIDED, **SAFE, **_EXPAND, "strength": "strength"},
        ),
        Operation.INPAINT: Endpoint(
            "fal-ai/fast-sdxl/inpainting", negative=True, form="format", image="image_url", mask="mask_url",
            loras=True, options={**GUIDED, **SAFE, **_EXPAND, "strength": "strength"},
        ),
    },
    Model(
        id="fal/sdxl-canny",
        name="SDXL ControlNet (edges)",
        description="Stable Diffusion XL held to the edges of a picture: its drawing stays, all else is new.",
        version="1",
        capabilities=frozenset({_FROM, _NEGATIVE, _SEED}),
        options=options.Canny,
        sizes=SDXL_SIZES,
        formats=("jpeg", "png"),
        price=pictures("0.004", _BY_TIME),
        category="editing",
        speed=4,
        quality=3,
        best_use="From a sketch or a plan to a picture.",
        licence="CreativeML Open RAIL++-M",
        documentation_url=documentation("fal-ai/fast-sdxl-controlnet-canny"),
    ): {
        Operation.IMAGE_TO_IMAGE: Endpoint(
            "fal-ai/fast-sdxl-controlnet-canny", negative=True, form="format", image="control_image_url",
            loras=True, options={**GUIDED, **SAFE, "control_strength": "controlnet_conditioning_scale"},
        ),
    },
    Model(
        id="fal/sd-3.5-large",
        name="Stable Diffusion 3.5 Large",
        description="Stability AI's open model of eight billion parameters.",
        version="3.5",
        capabilities=frozenset({_TEXT, _NEGATIVE, _SEED, _CUSTOM}),
        options=options.Sd35,
        sizes=Sizes(minimum=256, maximum=1536, step=16, default=(1024, 1024)),
        formats=("jpeg", "png"),
        price=megapixels("0.065", certain=False),
        speed=3,
        quality=4,
        best_use="Styles beyond photographs.",
        licence="Stability AI Community Licence",
        documentation_url=documentation("fal-ai/stable-diffusion-v35-large"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/stable-diffusion-v35-large", Decimal("0.065"), negative=True, loras=True,
            options={**GUIDED, **SAFE},
        ),
    },
    Model(
        id="fal/aura-flow",
        name="AuraFlow",
        description="fal's own open model, strong at keeping to long prompts.",
        version="0.3",
        capabilities=frozenset({_TEXT, _SEED}),
        options=options.AuraFlow,
        sizes=Sizes(minimum=1024, maximum=1024, only=((1024, 1024),)),
        formats=("png",),
        price=pictures("0.02", _BY_TIME),
        speed=2,
        quality=3,
        best_use="Scenes of many parts.",
        licence="Apache 2.0",
        documentation_url=documentation("fal-ai/aura-flow"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/aura-flow", size=None, form=None, options={**GUIDED, **_EXPAND}
        ),
    },
    Model(
        id="fal/z-image-turbo",
        name="Z-Image Turbo",
        description="A small and quick model with good text and light.",
        version="1",
        capabilities=frozenset({_TEXT, _FROM, Capability.INPAINT, _SEED, _CUSTOM}),
        options=options.ZImage,
        sizes=Sizes(minimum=256, maximum=2048, step=16, max_pixels=4_194_304, default=(1024, 1024)),
        formats=("png", "jpeg", "webp"),
        price=megapixels("0.005"),
        speed=5,
        quality=4,
        best_use="Good pictures for little.",
        licence="Apache 2.0",
        documentation_url=documentation("fal-ai/z-image/turbo"),
    ): {
        Operation.TEXT_TO_IMAGE: Endpoint(
            "fal-ai/z-image/turbo", Decimal("0.005"), options={**STEPS, **SAFE, "acceleration": "acceleration"}
        ),
        Operation.IMAGE_TO_IMAGE: Endpoint(
            "fal-ai/z-image/turbo/image-to-image", Decimal("0.005"), size=None, image="image_url",
            options={**STEPS, **SAFE, "acceleration": "acceleration", "strength": "strength"},
        ),
        Operation.INPAINT: Endpoint(
            "fal-ai/z-image/turbo/inpaint", Decimal("0.005"), size=None, image="image_url", mask="mask_image_url",
            options={**STEPS, **SAFE, "acceleration": "acceleration", "strength": "strength"},
        ),
    },
    Model(
        id="fal/ip-adapter-face-id",
        name="IP-Adapter Face ID",
        description="Puts the face of a picture into the scene of the prompt.",
        version="1",
        capabilities=frozenset({_FROM, _NEGATIVE, _SEED}),
        options=options.Face,
        sizes=Sizes(minimum=256, maximum=1024, step=8, default=(512, 512)),
        formats=("png",),
        max_images=1,
        price=pictures("0.02", _BY_TIME),
        category="editing",
        speed=3,
        quality=3,
        best_use="The same person in many scenes.",
        licence="For research and tries; the face models are not for business.",
        documentation_url=documentation("fal-ai/ip-adapter-face-id"),
    ): {
        Operation.IMAGE_TO_IMAGE: Endpoint(
            "fal-ai/ip-adapter-face-id", negative=True, size="sides", number=None, form=None,
            image="face_image_url", options={**GUIDED, "face_model": "model_type"}, fixed={"num_samples": 1},
        ),
    },
    Model(
        id="fal/clarity-upscaler",
        name="Clarity upscaler",
        description="Enlarges a picture up to four times and draws fitting detail into it.",
        version="1",
        capabilities=frozenset({Capability.UPSCALE, _NEGATIVE, _SEED}),
        options=options.Clarity,
        sizes=ANY_SIZE,
        formats=("png",),
        max_images=1,
        price=megapixels("0.03"),
        category="upscaling",
        speed=2,
        quality=4,
        best_use="Prints from small pictures.",
        licence="The pictures are yours.",
        documentation_url=documentation("fal-ai/clarity-upscaler"),
    ): {
        Operation.UPSCALE: Endpoint(
            "fal-ai/clarity-upscaler", Decimal("0.03"), negative=True, size=None, number=None, form=None,
            image="image_url", scale="upscale_factor",
            options={**GUIDED, **SAFE, "creativity": "creativity", "resemblance": "resemblance"},
        ),
    },
    Model(
        id="fal/bria-background",
        name="Bria background removal",
        description="Cuts out what a picture shows; taught with licensed pictures only.",
        version="2",
        capabilities=frozenset({Capability.REMOVE_BACKGROUND}),
        options=options.Nothing,
        sizes=ANY_SIZE,
        formats=("png",),
        max_images=1,
        price=pictures("0.018"),
        category="background",
        speed=4,
        quality=4,
        best_use="Products and people, for business.",
        licence="The pictures are yours, also for business.",
        documentation_url=documentation("fal-ai/bria/background/remove"),
    ): {
        Operation.REMOVE_BACKGROUND: Endpoint(
            "fal-ai/bria/background/remove", Decimal("0.018"), prompt=False, size=None, number=None, seed=False,
            form=None, image="image_url",
        ),
    },
    Model(
        id="fal/birefnet",
        name="BiRefNet",
        description="Cuts out what a picture shows, with fine edges and hair.",
        version="2",
        capabilities=frozenset({Capability.REMOVE_BACKGROUND}),
        options=options.Birefnet,
        sizes=ANY_SIZE,
        formats=("png", "webp"),
        max_images=1,
        price=pictures("0.001", _BY_TIME),
        category="background",
        speed=5,
        quality=4,
        best_use="Cutting out for little.",
        licence="MIT",
        documentation_url=documentation("fal-ai/birefnet/v2"),
    ): {
        Operation.REMOVE_BACKGROUND: Endpoint(
            "fal-ai/birefnet/v2", prompt=False, size=None, number=None, seed=False, image="image_url",
            options={"cut_model": "model", "refine_edges": "refine_foreground"},
        ),
    },
}  # fmt: skip
