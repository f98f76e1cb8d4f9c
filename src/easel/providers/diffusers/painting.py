"""One request on a pipeline: its arguments, adapters and sampler, and what is told of every step."""

from __future__ import annotations

import dataclasses
import inspect
import io
import math
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import diffusers
import torch
from PIL import Image, ImageFilter, ImageOps

from .. import pixels
from ..base import Operation, Picture, Produced, Request, Sizes
from ..errors import BadRequest, ContentRefused
from . import failures, families, folder, previews, prompts
from .engine import Engine, Loaded

_PREVIEW_SECONDS = 0.2
_MASKED = (Operation.INPAINT, Operation.OUTPAINT)
_SEAM = 4
"""Pixels over which an inpainted part and the rest of the picture run into each other."""


class Told(Protocol):
    """Who hears of a request's course; `stopped` says that nobody waits for it any more."""

    @property
    def stopped(self) -> bool: ...

    def step(self, step: int, steps: int) -> None: ...

    def preview(self, data: bytes) -> None: ...


def painted(engine: Engine, request: Request, told: Told) -> list[Produced]:
    """Make the pictures of a request, one after the other, so that picture i depends on the seed + i alone.

    Blocking, for minutes. Raises `ProviderError`, and `Stopped` between two steps once nobody waits.
    """
    try:
        try:
            return _painted(engine, request, told)
        except (RuntimeError, MemoryError) as error:
            # What other pipelines hold may be just what was missing.
            if not failures.is_out_of_memory(error) or len(engine.names) < 2:
                raise
            engine.forget(but=engine.pipeline(_found(request)))
        return _painted(engine, request, told)
    except Exception as error:
        raised = failures.told(error)
        if raised is error:
            raise
        raise raised from error


def _painted(engine: Engine, request: Request, told: Told) -> list[Produced]:
    if told.stopped:
        raise failures.Stopped
    request = _on_its_canvas(request)
    found = _found(request)
    known = families.family(found["class"])
    if known is None:
        raise BadRequest(f"{request.model.name} is no pipeline that Easel knows.")
    options = request.options.model_dump()
    loaded = engine.pipeline(found)
    control = options.get("control", families.NONE)
    if control != families.NONE and request.inputs.image is None:
        raise BadRequest("A ControlNet needs a picture to start from.")
    net = engine.control(loaded, control) if control != families.NONE else None
    pipe = loaded.for_operation(request.operation, net)
    pipe.scheduler = _scheduler(loaded, options.get("sampler"))
    if loaded.offloaded:
        pipe.enable_model_cpu_offload(device=engine.device)
    size = _work_size(request.width, request.height, request.model.sizes)
    with torch.inference_mode(), ExitStack() as stack:
        stack.enter_context(_with_loras(engine, pipe, options))
        stack.enter_context(_with_style(engine, pipe, request, options))
        wanted = {
            **_words(pipe, known, request, options),
            **_pictures(request, size, options, controlled=net is not None),
            "ip_adapter_image": _styling(request, options),
            "width": size[0],
            "height": size[1],
            "num_inference_steps": options["steps"],
            "guidance_scale": options["guidance"],
            "max_sequence_length": 512 if known.text == "t5" else None,
        }
        accepted = inspect.signature(pipe.__call__).parameters
        wanted = {name: value for name, value in wanted.items() if name in accepted and value is not None}
        produced = []
        for number in range(request.num_images):
            seed = request.seed + number
            image = _one(pipe, wanted, seed, _Course(pipe, request, known.latents, told, number))
            produced.append(Produced(_file(_finished(image, request)), seed))
    return produced


