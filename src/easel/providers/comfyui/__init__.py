"""ComfyUI: a server of the operator's own that runs graphs of nodes.

Every picture is one prompt (a graph with its own seed) under an id that Easel chooses, so that it can be followed by
whoever comes later. `graphs` holds what is asked, `watch` what is heard meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar
from urllib.parse import urlencode

from pydantic import SecretStr

from .. import checkpoints
from ..base import NO_INPUTS, Call, Capability, Model, Picture, Produced, Request, Result, Secret
from ..download import Downloads
from ..errors import BadRequest, Cancelled, OutcomeUnknown, ProviderError, Unavailable
from ..own_server import Answer, OwnServer
from . import graphs
from .watch import Watch, watching

__all__ = ["ComfyUI"]

_POLL_SECONDS = 2.0
_DOCUMENTATION = "https://docs.comfy.org"
_CAN = frozenset(
    {
        Capability.TEXT_TO_IMAGE,
        Capability.IMAGE_TO_IMAGE,
        Capability.VARIATION,
        Capability.INPAINT,
        Capability.OUTPAINT,
        Capability.NEGATIVE_PROMPT,
        Capability.SEED,
        Capability.CUSTOM_SIZE,
        Capability.PREVIEWS,
    }
)
_USUAL = ("euler", "normal")
_FORGOTTEN = "ComfyUI does not know the prompt any more; it was started anew."


class ComfyUI:
    """The provider. Its models are the checkpoints and upscalers that the server has."""

    id: ClassVar[str] = "comfyui"
    title: ClassVar[str] = "ComfyUI"
    description: ClassVar[str] = (
        "A ComfyUI server of your own, with the checkpoints and upscalers that it has."
    )
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = ()
    repeatable: ClassVar[bool] = True
    setting: ClassVar[str] = "COMFYUI_URL"
    # One runs and one waits, so that the server is never idle; longer queues are Easel's own.
    seats: int | None = 2
    seats_per_worker: int | None = None

    def __init__(self, url: SecretStr | None = None) -> None:
        self._server = OwnServer(self.title, self.setting, url)
        self._downloads = Downloads(url.get_secret_value() if url else None)

    @property
    def configured(self) -> bool:
        return self._server.configured

    async def discover(self) -> tuple[Model, ...]:
        """The server's checkpoints and upscalers."""
        if not self.configured:
            return ()
        loader, sampler, upscaler = [
            await self._choices(node) for node in ("CheckpointLoaderSimple", "KSampler", "UpscaleModelLoader")
        ]
        common = {
            "samplers": sampler.get("sampler_name", []),
            "schedulers": sampler.get("scheduler", []),
        }
        found: list[dict[str, Any]] = [
            {"kind": "checkpoint", "name": name, **common} for name in loader.get("ckpt_name", [])
        ] + [{"kind": "upscaler", "name": name} for name in upscaler.get("model_name", [])]
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
        """Ask the server for its version and its models."""
        stats = await self._server.get("/system_stats")
        system = stats.get("system", {}) if isinstance(stats, dict) else {}
        models = await self.discover()
        return f"ComfyUI {system.get('comfyui_version', '')} answers and has {len(models)} models.".replace(
            "  ", " "
        )

    async def generate(self, request: Request, call: Call) -> Result:
        """Queue a prompt for every picture, and wait for them."""
        ids = [str(uuid.uuid4()) for _ in range(request.num_images)]
        values = await self._values(request)
        async with self._watching(ids, call) as watch:
            await self._queue(request, call, ids, values)
            return await self._result(request, ids, watch)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Follow prompts that were queued before. Raises `OutcomeUnknown` when the server has forgotten one."""
        ids = request_id.split(",")
        async with self._watching(ids, call) as watch:
            for id in ids:
                if not await self._queued(id) and await self._entry(id) is None:
                    raise OutcomeUnknown(_FORGOTTEN)
            return await self._result(request, ids, watch)

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Take what waits out of the server's queue, then stop what runs, if it is ours."""
        ids = request_id.split(",")
        await self._server.post("/queue", {"delete": ids})
        for id in ids:
            # Asked first: older servers stop whatever runs, whosever it is.
            if await self._queued(id, "queue_running"):
                await self._server.post("/interrupt", {"prompt_id": id})

    async def close(self) -> None:
        """Let the connections go."""
        await self._server.close()
        await self._downloads.close()

    def _watching(self, ids: list[str], call: Call) -> AbstractAsyncContextManager[Watch]:
        # Events go to the client that queued a prompt: who resumes calls itself by the same name.
        return watching(self._server.url, ids[0], Watch(call, ids))

    async def _queue(self, request: Request, call: Call, ids: list[str], values: Mapping[str, Any]) -> None:
        """Queue the prompts of all pictures, and tell under which ids."""
        client_id, taken = ids[0], False
        try:
            for index, id in enumerate(ids):
                graph = graphs.filled(request.operation, {**values, "seed": request.seed + index})
                body = {"prompt": graph, "client_id": client_id, "prompt_id": id}
                answer = _accepted(await self._server.post("/prompt", body))
                # A server from before it could be chosen names its own.
                ids[index] = str(answer.get("prompt_id", id))
                taken = True
        except asyncio.CancelledError:
            taken = True  # Perhaps: it was cut off before the answer.
            raise
        finally:
            if taken:
                await call.accepted(",".join(ids))

    async def _result(self, request: Request, ids: Sequence[str], watch: Watch) -> Result:
        images = [await self._picture(id, watch, request.seed + index) for index, id in enumerate(ids)]
        return Result(tuple(images))

    async def _values(self, request: Request) -> dict[str, Any]:
        """What fills the graph's places, with the pictures uploaded."""
        found = request.model.found or {}
        if not graphs.has(request.operation) or request.operation.value not in {
            can.value for can in request.model.capabilities
        }:
            raise BadRequest(f"{request.model.name} cannot do {request.operation.value}.")
        values = {
            **request.options.model_dump(mode="json"),
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt,
            "width": request.width,
            "height": request.height,
            found.get("kind", "checkpoint"): found.get("name"),
        }
        inputs = request.inputs
        if inputs is not NO_INPUTS:
            for name, picture in (("image", inputs.image), ("mask", inputs.mask)):
                if picture is not None:
                    values[name] = await self._upload(picture)
            if inputs.margins is not None:
                margins = inputs.margins
                values |= {side: getattr(margins, side) for side in ("left", "top", "right", "bottom")}
        try:
            graphs.filled(request.operation, {**values, "seed": request.seed})
        except KeyError as error:
            raise BadRequest(f"{request.operation.value} needs: {error.args[0]}.") from error
        return values

    async def _upload(self, picture: Picture) -> str:
        """Put a picture into the server's input folder; answers its name there, which its content decides."""
        name = f"{hashlib.sha256(picture.data).hexdigest()[:32]}.{picture.format}"
        answer = await self._server.request(
            "POST",
            "/upload/image",
            seconds=60,
            files={"image": (name, picture.data, f"image/{picture.format}")},
            data={"type": "input", "subfolder": "easel", "overwrite": "true"},
        )
        if answer.status != 200:
            raise ProviderError(f"ComfyUI answered {answer.status} to an upload.")
        placed = answer.json()
        return "/".join(filter(None, (placed.get("subfolder", ""), placed["name"])))

    async def _picture(self, prompt_id: str, watch: Watch, seed: int) -> Produced:
        """Wait for a prompt's end and fetch its picture."""
        unknown = False
        while True:
            watch.news.clear()
            entry = await self._entry(prompt_id)
            if entry is not None:
                return await self._downloads.fetch(self._server.url + "/view" + _place(entry), seed=seed)
            if unknown:
                raise OutcomeUnknown(_FORGOTTEN)
            try:
                async with asyncio.timeout(_POLL_SECONDS):
                    await watch.news.wait()
            except TimeoutError:
                # Looked into the history once more then: it may have ended between the two questions.
                unknown = not await self._queued(prompt_id)

    async def _entry(self, prompt_id: str) -> dict[str, Any] | None:
        """What the history says of a prompt; None while it has not ended. Raises what went wrong with it."""
        history = await self._server.get(f"/history/{prompt_id}")
        entry = history.get(prompt_id) if isinstance(history, dict) else None
        if not isinstance(entry, dict):
            return None
        _check(entry)
        return entry

    async def _queued(self, prompt_id: str, *parts: str) -> bool:
        """Whether a prompt waits or runs; where `parts` of the queue are named, whether it is in these."""
        queue = await self._server.get("/queue")
        return any(
            item[1] == prompt_id
            for part in parts or ("queue_running", "queue_pending")
            for item in queue.get(part, ())
        )

    async def _choices(self, node: str) -> dict[str, list[str]]:
        """By input the values that a kind of node offers; empty where the server has no such node."""
        described = await self._server.get(f"/object_info/{node}")
        inputs = described.get(node, {}).get("input", {}) if isinstance(described, dict) else {}
        return {name: choices_of(spec) for part in inputs.values() for name, spec in part.items()}


