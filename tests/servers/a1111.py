"""An AUTOMATIC1111-compatible server on loopback, after its documented API: one call at a time.

`faults` befall the next calls, one each: `invalid`, `broken` and `oom` are answered so, `cut off` breaks off within
the answer, `strange` answers with something else than a picture.
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

import pyvips
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.servers import pictures
from tests.servers.serving import cut_off, serving

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
    """Whether a grid comes first."""
    faults: list[str] = field(default_factory=list)
    taken: int = 0
    """How many calls were taken."""
    stopped: int = 0
    """How many were interrupted."""
    password: str | None = None
    interrupted: bool = False
    holding: threading.Event = field(default_factory=threading.Event)
    """While it is set, calls stay in the middle of their steps."""
    held: threading.Event = field(default_factory=threading.Event)
    """Set when a call stays there."""
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
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "broken":
            return Response("Internal Server Error", 500)
        if body["sampler_name"] not in SAMPLERS or fault == "invalid":
            return _error("HTTPException", 404, "Sampler not found")
        if name == "img2img" and not body.get("init_images"):
            return _error("HTTPException", 404, "Init image not found")
        self._lock = self._lock or asyncio.Lock()
        async with self._lock:
            self.interrupted = False
            self.taken += 1
            return await self._work(body, fault)

    async def _work(self, body: dict[str, Any], fault: str) -> Response:
        if fault == "oom":
            return _error("OutOfMemoryError", 500, errors="CUDA out of memory. Tried to allocate 2.00 GiB.")
        images, seeds = [], []
        for number in range(body["n_iter"]):
            seed = body["seed"] + number
            for step in range(1, body["steps"] + 1):
                self._state = {
                    "job": "scripts_txt2img", "job_count": body["n_iter"], "job_no": number,
                    "sampling_step": step, "sampling_steps": body["steps"],
                }  # fmt: skip
                self._preview = _encoded(pictures.paint("preview", step, 64, 64))
                await self._seen(body, number, step)
                if self.holding.is_set() and step == (body["steps"] + 1) // 2:
                    self.held.set()
                    while self.holding.is_set() and not self.interrupted:  # noqa: ASYNC110 - set by a thread
                        await asyncio.sleep(0.01)
            images.append(_strange() if fault == "strange" else _encoded(_picture(body, seed)))
            seeds.append(seed)
        self._state, self._preview = {}, None
        if self.grid:
            images.insert(0, _encoded(pictures.paint("grid", 0, 32, 32)))
        info = {"prompt": body["prompt"], "all_seeds": seeds, "index_of_first_image": int(self.grid)}
        if fault == "cut off":
            return cut_off()
        return JSONResponse({"images": images, "parameters": body, "info": json.dumps(info)})

    async def _seen(self, body: dict[str, Any], number: int, step: int) -> None:
        """Stay in the middle of the first picture until somebody asks how it goes, as one does at a slow machine."""
        if number or step != (body["steps"] + 1) // 2:
            return
        before, waited = self.asked["GET progress"], 0.0
        while self.asked["GET progress"] == before and not self.interrupted and waited < 5:
            await asyncio.sleep(0.01)
            waited += 0.01

    async def _enlarge(self, request: Request) -> Response:
        self.asked["POST extra-single-image"] += 1
        body = await request.json()
        self.bodies.append(body)
        size = body["upscaling_resize_w"], body["upscaling_resize_h"]
        original = pictures.read(base64.b64decode(body["image"]))
        picture = original.thumbnail_image(size[0], height=size[1], size="force")
        return JSONResponse({"image": _encoded(picture), "html_info": ""})

    async def _interrupt(self, request: Request) -> Response:
        self.asked["POST interrupt"] += 1
        if self._state and not self.interrupted:
            self.interrupted = True
            self.stopped += 1
        return JSONResponse({})


def _picture(body: dict[str, Any], seed: int) -> pyvips.Image:
    """What a call paints: its size and its sources are honoured."""
    words = f"{body['override_settings']['sd_model_checkpoint']} {body['prompt']}"
    width, height = body["width"], body["height"]
    if "init_images" not in body:
        return pictures.paint(words, seed, width, height)
    original = pictures.read(base64.b64decode(body["init_images"][0]))
    fitted = original.thumbnail_image(width, height=height, size="force")
    if "mask" in body:
        return pictures.inpainted(fitted, pictures.read(base64.b64decode(body["mask"])), words, seed)
    return pictures.reworked(fitted, words, seed, body["denoising_strength"])


def _encoded(picture: pyvips.Image) -> str:
    return base64.b64encode(pictures.file_of(picture, "png")).decode()


def _strange() -> str:
    return base64.b64encode(b"<html>not a picture</html>").decode()


def _error(name: str, status: int, detail: str = "", errors: str = "") -> Response:
    return JSONResponse({"error": name, "detail": detail, "body": "", "errors": errors}, status)


@contextmanager
def serving_a1111() -> Iterator[A1111Server]:
    """A server at work."""
    server = A1111Server()
    with serving(server.app()) as url:
        server.url = url
        yield server
