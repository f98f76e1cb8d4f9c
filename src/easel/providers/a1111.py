"""AUTOMATIC1111-compatible servers (also Forge and others that speak its API, started with ``--api``).

One request at a time runs at such a server, and one call makes all its pictures; meanwhile its progress is asked for.
It keeps no requests: a call that was cut off is made anew, which costs nothing and gives the same pictures.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

import structlog
from pydantic import SecretStr

from . import checkpoints
from .base import Call, Capability, Model, Operation, Picture, Produced, Request, Result, Secret
from .download import is_picture
from .errors import BadRequest, OutcomeUnknown, ProviderError, Unavailable
from .own_server import Answer, OwnServer, names

log = structlog.get_logger(__name__)

_POLL_SECONDS = 0.5
_INTERRUPT_SECONDS = 0.6
_API = "/sdapi/v1"
_DOCUMENTATION = "https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API"
_CAN = frozenset(
    {
        Capability.TEXT_TO_IMAGE,
        Capability.IMAGE_TO_IMAGE,
        Capability.VARIATION,
        Capability.INPAINT,
        Capability.NEGATIVE_PROMPT,
        Capability.SEED,
        Capability.CUSTOM_SIZE,
        Capability.PREVIEWS,
    }
)
_USUAL = ("DPM++ 2M", "Automatic")
_MASK_BLUR = 4
_ORIGINAL = 1
"""Inpainting begins from what is under the mask."""


class A1111:
    """The provider. Its models are the checkpoints and upscalers that the server has."""

    id: ClassVar[str] = "a1111"
    title: ClassVar[str] = "AUTOMATIC1111"
    description: ClassVar[str] = (
        "An AUTOMATIC1111-compatible server of your own, with the checkpoints and upscalers that it has."
    )
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = ()
    repeatable: ClassVar[bool] = True
    setting: ClassVar[str] = "A1111_URL"
    # One at a time, as the server works: what its progress and its interrupt are about is then ours.
    seats: int | None = 1
    seats_per_worker: int | None = None

    def __init__(self, url: SecretStr | None = None) -> None:
        self._server = OwnServer(self.title, self.setting, url)

    @property
    def configured(self) -> bool:
        return self._server.configured

    async def discover(self) -> tuple[Model, ...]:
        """The server's checkpoints and upscalers."""
        if not self.configured:
            return ()
        listed = {
            # Without the hash that the server adds once it has computed it.
            re.sub(r"\s*\[[0-9a-f]+\]$", "", title)
            for title in names(await self._server.get(f"{_API}/sd-models"), "title")
        }
        common = {
            "samplers": names(await self._server.get(f"{_API}/samplers"), "name"),
            "schedulers": await self._schedulers(),
        }
        upscalers = names(await self._server.get(f"{_API}/upscalers"), "name")
        found: list[dict[str, Any]] = [
            {"kind": "checkpoint", "name": name, **common} for name in sorted(listed)
        ] + [{"kind": "upscaler", "name": name} for name in upscalers if name != "None"]
        ids = checkpoints.slugs(self.id, (each["name"] for each in found))
        return tuple(self.known(ids[each["name"]], each) for each in found)

    def known(self, model_id: str, found: Mapping[str, Any]) -> Model:
        """A checkpoint or upscaler from what was kept of it."""
        common: dict[str, Any] = {
            "server": self.title,
            "found": dict(found),
            "documentation_url": _DOCUMENTATION,
        }
        if found["kind"] == "upscaler":
            return checkpoints.upscaler(model_id, found["name"], **common)
        return checkpoints.checkpoint(
            model_id,
            found["name"],
            capabilities=_CAN,
            samplers=found["samplers"],
            schedulers=found["schedulers"],
            usual=_USUAL,
            **common,
        )

    async def check(self, secrets: Mapping[str, str]) -> str:
        """Ask the server for its models."""
        self._server.url  # noqa: B018 - raises where none is set
        return f"The server answers and has {len(await self.discover())} models."

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the request's pictures in one call, and tell of its progress meanwhile."""
        path, body = _asked(request)
        watcher = asyncio.create_task(self._watch(request, call), name="a1111 progress")
        try:
            answer = await self._server.request("POST", path, seconds=None, json=body)
        except asyncio.CancelledError:
            await self._interrupt()
            raise
        finally:
            watcher.cancel()
            await asyncio.wait([watcher])
        said = _accepted(answer)
        if request.operation is Operation.UPSCALE:
            return Result((Produced(_picture(said.get("image")), None),))
        return Result(_pictures(said, request))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """The server keeps no requests: always raises `OutcomeUnknown`."""
        raise OutcomeUnknown

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Nothing to do: cancelling the task of `generate` interrupts the server."""

    async def close(self) -> None:
        """Let the connections go."""
        await self._server.close()

    async def _schedulers(self) -> list[str]:
        """The server's schedulers; older servers have none to choose."""
        answer = await self._server.request("GET", f"{_API}/schedulers")
        return names(answer.json(), "label") if answer.status == 200 else []

    async def _interrupt(self) -> None:
        with contextlib.suppress(ProviderError):
            await self._server.request("POST", f"{_API}/interrupt", seconds=_INTERRUPT_SECONDS)

    async def _watch(self, request: Request, call: Call) -> None:
        """Ask for the progress until cancelled; what goes wrong here costs the progress alone."""
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            try:
                said = await self._server.get(f"{_API}/progress", skip_current_image="false")
                await _tell(said, request, call)
            except (ProviderError, KeyError, TypeError, ValueError) as error:
                log.info("a1111.progress_not_read", error=type(error).__name__)