class _Course:
    """The steps of one picture among several, as diffusers calls back after each."""

    def __init__(self, pipe: Any, request: Request, latents: str | None, told: Told, number: int) -> None:
        self._pipe, self._request, self._latents, self._told = pipe, request, latents, told
        self._number = number
        self._shown = float("-inf")

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        if self._told.stopped:
            # Not diffusers' own way to interrupt, which decodes what there is.
            raise failures.Stopped
        steps = max(int(getattr(self._pipe, "num_timesteps", 0) or 0), step + 1)
        self._told.step(self._number * steps + step + 1, self._request.num_images * steps)
        if self._latents and time.monotonic() - self._shown >= _PREVIEW_SECONDS:
            size = self._request.width, self._request.height
            look = previews.looked_at(tensors["latents"], self._latents, *size)
            if look is not None:
                self._told.preview(look)
            self._shown = time.monotonic()
        return {}


def _one(pipe: Any, wanted: Mapping[str, Any], seed: int, course: _Course) -> Image.Image:
    answer = pipe(
        **wanted,
        # On the CPU whatever the device is: noise is then the same everywhere.
        generator=torch.Generator("cpu").manual_seed(seed),
        callback_on_step_end=course,
        callback_on_step_end_tensor_inputs=["latents"],
        output_type="pil",
    )
    if any(getattr(answer, "nsfw_content_detected", None) or ()):
        raise ContentRefused("The model's safety checker refused the picture.")
    image: Image.Image = answer.images[0]
    return image


def _found(request: Request) -> Mapping[str, Any]:
    if request.model.found is None:
        raise BadRequest(f"{request.model.name} is no model of a local worker.")
    return request.model.found


def _scheduler(loaded: Loaded, sampler: str | None) -> Any:
    """A sampler of its own for one call: they remember what they did."""
    own = loaded.scheduler
    if sampler in (None, families.OWN_SAMPLER):
        return type(own).from_config(own.config)
    name, told = families.SAMPLERS[sampler]
    return getattr(diffusers, name).from_config(own.config, **told)


def _words(pipe: Any, known: families.Family, request: Request, options: Mapping[str, Any]) -> dict[str, Any]:
    prompt, negative = request.prompt, request.negative_prompt
    clip_skip = options.get("clip_skip") or 0
    if known.text == "clip":
        tokenizer = pipe.tokenizer or pipe.tokenizer_2
        # Skipping layers as well: the pipelines' own way of it reads a part that CLIP models have no more.
        if clip_skip or any(prompts.wants_encoding(tokenizer, words) for words in (prompt, negative)):
            return prompts.encoded(pipe, prompt, negative, clip_skip=clip_skip)
    return {"prompt": prompt, "negative_prompt": negative or None if known.negative else None}


def _on_its_canvas(request: Request) -> Request:
    """An outpaint as the inpaint that it is to a pipeline: a larger picture, of which the margins are to change."""
    inputs = request.inputs
    if request.operation is not Operation.OUTPAINT:
        return request
    if inputs.image is None or inputs.margins is None:
        raise BadRequest("This needs a picture, and the margins by which it grows.")
    canvas = pixels.extended(inputs.image, inputs.margins)
    mask = pixels.frame_mask(inputs.image, inputs.margins)
    return dataclasses.replace(request, inputs=dataclasses.replace(inputs, image=canvas, mask=mask))


def _pictures(
    request: Request, size: tuple[int, int], options: Mapping[str, Any], *, controlled: bool
) -> dict[str, Any]:
    """The pictures that an operation starts from, in the size that it works in."""
    if request.operation is Operation.TEXT_TO_IMAGE:
        return {}
    if request.inputs.image is None:
        raise BadRequest("This needs a picture.")
    # Nothing of the margins is to stay: what is there only repeats the picture's edge.
    strength = 1.0 if request.operation is Operation.OUTPAINT else float(options["strength"])
    image = ImageOps.fit(_opened(request.inputs.image), size, Image.Resampling.LANCZOS)
    given: dict[str, Any] = {
        "image": image,
        "strength": strength,
        # At least one step is taken: of the steps asked for, only as large a part as the strength says.
        "num_inference_steps": max(int(options["steps"]), math.ceil(1 / strength)),
    }
    if request.operation in _MASKED:
        if request.inputs.mask is None:
            raise BadRequest("This needs a mask.")
        given["mask_image"] = _opened(request.inputs.mask).convert("L").resize(size)
    if controlled:
        seen = request.inputs.image
        if options.get("control_edges"):
            seen = Picture(pixels.edges(seen), "png", seen.width, seen.height)
        given["control_image"] = ImageOps.fit(_opened(seen), size, Image.Resampling.LANCZOS)
        given["controlnet_conditioning_scale"] = float(options["control_scale"])
    return given


