"""One picture of a request, whatever the operation: what is drawn, and what is done with the picture it begins with.

Runs in a thread and knows neither the loop nor the provider's contract beyond its data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from pyvips import Image

from ..base import Inputs, Operation, Picture, Produced, Request
from ..errors import BadRequest
from . import rework
from .cutout import cut_out
from .darkroom import edited
from .draw import draw, encoded
from .models import CutOutOptions, SketchOptions, UpscaleOptions

OnStep = Callable[[int, Callable[[], bytes] | None], None]


def make(request: Request, seed: int, *, stop: Callable[[], bool], on_step: OnStep) -> Produced:
    """Draw or rework one picture. Raises `BadRequest` for an operation or inputs that Sketch cannot work with."""
    painter = _Painter(request, seed, stop, on_step)
    works = {
        Operation.TEXT_TO_IMAGE: painter.from_text,
        Operation.IMAGE_TO_IMAGE: painter.from_image,
        Operation.INPAINT: painter.inpaint,
        Operation.OUTPAINT: painter.outpaint,
        Operation.UPSCALE: painter.upscale,
        Operation.REMOVE_BACKGROUND: painter.cut,
        Operation.ADJUST: painter.adjust,
    }
    work = works.get(request.operation)
    if work is None or request.operation.value not in request.model.capabilities:
        raise BadRequest(f"{request.model.name} cannot do {request.operation.value}.")
    image = work()
    form = cast("Literal['png', 'jpeg', 'webp']", request.output_format)
    if form == "jpeg" and image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    return Produced(encoded(image, form), seed, painter.facts)


class _Painter:
    """One picture in the making; `facts` tells afterwards what was chosen for it."""

    def __init__(self, request: Request, seed: int, stop: Callable[[], bool], on_step: OnStep) -> None:
        self._request, self._seed, self._stop, self._on_step = request, seed, stop, on_step
        self.facts: dict[str, str] = {}

    def from_text(self) -> Image:
        return self._drawn(self._request.width, self._request.height)

    def from_image(self) -> Image:
        wide, high = self._request.width, self._request.height
        picture = rework.to_size(_opened(self._inputs.image, "image"), wide, high)
        strength = self._options.strength
        drawn = self._drawn(wide, high) if strength > 0 else picture
        made = rework.painted_over(picture, drawn, strength, self._seed)
        if self._inputs.style_image is not None:
            style = rework.to_size(_opened(self._inputs.style_image, "style image"), 512, 512)
            made = rework.in_colours_of(made, style, 0.9)
        return made

    def inpaint(self) -> Image:
        picture = _opened(self._inputs.image, "image")
        mask = _opened(self._inputs.mask, "mask").extract_band(0)
        if (mask.width, mask.height) != (picture.width, picture.height):
            raise BadRequest("The mask must have the size of the picture.")
        if mask.max() < 1:
            raise BadRequest("The mask is empty.")
        flat = rework.to_size(picture, picture.width, picture.height)
        _, _, wide, high = rework.box_of(mask)
        grow = max(1.0, 64 / min(wide, high))
        drawn = self._drawn(round(wide * grow), round(high * grow))
        return rework.filled(flat, rework.to_size(drawn, wide, high), mask)

    def outpaint(self) -> Image:
        picture, margins = _opened(self._inputs.image, "image"), self._inputs.margins
        if margins is None:
            raise BadRequest("Say how far the picture is to grow.")
        wide = picture.width + margins.left + margins.right
        high = picture.height + margins.top + margins.bottom
        flat = rework.to_size(picture, picture.width, picture.height)
        return rework.grown(flat, self._drawn(wide, high), margins.left, margins.top)

    def upscale(self) -> Image:
        options, scale = self._request.options, self._inputs.scale
        if not isinstance(options, UpscaleOptions) or scale is None:
            raise BadRequest("Say how many times larger.")
        return rework.enlarged(_opened(self._inputs.image, "image"), scale, options.sharpen)

    def cut(self) -> Image:
        options = self._request.options
        if not isinstance(options, CutOutOptions):
            raise BadRequest("These are not the options of a cut-out.")
        return cut_out(_opened(self._inputs.image, "image"), options.feather)

    def adjust(self) -> Image:
        return edited(_opened(self._inputs.image, "image"), self._inputs.edits)

    @property
    def _inputs(self) -> Inputs:
        return self._request.inputs

    @property
    def _options(self) -> SketchOptions:
        options = self._request.options
        if not isinstance(options, SketchOptions):
            raise BadRequest("These are not the options of Sketch.")
        return options

    def _drawn(self, width: int, height: int) -> Image:
        options = self._options
        image, self.facts["style"] = draw(
            self._request.prompt, self._request.negative_prompt, width, height,
            seed=self._seed, steps=options.steps, guidance=options.guidance, style=options.style,
            stop=self._stop, on_step=self._on_step,
        )  # fmt: skip
        return image


def _opened(picture: Picture | None, name: str) -> Image:
    """A handed picture in memory, RGB or RGBA in 8 bits. Raises `BadRequest` where there is none."""
    if picture is None:
        raise BadRequest(f"There is no {name} to start from.")
    image = Image.new_from_buffer(picture.data, "")
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    return image.cast("uchar").copy_memory()
