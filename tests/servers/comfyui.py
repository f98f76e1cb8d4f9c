"""A ComfyUI server on loopback, after its documented protocol: graphs are validated and run one after the other.

Faults by words in the prompt: `hold` waits in the middle of its steps until `go` is set, `oom` and `interrupted` end
so, `nothing` makes no picture, `strange` answers with another file. `dropping` closes web sockets in the middle of a
run, `restart` forgets all.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.servers.painting import changed, painted, resized
from tests.servers.serving import serving

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
    new_lists: bool = False
    """Whether lists are told as `COMBO`, as newer servers do."""
    names_itself: bool = False
    """Whether prompts get ids of the server's own, as at older ones."""
    go: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    """Set when a prompt waits for `go`."""
    _sockets: dict[str, WebSocket] = field(default_factory=dict)
    _wake: asyncio.Event | None = None

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

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            self._wake = asyncio.Event()
            worker = asyncio.create_task(self._work())
            yield
            self.go.set()
            worker.cancel()
            await asyncio.wait([worker])

        return Starlette(routes=routes, lifespan=lifespan)

    async def _prompt(self, request: Request) -> Response:
        self.asked["POST /prompt"] += 1
        if self.down:
            return Response("Bad Gateway", 502)
        body = await request.json()
        graph = body["prompt"]
        problems = self._problems(graph)
        if problems:
            error = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"}
            return JSONResponse(
                {"error": {**error, "details": "", "extra_info": {}}, "node_errors": problems}, 400
            )
        id = str(uuid.uuid4()) if self.names_itself else body.get("prompt_id", str(uuid.uuid4()))
        number = self.asked["POST /prompt"]
        self.pending.append(Prompt(number, id, graph, body.get("client_id", "")))
        assert self._wake is not None
        self._wake.set()
        return JSONResponse({"prompt_id": id, "number": number, "node_errors": {}})

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
            self.pending = [prompt for prompt in self.pending if prompt.id not in gone]
            return Response()
        shown = lambda prompt: [prompt.number, prompt.id, prompt.graph, {}, ["result"]]  # noqa: E731
        return JSONResponse(
            {
                "queue_running": [shown(self.running)] if self.running else [],
                "queue_pending": [shown(prompt) for prompt in self.pending],
            }
        )

    async def _interrupt(self, request: Request) -> Response:
        self.asked["POST /interrupt"] += 1
        wanted = (await request.json()).get("prompt_id")
        if self.running and wanted in (None, self.running.id):
            self.running.interrupted = True
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
        assert self._wake is not None
        while True:
            await self._wake.wait()
            if not self.pending:
                self._wake.clear()
                continue
            self.running = prompt = self.pending.pop(0)
            try:
                await self._run(prompt)
            finally:
                if self.running is prompt:
                    self.running = None

    async def _run(self, prompt: Prompt) -> None:
        graph = prompt.graph
        facts = {"prompt_id": prompt.id}
        words = graph.get("positive", {}).get("inputs", {}).get("text", "").split()
        await self._tell(prompt, "execution_start", facts)
        steps = graph.get("sampler", {}).get("inputs", {}).get("steps", 4)
        failure: tuple[str, dict[str, Any]] | None = None
        for step in range(1, steps + 1):
            await self._tell(prompt, "executing", {**facts, "node": "sampler"})
            await self._tell(prompt, "progress", {**facts, "node": "sampler", "value": step, "max": steps})
            await self._show(prompt, painted(64, 64, step))
            if "hold" in words and step == (steps + 1) // 2:
                await self._hold(prompt)
            if self.dropping:
                await self._drop(prompt)
            if prompt.interrupted or "interrupted" in words:
                failure = ("execution_interrupted", {**facts, "node_id": "sampler"})
                break
            await asyncio.sleep(0)
        if "oom" in words:
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
            if "nothing" not in words:
                name = f"ComfyUI_temp_{len(self.outputs):05}_.png"
                self.outputs[name] = b"<html></html>" if "strange" in words else self._picture(graph)
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
        self.held.set()
        while not (self.go.is_set() or prompt.interrupted):  # noqa: ASYNC110 - set by another thread
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
        node = lambda name: graph.get(name, {}).get("inputs", {})  # noqa: E731
        facts = (node("checkpoint"), node("positive"), node("sampler").get("seed"))
        if "latent" in graph and graph["latent"]["class_type"] == "EmptyLatentImage":
            return painted(node("latent")["width"], node("latent")["height"], *facts)
        original = self.inputs[node("image")["image"]]
        if "padded" in graph:
            import pyvips

            source, pad = pyvips.Image.new_from_buffer(original, ""), node("padded")
            width = source.width + pad["left"] + pad["right"]
            return painted(width, source.height + pad["top"] + pad["bottom"], *facts)
        size = node("fitted")["width"], node("fitted")["height"]
        if "enlarged" in graph:
            return resized(original, *size)
        mask = self.inputs[node("mask_image")["image"]] if "mask_image" in graph else None
        return changed(original, mask, *size, *facts)


@contextmanager
def serving_comfyui() -> Iterator[ComfyServer]:
    """A server at work."""
    server = ComfyServer()
    with serving(server.app()) as url:
        server.url = url
        yield server
