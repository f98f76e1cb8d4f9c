"""From a request to the fields of OpenAI's images API. Blocking where a mask or margins are to be made."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from ..base import Operation, Picture, Request
from ..errors import BadRequest
from .kinds import Kind

_IN_STYLE = "Take the style of the last picture that is handed in, not what it shows."
_OUTWARDS = "Continue the picture into the transparent margins."


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A call: which method of the client, with what, and how many states to stream on the way."""

    method: Literal["generate", "edit"]
    fields: Mapping[str, Any]
    previews: int = 0


def asked(kind: Kind, name: str, request: Request) -> Asked:
    """The call that makes one picture of a request. Raises `BadRequest`."""
    if request.operation.value not in {capability.value for capability in request.model.capabilities}:
        raise BadRequest(f"{request.model.name} cannot do {request.operation.value}.")
    fields: dict[str, Any] = {"model": name, "size": _size(request), "prompt": request.prompt}
    if kind.protocol != "gpt":
        fields["response_format"] = "b64_json"
    previews = _options(kind, request, fields)
    pictures, mask = _pictures(request)
    if not pictures:
        return Asked("generate", fields, previews)
    if request.inputs.style_image is not None:
        fields["prompt"] += f"\n\n{_IN_STYLE}"
    if request.operation is Operation.OUTPAINT:
        fields["prompt"] = f"{fields['prompt']}\n\n{_OUTWARDS}".strip()
    fields["image"] = pictures[0] if len(pictures) == 1 else pictures
    if mask is not None:
        fields["mask"] = ("mask.png", mask, "image/png")
    # The client's edits do not know it.
    fields.pop("moderation", None)
    return Asked("edit", fields, previews)


def _size(request: Request) -> str:
    """The size that was asked for; of a picture that is made from another, that one's, where the model has not it."""
    why = request.model.sizes.why_not(request.width, request.height)
    if why is None:
        return f"{request.width}x{request.height}"
    if request.operation is Operation.TEXT_TO_IMAGE:
        raise BadRequest(f"The size is not one of the model's: {why}.")
    return "auto"


def _options(kind: Kind, request: Request, fields: dict[str, Any]) -> int:
    """Put the options among the fields; answers how many previews are wanted."""
    options = request.options.model_dump(mode="json")
    if kind.protocol != "gpt":
        fields.update(options)
        return 0
    if options["background"] == "transparent" and request.output_format == "jpeg":
        raise BadRequest("A transparent background needs PNG or WebP; JPEG has none.")
    fields["output_format"] = request.output_format
    if request.output_format != "png":
        fields["output_compression"] = options["compression"]
    fields |= {name: options[name] for name in ("quality", "background", "moderation")}
    if "input_fidelity" in options and request.inputs.image is not None:
        fields["input_fidelity"] = options["input_fidelity"]
    return int(options["previews"])


def _pictures(request: Request) -> tuple[list[Any], bytes | None]:
    """The pictures to hand in, the one to be changed first, and the mask as OpenAI reads it."""
    inputs = request.inputs
    pictures: list[Any] = []
    mask = None
    if request.operation is Operation.OUTPAINT:
        from ..pixels import frame_mask, grown, transparent_mask

        if inputs.margins is None:
            raise BadRequest("An outpaint needs to know how far to go.")
        image = _image(request)
        pictures.append(("image.png", grown(image, inputs.margins), "image/png"))
        mask = transparent_mask(frame_mask(image, inputs.margins))
    elif request.operation is not Operation.TEXT_TO_IMAGE:
        pictures.append(_file("image", _image(request)))
    if request.operation is Operation.INPAINT:
        from ..pixels import transparent_mask

        if inputs.mask is None:
            raise BadRequest("An inpaint needs a mask.")
        mask = transparent_mask(inputs.mask)
    if inputs.style_image is not None:
        pictures.append(_file("style", inputs.style_image))
    return pictures, mask


def _image(request: Request) -> Picture:
    if request.inputs.image is None:
        raise BadRequest(f"{request.operation.value} needs a picture to start from.")
    return request.inputs.image


def _file(name: str, picture: Picture) -> tuple[str, bytes, str]:
    if picture.format not in ("png", "jpeg", "webp"):
        raise BadRequest("The service takes PNG, JPEG and WebP.")
    return f"{name}.{picture.format}", picture.data, f"image/{picture.format}"