def _asked(request: Request) -> tuple[str, dict[str, Any]]:
    """The address and body of a request. Raises `BadRequest` for what the server cannot do."""
    model, inputs = request.model, request.inputs
    found = model.found or {}
    if request.operation.value not in {can.value for can in model.capabilities}:
        raise BadRequest(f"{model.name} cannot do {request.operation.value}.")
    if request.operation is Operation.UPSCALE:
        return f"{_API}/extra-single-image", {
            "image": _encoded(inputs.image, "a picture"),
            "resize_mode": 1,
            "upscaling_resize_w": request.width,
            "upscaling_resize_h": request.height,
            "upscaling_crop": False,
            "upscaler_1": found.get("name"),
        }
    options = request.options.model_dump(mode="json")
    body = {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "width": request.width,
        "height": request.height,
        "seed": request.seed,
        # One after the other: picture i has the seed + i, and memory is needed for one.
        "n_iter": request.num_images,
        "batch_size": 1,
        "steps": options["steps"],
        "cfg_scale": options["guidance"],
        "sampler_name": options.get("sampler"),
        "override_settings": {"sd_model_checkpoint": found.get("name")},
        # Going back to another checkpoint would load it after every call.
        "override_settings_restore_afterwards": False,
        "send_images": True,
        "save_images": False,
    }
    if options.get("scheduler"):
        body["scheduler"] = options["scheduler"]
    if request.operation is Operation.TEXT_TO_IMAGE:
        return f"{_API}/txt2img", body
    body |= {
        "init_images": [_encoded(inputs.image, "a picture")],
        "denoising_strength": options["strength"],
        "resize_mode": 1,
    }
    if request.operation is Operation.INPAINT:
        body |= {
            "mask": _encoded(inputs.mask, "a mask"),
            "mask_blur": _MASK_BLUR,
            "inpainting_fill": _ORIGINAL,
            "inpaint_full_res": False,
        }
    return f"{_API}/img2img", body


def _encoded(picture: Picture | None, what: str) -> str:
    if picture is None:
        raise BadRequest(f"This needs {what}.")
    return base64.b64encode(picture.data).decode()


def _accepted(answer: Answer) -> dict[str, Any]:
    """The body of a call that went well. Raises what the server says instead, in its words."""
    words = f"AUTOMATIC1111 answered {answer.status}."
    try:
        said = answer.json()
    except ProviderError:
        if answer.status >= 500:
            raise Unavailable(words) from None
        raise
    if answer.status == 200 and isinstance(said, dict):
        return said
    if isinstance(said, dict):
        detail = said.get("detail")
        if isinstance(detail, list):
            detail = "; ".join(str(item.get("msg")) for item in detail if isinstance(item, dict))
        words = str(said.get("errors") or detail or said.get("error") or words)[:1000]
        if said.get("error") == "OutOfMemoryError":
            raise ProviderError(f"The server has too little memory for this: {words}")
    if answer.status < 500:
        raise BadRequest(words)
    raise ProviderError(words)


def _pictures(said: dict[str, Any], request: Request) -> tuple[Produced, ...]:
    """The pictures of an answer with their seeds. Its grid, if it made one, comes first and is left out."""
    try:
        info = json.loads(said.get("info") or "{}")
        first = int(info.get("index_of_first_image") or 0)
        seeds = list(info.get("all_seeds") or ())
    except (ValueError, TypeError, AttributeError) as error:
        raise ProviderError("The server told nothing readable of its pictures.") from error
    images = (said.get("images") or [])[first : first + request.num_images]
    return tuple(
        Produced(_picture(image), seeds[index] if index < len(seeds) else request.seed + index)
        for index, image in enumerate(images)
    )


def _picture(encoded: Any) -> bytes:
    """A picture out of base64, with or without the head of a ``data:`` address."""
    try:
        data = base64.b64decode(str(encoded).rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderError("The server answered with a picture that cannot be read.") from error
    if not is_picture(data[:32]):
        raise ProviderError("The server answered with something else than a picture.")
    return data


async def _tell(said: dict[str, Any], request: Request, call: Call) -> None:
    state = said["state"]
    steps = int(state.get("sampling_steps") or 0)
    # Nothing runs before the checkpoint is loaded and after the last picture.
    if steps <= 0 or not state.get("job_count"):
        return
    done = min(int(state.get("job_no") or 0), request.num_images - 1)
    await call.progress(
        done * steps + min(int(state.get("sampling_step") or 0), steps), steps * request.num_images
    )
    if said.get("current_image"):
        await call.preview(_picture(said["current_image"]))
