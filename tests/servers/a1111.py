"""An AUTOMATIC1111-compatible server on loopback, after its documented API: one call at a time.

Faults by words in the prompt: `hold` waits in the middle of its steps until `go` is set or it is interrupted, `oom`
fails so, `strange` answers with something else than a picture. `grid` puts a grid first, `password` locks the door.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.servers.painting import changed, painted, resized
from tests.servers.serving import serving

CHECKPOINTS = ["v1-5-pruned.safetensors [6ce0161689]", "XL/dreamshaperXL.safetensors"]
SAMPLERS, SCHEDULERS = ["DPM++ 2M", "Euler a"], ["Automatic", "Karras"]
UPSCALERS = ["None", "Lanczos", "R-ESRGAN 4x+"]


@dataclass
class A1111Server:
    """The server's state, to be changed by the test."""

    url: str = ""
    checkpoints: list[str] = field(default_factory=lambda: list(CHECKPOINTS))
    asked: Counter[str] = field(default_factory=Counter)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    old: bool = False
    """Whether it is from before schedulers could be chosen."""
    grid: bool = False
    password: str | None = None
    interrupted: bool = False
    go: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    _state: dict[str, Any] = field(default_factory=dict)
    _preview: str | None = None
    _lock: asyncio.Lock | None = None

    def app(self) -> Starlette:
        answers = {
            "sd-models": self._models,
            "samplers": lambda: [{"name": name, "aliases": [], "options": {}} for name in SAMPLERS],
            "schedulers": lambda: [{"name": name.lower(), "label": name} for name in SCHEDULERS],
            "upscalers": lambda: [{"name": name, "model_name": None, "scale": 4} for name in UPSCALERS],
            "progress": self._progress,
        }

        async def told(request: Request) -> Response:
            name = request.path_params["name"]
            self.asked[f"GET {name}"] += 1
            if (closed := self._closed(request)) is not None:
                return closed
            if name not in answers or (self.old and name == "schedulers"):
                return JSONResponse({"detail": "Not Found"}, 404)
            return JSONResponse(answers[name]())

        return Starlette(
            routes=[
                Route("/sdapi/v1/txt2img", self._paint, methods=["POST"]),
                Route("/sdapi/v1/img2img", self._paint, methods=["POST"]),
                Route("/sdapi/v1/extra-single-image", self._enlarge, methods=["POST"]),
                Route("/sdapi/v1/interrupt", self._interrupt, methods=["POST"]),
                Route("/sdapi/v1/{name}", told),
            ]
        )

    def _models(self) -> list[dict[str, Any]]:
        return [
            {"title": title, "model_name": title.split(".")[0], "hash": None, "filename": f"/models/{title}"}
            for title in self.checkpoints
        ]

    def _progress(self) -> dict[str, Any]:
        idle = {"job": "", "job_count": 0, "job_no": 0, "sampling_step": 0, "sampling_steps": 0}
        state = {"skipped": False, "interrupted": self.interrupted, **idle, **self._state}
        return {"progress": 0.0, "eta_relative": 0.0, "state": state, "current_image": self._preview}

    def _closed(self, request: Request) -> Response | None:
        if self.down:
            return Response("<h1>Bad Gateway</h1>", 502)
        if self.password:
            right = base64.b64encode(self.password.encode()).decode()
            if request.headers.get("authorization") != f"Basic {right}":
                return JSONResponse({"detail": "Incorrect username or password"}, 401)
        return None

    async def _paint(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        self.asked[f"POST {name}"] += 1
        if (closed := self._closed(request)) is not None:
            return closed
        body = await request.json()
        self.bodies.append(body)
        if body["sampler_name"] not in SAMPLERS:
            return _error("HTTPException", 404, "Sampler not found")
        if name == "img2img" and not body.get("init_images"):
            return _error("HTTPException", 404, "Init image not found")
        self._lock = self._lock or asyncio.Lock()
        async with self._lock:
            self.interrupted = False
            return await self._work(body)

    async def _work(self, body: dict[str, Any]) -> Response:
        words = body["prompt"].split()
        if "oom" in words:
            return _error("OutOfMemoryError", 500, errors="CUDA out of memory. Tried to allocate 2.00 GiB.")
        images, seeds = [], []
        for number in range(body["n_iter"]):
            seed = body["seed"] + number
            for step in range(1, body["steps"] + 1):
                self._state = {
                    "job": "scripts_txt2img", "job_count": body["n_iter"], "job_no": number,
                    "sampling_step": step, "sampling_steps": body["steps"],
                }  # fmt: skip
                self._preview = base64.b64encode(painted(64, 64, step)).decode()
                if "hold" in words and step == (body["steps"] + 1) // 2:
                    self.held.set()
                    while not (self.go.is_set() or self.interrupted):  # noqa: ASYNC110 - set by a thread
                        await asyncio.sleep(0.01)
            facts = (body["override_settings"], body["prompt"], seed)
            size = body["width"], body["height"]
            if "init_images" in body:
                mask = base64.b64decode(body["mask"]) if "mask" in body else None
                picture = changed(base64.b64decode(body["init_images"][0]), mask, *size, *facts)
            else:
                picture = painted(*size, *facts)
            images.append(b"no picture" if "strange" in words else picture)
            seeds.append(seed)
        self._state, self._preview = {}, None
        if self.grid:
            images.insert(0, painted(32, 32, "grid"))
        info = {"prompt": body["prompt"], "all_seeds": seeds, "index_of_first_image": int(self.grid)}
        encoded = [base64.b64encode(image).decode() for image in images]
        return JSONResponse({"images": encoded, "parameters": body, "info": json.dumps(info)})

    async def _enlarge(self, request: Request) -> Response:
        self.asked["POST extra-single-image"] += 1
        body = await request.json()
        self.bodies.append(body)
        size = body["upscaling_resize_w"], body["upscaling_resize_h"]
        picture = resized(base64.b64decode(body["image"]), *size)
        return JSONResponse({"image": base64.b64encode(picture).decode(), "html_info": ""})

    async def _interrupt(self, request: Request) -> Response:
        self.asked["POST interrupt"] += 1
        self.interrupted = True
        return JSONResponse({})


def _error(name: str, status: int, detail: str = "", errors: str = "") -> Response:
    return JSONResponse({"error": name, "detail": detail, "body": "", "errors": errors}, status)


@contextmanager
def serving_a1111() -> Iterator[A1111Server]:
    """A server at work."""
    server = A1111Server()
    with serving(server.app()) as url:
        server.url = url
        yield server