@contextmanager
def _with_loras(engine: Engine, pipe: Any, options: Mapping[str, Any]) -> Iterator[None]:
    """The LoRAs that are asked for laid over the weights, one above the other."""
    wanted = {
        slot: name
        for slot in families.LORAS
        if (name := options.get(slot, families.NONE)) != families.NONE and options[f"{slot}_scale"]
    }
    if not wanted:
        yield
        return
    try:
        for slot, name in wanted.items():
            path = engine.adapter(folder.LORAS, name)
            try:
                with warnings.catch_warnings():
                    # That there are several is meant.
                    warnings.filterwarnings("ignore", message="Already found a `peft_config`")
                    pipe.load_lora_weights(
                        str(path.parent), weight_name=path.name, adapter_name=slot, local_files_only=True
                    )
            except (ValueError, RuntimeError, KeyError, TypeError) as error:
                raise BadRequest(f"The LoRA {name} does not fit this model.") from error
        try:
            pipe.set_adapters(list(wanted), [float(options[f"{slot}_scale"]) for slot in wanted])
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise BadRequest(f"{' and '.join(wanted.values())} do not fit this model together.") from error
        yield
    finally:
        # The weights are shared with the next call, which may want none.
        pipe.unload_lora_weights()


@contextmanager
def _with_style(engine: Engine, pipe: Any, request: Request, options: Mapping[str, Any]) -> Iterator[None]:
    if _styling(request, options) is None:
        yield
        return
    name = options["ip_adapter"]
    path = engine.adapter(folder.IP_ADAPTERS, name)
    try:
        try:
            pipe.load_ip_adapter(
                str(path.parent),
                subfolder="",
                weight_name=path.name,
                image_encoder_folder="image_encoder",
                local_files_only=True,
            )
            pipe.set_ip_adapter_scale(float(options["ip_adapter_scale"]))
        except (ValueError, RuntimeError, KeyError, TypeError, OSError) as error:
            raise BadRequest(f"The IP-Adapter {name} does not fit this model.") from error
        yield
    finally:
        pipe.unload_ip_adapter()


def _styling(request: Request, options: Mapping[str, Any]) -> Image.Image | None:
    """The picture whose style an IP-Adapter is to carry over, where there are both."""
    style = request.inputs.style_image
    return _opened(style) if style is not None and options.get("ip_adapter") else None


def _work_size(width: int, height: int, sizes: Sizes) -> tuple[int, int]:
    """The nearest size that a pipeline can work in: in its steps, and not larger than it knows."""
    scale = min(1.0, sizes.maximum / max(width, height))
    across, down = (
        max(sizes.minimum, math.ceil(side * scale / sizes.step) * sizes.step) for side in (width, height)
    )
    return min(across, sizes.maximum), min(down, sizes.maximum)


def _finished(image: Image.Image, request: Request) -> Image.Image:
    """The picture in the size that was asked for; what a mask left out is what it was, pixel for pixel."""
    size = request.width, request.height
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    if request.operation in _MASKED and request.inputs.image and request.inputs.mask:
        before = _opened(request.inputs.image)
        mask = _opened(request.inputs.mask).convert("L")
        if before.size == size and mask.size == size:
            inner = mask.filter(ImageFilter.MinFilter(2 * _SEAM + 1)).filter(ImageFilter.BoxBlur(_SEAM))
            image = Image.composite(image, before, inner)
    return image


def _opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data)).convert("RGB")


def _file(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=4)
    return file.getvalue()