def choices_of(spec: Any) -> list[str]:
    """The values of an input: a list in its first place, or, of late, ``["COMBO", {"options": […]}]``."""
    if not isinstance(spec, Sequence) or isinstance(spec, str) or not spec:
        return []
    listed = spec[0]
    if listed == "COMBO" and len(spec) > 1 and isinstance(spec[1], Mapping):
        listed = spec[1].get("options", [])
    return [value for value in listed if isinstance(value, str)] if isinstance(listed, list) else []


def _accepted(answer: Answer) -> dict[str, Any]:
    """The answer to a prompt that was taken. Raises `BadRequest` with the server's reasons."""
    if answer.status >= 500:
        raise Unavailable(f"ComfyUI answered {answer.status}.")
    said = answer.json()
    if not isinstance(said, dict):
        raise ProviderError("ComfyUI answered with something else than a prompt's id.")
    # A graph of which only a part is right is taken, with a 200: none of ours has parts that may fail.
    reasons = [
        f"{problem.get('message')}: {problem.get('details')}"
        for node in (said.get("node_errors") or {}).values()
        for problem in node.get("errors", ())
    ]
    if reasons:
        raise BadRequest("; ".join(reasons)[:1000])
    if answer.status != 200:
        error = said.get("error")
        words = error.get("message") if isinstance(error, dict) else error
        raise BadRequest(str(words or f"ComfyUI answered {answer.status}."))
    return said


def _check(entry: Mapping[str, Any]) -> None:
    """Raise what went wrong with a prompt that has ended."""
    status = entry.get("status") or {}
    if status.get("status_str") != "error":
        return
    for kind, facts in status.get("messages", ()):
        if kind == "execution_interrupted":
            raise Cancelled("The prompt was interrupted at the ComfyUI server.")
        if kind == "execution_error":
            where, words = facts.get("node_type"), str(facts.get("exception_message", "")).strip()
            raise ProviderError(f"{where}: {words}"[:1000])
    raise ProviderError("ComfyUI could not run the graph.")


def _place(entry: Mapping[str, Any]) -> str:
    """The query of a finished prompt's picture. Raises `ProviderError` when there is none."""
    images = (entry.get("outputs") or {}).get(graphs.RESULT, {}).get("images") or []
    if not images:
        raise ProviderError("ComfyUI ran the graph and made no picture.")
    named = {name: images[0].get(name, "") for name in ("filename", "subfolder", "type")}
    return "?" + urlencode(named)
