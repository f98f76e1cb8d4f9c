"""A ComfyUI server on loopback, after its documented protocol: graphs are validated and run one after the other.

`faults` befall the next prompts, one each: `invalid` and `broken` are answered so, `cut off` is taken and its answer
breaks off, `oom`, `interrupted`, `no picture` and `strange` are how it ends. `restart` forgets all.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.servers import pictures
from tests.servers.serving import cut_off, serving

Graph = dict[str, dict[str, Any]]
CHECKPOINTS = ["v1-5-pruned.safetensors", "SDXL/juggernautXL_v9.safetensors"]
UPSCALERS = ["RealESRGAN_x4plus.pth"]
SAMPLERS, SCHEDULERS = ["euler", "dpmpp_2m"], ["normal", "karras"]
_NODES = {
    "CheckpointLoaderSimple", "CLIPTextEncode", "EmptyLatentImage", "KSampler", "VAEDecode", "VAEEncode", "LoadImage",
    "ImageScale", "ImageToMask", "SetLatentNoiseMask", "ImageCompositeMasked", "ImagePadForOutpaint",
    "VAEEncodeForInpaint", "UpscaleModelLoader", "ImageUpscaleWithModel", "PreviewImage",
}  # fmt: skip


@dataclass
class Prompt:
    """A graph in the queue."""

    number: int
    id: str
    graph: Graph
    client_id: str
    fault: str = ""
    interrupted: bool = False


@dataclass
class ComfyServer:
    """The server's state, to be changed by the test."""

    url: str = ""
    checkpoints: list[str] = field(default_factory=lambda: list(CHECKPOINTS))
    upscalers: list[str] = field(default_factory=lambda: list(UPSCALERS))
    asked: Counter[str] = field(default_factory=Counter)
    made: list[Graph] = field(default_factory=list)
    """Graphs that were run to their end."""
    inputs: dict[str, bytes] = field(default_factory=dict)
    outputs: dict[str, bytes] = field(default_factory=dict)
    running: Prompt | None = None
    pending: list[Prompt] = field(default_factory=list)
    history: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    dropping: bool = False
    """Whether web sockets are closed in the middle of a run."""
    faults: list[str] = field(default_factory=list)
    taken: int = 0
    """How many prompts were taken into the queue."""
    stopped: int = 0
    """How many prompts were interrupted or taken out of the queue."""
    new_lists: bool = False
    """Whether lists are told as `COMBO`, as newer servers do."""
    names_itself: bool = False
    """Whether prompts get ids of the server's own, as at older ones."""
    holding: threading.Event = field(default_factory=threading.Event)
    """While it is set, prompts stay in the middle of their steps."""
    held: threading.Event = field(default_factory=threading.Event)
    """Set when a prompt stays there."""
    _sockets: dict[str, WebSocket] = field(default_factory=dict)
    _worker: asyncio.Task[None] | None = None

    def restart(self) -> None:
        """Forget all that was queued, ran and ended."""
        self.pending.clear()
        self.history.clear()
        if self.running:
            self.running.interrupted = True
            self.running = None

    def app(self) -> Starlette:
        routes = [
            Route("/prompt", self._prompt, methods=["POST"]),
            Route("/queue", self._queue, methods=["GET", "POST"]),
            Route("/interrupt", self._interrupt, methods=["POST"]),
            Route("/history/{id}", self._history),
            Route("/view", self._view),
            Route("/upload/image", self._upload, methods=["POST"]),
            Route("/object_info/{node}", self._object_info),
            Route("/system_stats", self._system_stats),
            WebSocketRoute("/ws", self._socket),
        ]

        return Starlette(routes=routes)

    async def _prompt(self, request: Request) -> Response:
        self.asked["POST /prompt"] += 1
        if self.down:
            return Response("Bad Gateway", 502)
        body = await request.json()
        graph = body["prompt"]
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "broken":
            return Response("Internal Server Error", 500)
        if fault == "invalid":
            graph = {**graph, "checkpoint": {"class_type": "Unknown", "inputs": {}}}
        problems = self._problems(graph)
        if problems:
            error = {
                "type": "prompt_outputs_failed_validation",
                "message": "Prompt outputs failed validation",
            }
            return JSONResponse(
                {"error": {**error, "details": "", "extra_info": {}}, "node_errors": problems}, 400
            )
        id = str(uuid.uuid4()) if self.names_itself else body.get("prompt_id", str(uuid.uuid4()))
        self.taken += 1
        self.pending.append(Prompt(self.taken, id, graph, body.get("client_id", ""), fault))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        if fault == "cut off":
            return cut_off()
        return JSONResponse({"prompt_id": id, "number": self.taken, "node_errors": {}})

    def _problems(self, graph: Graph) -> dict[str, Any]:
        known = {
            "ckpt_name": self.checkpoints,
            "model_name": self.upscalers,
            "sampler_name": SAMPLERS,
            "scheduler": SCHEDULERS,
            "image": list(self.inputs),
        }
        found: dict[str, Any] = {}
        for id, node in graph.items():
            errors = []
            if node["class_type"] not in _NODES:
                errors.append(("missing_node_type", "Node not found", node["class_type"]))
            for name, value in node["inputs"].items():
                if isinstance(value, list):
                    if value[0] not in graph:
                        errors.append(("bad_linked_input", "Bad linked input", name))
                elif name in known and value not in known[name]:
                    errors.append(
                        ("value_not_in_list", "Value not in list", f"{name}: '{value}' not in {known[name]}")
                    )
            if errors:
                found[id] = {
                    "errors": [
                        {"type": kind, "message": message, "details": details, "extra_info": {}}
                        for kind, message, details in errors
                    ],
                    "dependent_outputs": ["result"],
                    "class_type": node["class_type"],
                }
        return found

    async def _queue(self, request: Request) -> Response:
        self.asked[f"{request.method} /queue"] += 1
        if request.method == "POST":
            gone = set((await request.json()).get("delete", ()))
            self.stopped += sum(prompt.id in gone for prompt in self.pending)
            self.pending = [prompt for prompt in self.pending if prompt.id not in gone]
            return Response()

        def shown(prompt: Prompt) -> list[Any]:
            return [prompt.number, prompt.id, prompt.graph, {}, ["result"]]

        return JSONResponse(
            {
                "queue_running": [shown(self.running)] if self.running else [],
                "queue_pending": [shown(prompt) for prompt in self.pending],
            }
        )

    async def _interrupt(self, request: Request) -> Response:
        self.asked["POST /interrupt"] += 1
        wanted = (await request.json()).get("prompt_id")
        if self.running and wanted in (None, self.running.id) and not self.running.interrupted:
            self.running.interrupted = True
            self.stopped += 1
        return Response()

    async def _history(self, request: Request) -> Response:
        self.asked["GET /history"] += 1
        id = request.path_params["id"]
        return JSONResponse({id: self.history[id]} if id in self.history else {})

    async def _view(self, request: Request) -> Response:
        self.asked["GET /view"] += 1
        data = self.outputs.get(request.query_params["filename"])
        return Response(data, media_type="image/png") if data else Response(status_code=404)

    async def _upload(self, request: Request) -> Response:
        self.asked["POST /upload/image"] += 1
        async with request.form() as form:
            image = form["image"]
            assert not isinstance(image, str)
            folder = str(form.get("subfolder", ""))
            self.inputs[f"{folder}/{image.filename}".lstrip("/")] = await image.read()
            return JSONResponse({"name": image.filename, "subfolder": folder, "type": form.get("type")})

    async def _object_info(self, request: Request) -> Response:
        self.asked["GET /object_info"] += 1
        if self.down:
            return Response("Bad Gateway", 502)
        node = request.path_params["node"]
        lists = {
            "CheckpointLoaderSimple": {"ckpt_name": self.checkpoints},
            "KSampler": {"sampler_name": SAMPLERS, "scheduler": SCHEDULERS},
            "UpscaleModelLoader": {"model_name": self.upscalers},
        }.get(node)
        if lists is None:
            return JSONResponse({})
        told = {
            name: ["COMBO", {"options": values}] if self.new_lists else [values, {}]
            for name, values in lists.items()
        }
        more = {"seed": ["INT", {"default": 0}], "model": ["MODEL"]} if node == "KSampler" else {}
        return JSONResponse({node: {"input": {"required": {**told, **more}}, "name": node}})

    async def _system_stats(self, request: Request) -> Response:
        self.asked["GET /system_stats"] += 1
        if self.down:
            return Response("Bad Gateway", 502)
        return JSONResponse({"system": {"comfyui_version": "0.3.68"}, "devices": []})

    async def _socket(self, socket: WebSocket) -> None:
        self.asked["GET /ws"] += 1
        client_id = socket.query_params["clientId"]
        await socket.accept()
        self._sockets[client_id] = socket
        await socket.send_json({"type": "status", "data": {"status": {}, "sid": client_id}})
        try:
            while True:
                await socket.receive()
        except (WebSocketDisconnect, RuntimeError):
            if self._sockets.get(client_id) is socket:
                del self._sockets[client_id]

    async def _work(self) -> None:
        while self.pending:
            self.running = prompt = self.pending.pop(0)
            await self._run(prompt)
            if self.running is prompt:
                self.running = None

    async def _run(self, prompt: Prompt) -> None:
        graph = prompt.graph
        facts = {"prompt_id": prompt.id}
        await self._tell(prompt, "execution_start", facts)
        steps = graph.get("sampler", {}).get("inputs", {}).get("steps", 4)
        failure: tuple[str, dict[str, Any]] | None = None
        for step in range(1, steps + 1):
            await self._tell(prompt, "executing", {**facts, "node": "sampler"})
            await self._tell(prompt, "progress", {**facts, "node": "sampler", "value": step, "max": steps})
            await self._show(prompt, _painted(64, 64, "preview", step))
            if step == (steps + 1) // 2:
                await self._hold(prompt)
            if self.dropping:
                await self._drop(prompt)
            if prompt.interrupted or prompt.fault == "interrupted":
                failure = ("execution_interrupted", {**facts, "node_id": "sampler"})
                break
            await asyncio.sleep(0)
        if prompt.fault == "oom":
            failure = (
                "execution_error",
                {
                    **facts,
                    "node_type": "KSampler",
                    "exception_type": "torch.OutOfMemoryError",
                    "exception_message": "Allocation on device 0 would exceed allowed memory.",
                    "traceback": [],
                },
            )
        if self.running is not prompt:
            return  # forgotten by a restart
        outputs: dict[str, Any] = {}
        if failure is None:
            self.made.append(graph)
            # Before the history knows of it, as the real one does.
            await self._tell(prompt, "execution_success", facts)
            if prompt.fault != "no picture":
                name = f"ComfyUI_temp_{len(self.outputs):05}_.png"
                self.outputs[name] = b"<html></html>" if prompt.fault == "strange" else self._picture(graph)
                outputs["result"] = {"images": [{"filename": name, "subfolder": "", "type": "temp"}]}
        else:
            await self._tell(prompt, *failure)
        status = {"status_str": "error" if failure else "success", "completed": failure is None}
        self.history[prompt.id] = {
            "outputs": outputs,
            "status": {**status, "messages": [list(failure)] if failure else []},
        }
        self.running = None
        await self._tell(prompt, "executing", {**facts, "node": None})

    async def _hold(self, prompt: Prompt) -> None:
        if not self.holding.is_set():
            return
        self.held.set()
        while self.holding.is_set() and not prompt.interrupted:  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.01)

    async def _drop(self, prompt: Prompt) -> None:
        socket = self._sockets.pop(prompt.client_id, None)
        if socket is not None:
            await socket.close()

    async def _tell(self, prompt: Prompt, kind: str, data: dict[str, Any]) -> None:
        await self._send(prompt, json.dumps({"type": kind, "data": data}))

    async def _show(self, prompt: Prompt, picture: bytes) -> None:
        await self._send(prompt, struct.pack(">II", 1, 2) + picture)

    async def _send(self, prompt: Prompt, frame: str | bytes) -> None:
        socket = self._sockets.get(prompt.client_id)
        if socket is None:
            return
        try:
            if isinstance(frame, str):
                await socket.send_text(frame)
            else:
                await socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError):
            self._sockets.pop(prompt.client_id, None)

    def _picture(self, graph: Graph) -> bytes:
        """What the graph paints: its size and its sources are honoured."""

        def inputs(name: str) -> dict[str, Any]:
            found: dict[str, Any] = graph.get(name, {}).get("inputs", {})
            return found

        words = f"{inputs('checkpoint').get('ckpt_name')} {inputs('positive').get('text')}"
        seed = inputs("sampler").get("seed", 0)
        if "image" not in graph:
            return _painted(inputs("latent")["width"], inputs("latent")["height"], words, seed)
        original = pictures.read(self.inputs[inputs("image")["image"]])
        if "padded" in graph:
            margins = {side: inputs("padded")[side] for side in ("left", "top", "right", "bottom")}
            return pictures.file_of(pictures.outpainted(original, words, seed, **margins), "png")
        width, height = inputs("fitted")["width"], inputs("fitted")["height"]
        if "enlarged" in graph:
            return pictures.file_of(pictures.upscaled(original, width / original.width), "png")
        fitted = original.thumbnail_image(width, height=height, size="force")
        if "mask_image" in graph:
            mask = pictures.read(self.inputs[inputs("mask_image")["image"]])
            return pictures.file_of(pictures.inpainted(fitted, mask, words, seed), "png")
        strength = inputs("sampler")["denoise"]
        return pictures.file_of(pictures.reworked(fitted, words, seed, strength), "png")


def _painted(width: int, height: int, words: str, seed: int) -> bytes:
    return pictures.file_of(pictures.paint(words, seed, width, height), "png")


@contextmanager
def serving_comfyui() -> Iterator[ComfyServer]:
    """A server at work."""
    server = ComfyServer()
    with serving(server.app()) as url:
        server.url = url
        yield server
